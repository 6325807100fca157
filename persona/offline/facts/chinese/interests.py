"""Lasting interests, as in "我喜欢徒步", "我的爱好是…", and interests given up."""

from __future__ import annotations

import re

from persona.offline.facts.chinese.clauses import Clause
from persona.offline.facts.chinese.items import Item, items, more_items
from persona.offline.facts.chinese.words import LEAD
from persona.offline.facts.finding import INTERESTS, Finding

_HOW = (
    r"(?:真的|真心|真|很|非常|特别|超级|超|十分|还|也|都|一直以来|一直|从小就|从小|最|比较|挺|蛮"
    r"|相当|尤其|主要|平时|平常|其实|确实|本身|本人|个人|自己|现在|还是|就是|就|向来|始终|一向"
    r"|同样|的确|本来就|骨子里){0,5}"
)
_LIKE = (
    r"(?:喜欢(?![上过了吗的])|喜爱|热爱|酷爱|钟爱|爱好|热衷于|享受(?!着)"
    r"|爱(?![上过情人心国惜护慕好你他她它我的憎]))"
)
_LIKES = re.compile(rf"{LEAD}我{_HOW}{_LIKE}")
# "…，还喜欢滑冰": whose liking it is, the clause before said.
_LIKES_TOO = re.compile(rf"(?:也|还|同时也|同时还|而且|不过也|但也|另外还|并且){_HOW}{_LIKE}")
_HOBBIES = re.compile(
    rf"{LEAD}我(?:平时|主要|最大)?的(?:主要|个人|最大的?)?(?:兴趣爱好|业余爱好|爱好|兴趣)(?:主要)?"
    r"(?:就是|是|有|包括)(?!什么|广)[:：]?"
)
_INTERESTED = re.compile(
    rf"{LEAD}我{_HOW}对(?P<what>[^，,]{{1,20}}?)"
    r"(?:也|都|一直|很|非常|特别|十分|比较|真的|挺|超级|超){0,3}"
    r"(?:感兴趣|有兴趣|有浓厚的兴趣|着迷)$"
)
_CATEGORY = (
    r"食物|美食|菜系|菜|水果|饮料|零食|甜品|甜点|运动项目|运动类型|运动|音乐类型|音乐风格|音乐"
    r"|电影类型|书籍类型|乐队|歌手|作家|画家|作曲家|游戏|动物|爱好|活动|科目|学科|球队|乐器|球星"
)
_FAVOURITE = re.compile(
    rf"{LEAD}我最(?:喜欢|爱)(?:的(?:户外|室内|球类|业余|体育|中国)?(?:{_CATEGORY})|[吃喝]的)"
    r"(?:就是|是|有|包括)"
)
_ESPECIALLY = re.compile(r"(?:特别是|尤其是|尤其喜欢|特别喜欢)(?:去)?")
_DISLIKES = re.compile(
    rf"{LEAD}我(?:(?:现在|已经|也|真的|其实|再也|早就|一直|从来){{0,2}}"
    r"(?:不再|不太|不怎么|不是很|不)(?:那么|很)?(?:喜欢|爱|热爱|热衷于)(?P<what>[^，,]{1,20})"
    r"|(?:现在|已经)?对(?P<topic>[^，,]{1,20}?)(?:已经|也|现在|早就)?"
    r"(?:没有|没|不感|不再感|失去)(?:什么)?兴趣)"
)
_POINTS_BACK = re.compile(r"那|它|这|他|她|因为那|因为它|因为这")


def read(clauses: list[Clause]) -> list[Finding]:
    """Return the interests that the clauses of one sentence name, or take back."""
    found: list[Finding] = []
    spoken = -1  # where the last clause about their own likings ended
    for clause in clauses:
        if disliked := _DISLIKES.match(clause.text, clause.start, clause.end):
            found += _taken_back(clause, disliked)
            continue
        match = _match(clause) or (
            _LIKES_TOO.match(clause.text, clause.start, clause.end)
            if 0 <= clause.start - spoken <= 3
            else None
        )
        if match is None:
            continue
        spoken = clause.end
        found += [_finding(item, match, clause) for item in _named(clause, match)]
    return found


def _match(clause: Clause) -> re.Match[str] | None:
    for pattern in (_FAVOURITE, _INTERESTED, _HOBBIES, _LIKES):
        if match := pattern.match(clause.text, clause.start, clause.end):
            return match
    return None


def _named(clause: Clause, match: re.Match[str]) -> list[Item]:
    after = clause.following[0] if clause.following else None
    if match.re is _INTERESTED:
        inside = Clause(clause.text, match.start("what"), match.end("what"), (), False)
        return items(inside, inside.start)
    if "最" in match[0] and match.re is _LIKES and after and _POINTS_BACK.match(after.words):
        # "我最喜欢那座岛，那里…": one thing of those just spoken about.
        return []
    named = items(clause, match.end())
    if named and after and (especially := _ESPECIALLY.match(after.text, after.start, after.end)):
        named = named + more_items(after, especially.end())
    return named


def _finding(item: Item, match: re.Match[str], clause: Clause) -> Finding:
    why = "They say they like it."
    if match.re is _FAVOURITE:
        why = "They call it a favourite of theirs."
    return Finding(INTERESTS, item.value, item.start, item.end, clause.start, why)


def _taken_back(clause: Clause, match: re.Match[str]) -> list[Finding]:
    group = "what" if match["what"] else "topic"
    value = re.sub(r"(?:了|啊|呀|啦|的)+$", "", match[group].strip())
    if not value:
        return []
    start = match.start(group)
    why = "They say they do not like it, or no longer do."
    return [Finding(INTERESTS, value, start, start + len(value), clause.start, why, negated=True)]
