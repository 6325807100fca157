"""Who a person is, as stated in Chinese: from their name to their MBTI type."""

from __future__ import annotations

import re

from persona.offline.facts.chinese.careers import profession
from persona.offline.facts.chinese.clauses import Clause
from persona.offline.facts.chinese.names import is_full_name, is_name, is_nickname
from persona.offline.facts.chinese.numbers import number
from persona.offline.facts.chinese.words import LEAD
from persona.offline.facts.finding import (
    AGE,
    CAREER,
    EXTRAVERSION,
    GENDER,
    LANGUAGES,
    NAME,
    NATIONALITY,
    Finding,
    type_findings,
)
from persona.offline.facts.places import CHINESE_COUNTRIES, CHINESE_LANGUAGES

YOUNGEST, OLDEST = 5, 120

_I = rf"{LEAD}(?:我|本人)"
_ONE = r"(?:一名|一位|一个|一枚|个|名|位)?"
_NAMED = (
    r"(?P<name>[\u4e00-\u9fff]{2,4}"
    r"|[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f·' -]{0,28}[A-Za-z\u00c0-\u024f])"
)
_NAME = re.compile(
    rf"{LEAD}(?:我的(?:中文|英文)?(?:名字|姓名)(?:是|叫|为)|我(?:名叫|叫做|叫))\s*{_NAMED}\s*$"
)
_CALLED = re.compile(
    rf"{LEAD}(?:我(?:觉得|想))?"
    r"(?:(?P<sure>你(?:也|就|们)?可以|您?可以|大家都?|朋友们?都|同事们?都)|请|你|以后)?\s*叫我\s*"
    r"(?P<name>[\u4e00-\u9fff]{2,4}?|[A-Za-z][A-Za-z ]{0,18}[A-Za-z])\s*"
    r"(?P<soft>吧|就好了?|就行|就可以|即可|好了)?[啊哦呀啦~]?\s*$"
)
_AM = re.compile(rf"{LEAD}我是{_NAMED}$")
_GREETING = re.compile(
    r"(?:(?:你好|您好|大家好|嗨|哈喽|早上好|下午好|晚上好|你们好|hi|hello)[啊呀，,。！!~\s]*)+",
    re.IGNORECASE,
)
_MEETING = re.compile(r"(?:很|非常)?(?:高兴|开心|荣幸)(?:能|可以)?认识|初次见面|请多关照|幸会")
_AGE = re.compile(
    rf"(?:{_I}(?:今年|现在|现在已经|已经|刚满|刚刚满|今年刚满|也|目前)?是?|(?P<bare>今年|刚满|现年))\s*"
    r"(?P<age>\d{1,3}|[一二三四五六七八九十百零两]{1,5})\s*周?岁了?[啊呀啦~]?\s*$"
)
_GENDER = re.compile(
    rf"{_I}也?是{_ONE}(?P<gender>女生|男生|女孩子|男孩子|女孩儿?|男孩儿?|女人|男人|女性|男性"
    r"|女的|男的|姑娘|小伙子?|女士)$"
)
_NATIONALITY = re.compile(
    rf"{_I}(?:也)?(?:是{_ONE}(?P<from>{CHINESE_COUNTRIES})(?:人|公民)"
    rf"|来自(?P<came>{CHINESE_COUNTRIES})|的国籍是(?P<stated>{CHINESE_COUNTRIES}))$"
)
_SPEAKS = re.compile(
    rf"{_I}(?:也|还|主要|平时|能|可以|能够|都)?"
    rf"(?:会说|会讲|能说|能讲|[说讲会](?=(?:{CHINESE_LANGUAGES}))|精通|懂|的母语是)(?:流利的)?"
)
_LANGUAGE = re.compile(rf"(?:、|和|与|及|以及|还有|跟)?(?P<language>{CHINESE_LANGUAGES})")
_NOW = r"(?:现在|目前|也|就)?"
_WORK = re.compile(
    rf"{LEAD}(?:我{_NOW}是|我的(?:职业|工作|本职工作)是|我{_NOW}在[^，,是]{{1,16}}(?:当|做|担任)"
    rf"|我{_NOW}(?:当|担任))"
)
_NOT_WORK = re.compile(rf"{LEAD}我(?:现在|已经|早就)?(?:不是|不再是|不当|不再当|不做)")
_TYPE = re.compile(
    rf"{LEAD}我(?:是{_ONE}|的?(?:mbti|性格|人格)(?:类型)?[是为])\s*"
    r"(?P<type>[ei][ns][tf][jp])(?:-[at])?(?:型人格|人格|型|类型)?(?:的人)?$",
    re.IGNORECASE,
)
_HOW = (
    r"(?:真的|确实|其实|很|比较|非常|特别|挺|蛮|偏|相当|属于|的?性格|天生|一直|就是|是一个|是个|是)"
    r"{0,5}"
)
_NATURE = re.compile(
    rf"{LEAD}我{_HOW}(?P<trait>(?P<in>内向|[iI]人)|外向|[eE]人)型?"
    r"(?:和[\u4e00-\u9fff]{2,3})?(?:的(?:人|性格|女生|男生|女孩|男孩))?[吧啊呢]?$"
)


