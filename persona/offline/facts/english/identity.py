"""Who a person is, as stated in English: name, age, gender, nationality, languages, career."""

from __future__ import annotations

import re

from persona.offline.facts.english.callings import name_after_be, name_after_call, name_after_is
from persona.offline.facts.english.careers import profession
from persona.offline.facts.finding import (
    AGE,
    CAREER,
    GENDER,
    LANGUAGES,
    NAME,
    NATIONALITY,
    Finding,
)
from persona.offline.facts.places import COUNTRIES, NATIONALITIES, alternatives
from persona.offline.facts.places import LANGUAGES as KNOWN_LANGUAGES

YOUNGEST, OLDEST = 5, 120

_BE = r"(?:i['’]?m|i am)\s+"
_ENDS = (
    r"(?=\s*(?:$|[,;:!()–—\x00]|-\s|(?:and|but|so|now|originally|too|by|living|i|who|because)\b))"
)
_NUMBER = r"(?P<age>\d{1,3})(?![\d,.:/%+-]*\d|[%+/])"
_AGE = re.compile(
    rf"""(?:
        {_BE}(?:currently\ |now\ |already\ |also\ )?{_NUMBER}\s*
          (?:(?:years?|yrs?)[\s-]*old\b(?!er)|y/?o\b|years?\ of\ age\b
            |(?=$|[;!)]|,(?!\s*\d)|\s(?:now|male|female|m|f)\b
              |\s(?:and|with|but)\s(?:i|a|an|my|have|live|work|from|still|love|like|kids|already)\b))
      | i\s+(?:just\s+|recently\s+)?turned\s+{_NUMBER.replace("age", "turned")}
          (?=\s*(?:$|[,;!)]|(?:last|this|yesterday|today|in|years|on|and|two|recently)\b))
      | my\s+age\s+is\s+{_NUMBER.replace("age", "stated")}(?=\s*(?:$|[,;!)]|(?:years|and)\b))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_KIND_OF_PERSON = re.compile(
    rf"{_BE}(?:also\s+|just\s+|currently\s+|actually\s+|now\s+|only\s+)?(?P<article>an?\s+)?"
    r"(?:(?P<age>\d{1,3})[\s-]*(?:years?|yrs?)[\s-]*old\s+)?",
    re.IGNORECASE,
)
_GENDER = re.compile(
    r"(?:(?:young|old|grown|middle-aged|single|married)\s+)?"
    r"(?P<gender>woman|man|girl|guy|boy|female|male|lady|non-?binary)"
    r"(?:\s+person)?(?=\s*(?:$|[,;:!()–—\x00]|(?:and|but|from|who|aged|living|working|so)\b))",
    re.IGNORECASE,
)
_BARE_GENDERS = frozenset({"female", "male", "nonbinary", "non-binary"})
_ORIGIN = re.compile(
    rf"""(?:(?:{_BE}|i\s+)(?:originally\ |also\ |actually\ )?
          (?:come\s+|originally\s+)?from\s+(?:[A-Z][a-z]+(?:\s[A-Z][a-z]+)?,\s*)?
          (?:the\ |mainland\ )?(?P<country>{alternatives((*COUNTRIES, "U.S."))})
      | {_BE}(?:originally\ |also\ |actually\ )?(?:an?\ |born\ )?
          (?P<adjective>{alternatives(NATIONALITIES)})
      | my\s+nationality\s+is\s+(?P<stated>{alternatives((*COUNTRIES, *NATIONALITIES))})
    ){_ENDS}""",
    re.VERBOSE | re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"""(?:
        i\s+(?:can\s+)?(?:also\s+|mainly\s+|mostly\s+|both\s+)?speak\s+(?:both\s+|fluent\s+){0,2}
      | (?:i['’]?m|i\ am)\s+(?:also\s+)?(?:completely\s+)?(?:fluent|bilingual|trilingual)
          \s+in\s+(?:both\s+)?
      | (?:i['’]?m|i\ am)\s+a\s+native\s+(?:speaker\s+of\s+)?(?=\w+(?:\s+speaker|\s*$|\s*,))
      | my\s+(?:native|first|second|mother)\s+(?:language|tongue)\s+is\s+
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LANGUAGE = re.compile(
    rf"(?:(?:,\s*)?\b(?:and|as\ well\ as|plus)\s+|,\s*"
    rf"|&\s*)?(?P<language>{alternatives(tuple(KNOWN_LANGUAGES))})\b"
    r"(?!\s+(?:food|music|well enough|poorly|badly|class|teacher|movies?|a little|a bit"
    r"|at school))\s*",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"(?:i\s+(?:currently\s+|now\s+|also\s+|mainly\s+)?work(?:\s+(?:full|part)[- ]time)?\s+as"
    r"|(?:i['’]?m|i am)\s+(?:currently\s+|now\s+)?(?:working|employed)\s+as"
    r"|my\s+(?:current\s+)?(?:job|profession|occupation|career)\s+is)\s+(?:an?\s+)?",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(
    r"(?:(?:i['’]?m|i am)\s+(?:not|no longer)|i\s+no\s+longer\s+work\s+as"
    r"|i\s+don['’]?t\s+work\s+as)"
    r"\s+(?:an?\s+)",
    re.IGNORECASE,
)
_GONE_AFTER = re.compile(r"\s+any\s?more", re.IGNORECASE)
_RETIRED = re.compile(r"\bretired\b", re.IGNORECASE)
_PRETENDED = re.compile(
    r"\b(?:story|novel|game|character|campaign|d&d|dnd|rpg|role|guild|minecraft|skyrim|movie|film"
    r"|play(?:ing)? (?:a|an|the))\b",
    re.IGNORECASE,
)


def read(text: str, start: int, end: int) -> list[Finding]:
    """Return who they say they are, in the statement at `start`."""
    if _PRETENDED.search(text, start, end):
        return []
    for reader in (_name, _age, _nationality, _languages, _work, _no_longer, _kind_of_person):
        if found := reader(text, start, end):
            return found
    return []


def _name(text: str, start: int, end: int) -> list[Finding]:
    for reader in (name_after_is, name_after_call, name_after_be):
        if span := reader(text, start, end):
            name = " ".join(text[span[0] : span[1]].split())
            name = name.title() if name.islower() else name
            return [Finding(NAME, name, *span, start, "They say what they are called.")]
    return []


def _age(text: str, start: int, end: int) -> list[Finding]:
    stated = _AGE.match(text, start, end)
    if not stated:
        return []
    group = next(name for name in ("age", "turned", "stated") if stated[name])
    return _aged(stated[group], stated.span(group), start)


def _aged(digits: str, span: tuple[int, int], anchor: int) -> list[Finding]:
    if not YOUNGEST <= int(digits) <= OLDEST:
        return []
    return [Finding(AGE, str(int(digits)), *span, anchor, "They state their age.")]


def _nationality(text: str, start: int, end: int) -> list[Finding]:
    stated = _ORIGIN.match(text, start, end)
    if not stated:
        return []
    group = next(name for name in ("country", "adjective", "stated") if stated[name])
    if stated[group] == "us":
        return []
    value = _usual(stated[group])
    return [
        Finding(NATIONALITY, value, *stated.span(group), start, "They say where they are from.")
    ]


def _usual(name: str) -> str:
    every = {known.lower(): known for known in (*COUNTRIES, *NATIONALITIES)}
    return every.get(name.lower(), name)


def _languages(text: str, start: int, end: int) -> list[Finding]:
    speaks = _SPEAKS.match(text, start, end)
    found: list[Finding] = []
    position = speaks.end() if speaks else end
    while language := _LANGUAGE.match(text, position, end):
        if found and language.start("language") == position:
            break
        value = language["language"].capitalize()
        span = language.span("language")
        found.append(Finding(LANGUAGES, value, *span, start, "They say they speak it."))
        position = language.end()
    return found


def _work(text: str, start: int, end: int) -> list[Finding]:
    work = None if _RETIRED.search(text, start, end) else _WORK.match(text, start, end)
    span = profession(text, work.end(), end) if work else None
    return [_career(text, span, start)] if span else []


def _career(text: str, span: tuple[int, int], anchor: int) -> Finding:
    value = " ".join(text[span[0] : span[1]].split())
    return Finding(CAREER, value, *span, anchor, "They say what they do for a living.")


def _no_longer(text: str, start: int, end: int) -> list[Finding]:
    denied = _NO_LONGER.match(text, start, end)
    if not denied:
        return []
    position = denied.end()
    gone = _GONE_AFTER.search(text, position, end)
    span = profession(text, position, gone.start() if gone else end)
    if not span:
        return []
    value = " ".join(text[span[0] : span[1]].split())
    why = "They say it is not their job, or no longer is."
    return [Finding(CAREER, value, *span, start, why, negated=True)]


def _kind_of_person(text: str, start: int, end: int) -> list[Finding]:
    kind = _KIND_OF_PERSON.match(text, start, end)
    if not kind or _RETIRED.search(text, start, end):
        return []
    found = _aged(kind["age"], kind.span("age"), start) if kind["age"] else []
    gender = _GENDER.match(text, kind.end(), end)
    if gender and (kind["article"] or gender["gender"].lower() in _BARE_GENDERS):
        why = "They state their gender."
        span = gender.span("gender")
        return [*found, Finding(GENDER, gender["gender"].lower(), *span, start, why)]
    span_of_job = profession(text, kind.end(), end) if kind["article"] else None
    return [*found, _career(text, span_of_job, start)] if span_of_job else found