def read(clauses: list[Clause]) -> list[Finding]:
    """Return who they say they are, in the clauses of one sentence."""
    found: list[Finding] = []
    for clause in clauses:
        for reader in (_name, _age, _gender, _nationality, _languages, _type, _nature, _career):
            if here := reader(clause):
                found += here
                break
    return found


def _matched(pattern: re.Pattern[str], clause: Clause) -> re.Match[str] | None:
    return pattern.match(clause.text, clause.start, clause.end)


def _finding(slot: str, match: re.Match[str], group: str, clause: Clause, why: str) -> Finding:
    return Finding(slot, match[group], *match.span(group), clause.start, why)


def _name(clause: Clause) -> list[Finding]:
    why = "They say what they are called."
    if (named := _matched(_NAME, clause)) and is_name(named["name"]):
        return [_finding(NAME, named, "name", clause, why)]
    called = _matched(_CALLED, clause)
    if called and is_nickname(called["name"], sure=bool(called["sure"] or called["soft"])):
        return [_finding(NAME, called, "name", clause, why)]
    am = _matched(_AM, clause)
    if am and is_full_name(am["name"]) and _introduces(clause):
        return [_finding(NAME, am, "name", clause, why)]
    return []


def _introduces(clause: Clause) -> bool:
    """Whether the clause stands where people say who they are."""
    before = clause.text[max(0, clause.start - 20) : clause.start]
    start = clause.text[clause.start : clause.start + 2]
    after = clause.text[clause.end : clause.end + 30]
    greeted = _GREETING.fullmatch(before.strip()) or start in ("你好", "您好")
    return bool(greeted or (not before.strip() and _MEETING.search(after)))


def _age(clause: Clause) -> list[Finding]:
    stated = _matched(_AGE, clause)
    if not stated or (stated["bare"] and not _follows_own(clause)):
        return []
    age = number(stated["age"])
    if age is None or not YOUNGEST <= age <= OLDEST:
        return []
    return [Finding(AGE, str(age), *stated.span("age"), clause.start, "They state their age.")]


def _follows_own(clause: Clause) -> bool:
    """Whether the clause right before is about themselves, so that "今年29岁" is too."""
    before = clause.text[max(0, clause.start - 24) : clause.start].rstrip("，, ")
    last = re.split(r"[，,。！!？?]", before)[-1]
    return re.match(rf"{LEAD}我(?:叫|是|的名字)", last) is not None


def _gender(clause: Clause) -> list[Finding]:
    stated = _matched(_GENDER, clause)
    return (
        [_finding(GENDER, stated, "gender", clause, "They state their gender.")] if stated else []
    )


def _nationality(clause: Clause) -> list[Finding]:
    stated = _matched(_NATIONALITY, clause)
    if not stated:
        return []
    group = next(name for name, value in stated.groupdict().items() if value)
    return [_finding(NATIONALITY, stated, group, clause, "They say where they are from.")]


def _languages(clause: Clause) -> list[Finding]:
    speaks = _matched(_SPEAKS, clause)
    position = speaks.end() if speaks else clause.end
    found: list[Finding] = []
    while language := _LANGUAGE.match(clause.text, position, clause.end):
        found.append(_finding(LANGUAGES, language, "language", clause, "They say they speak it."))
        position = language.end()
    rest = clause.text[position : clause.end]
    return (
        found
        if re.fullmatch(r"(?:和.*|、.*|等.*|这.*种语言|都可以|都行|吧|啊|哦)?\s*", rest)
        else []
    )


def _type(clause: Clause) -> list[Finding]:
    stated = _matched(_TYPE, clause)
    return type_findings(stated["type"], stated.start("type"), clause.start) if stated else []


def _nature(clause: Clause) -> list[Finding]:
    stated = _matched(_NATURE, clause)
    if not stated:
        return []
    inward = stated["in"] is not None
    value = "introversion" if inward else "extraversion"
    why = f"They describe themselves as {'introverted' if inward else 'extraverted'}."
    return [Finding(EXTRAVERSION, value, *stated.span("trait"), clause.start, why)]


def _career(clause: Clause) -> list[Finding]:
    denied = _matched(_NOT_WORK, clause)
    work = denied or _matched(_WORK, clause)
    if work and "退休" in clause.text[max(0, clause.start - 12) : clause.end + 12]:
        return []
    span = profession(clause.text, work.end(), clause.end) if work else None
    if not span:
        return []
    value = clause.text[slice(*span)]
    why = "They say what they do for a living."
    if denied:
        why = "They say it is not their job, or no longer is."
    return [Finding(CAREER, value, *span, clause.start, why, negated=denied is not None)]
