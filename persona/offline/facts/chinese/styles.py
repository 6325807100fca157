"""How a person wants to be answered, as asked for in Chinese."""

from __future__ import annotations

import re

from persona.offline.facts.chinese.clauses import Clause
from persona.offline.facts.chinese.words import LEAD
from persona.offline.facts.finding import FORMATS, STYLES, WORKFLOWS, Finding

_ANSWER = r"(?:回答|回复|答复|答案|解释|说明)"
_MANNER = (
    r"(?:简短|简洁|简单|简明扼要|简明|精简|短|详细|正式|随意|轻松|直接|幽默|通俗易懂|通俗|专业"
    r"|口语化|礼貌|友好|客观|严谨|具体)"
)
_POINTS = r"(?:要点|分点|列表|项目符号|条目|分条)"
_FORM = r"(?:表格|代码示例|代码|例子|示例|编号列表|步骤|Markdown|markdown)"
_ONCE = re.compile(
    r"这次|今天|这一次|就一次|一次|这个|这道|这篇|这封|这段|本次|暂时|现在|此题|如果|今晚|临时"
    r"|先这样|刚才|一下"
)
_PREFERS = re.compile(
    rf"{LEAD}我(?:更|比较|很|非常|一直|还是|都|也)?(?:喜欢|偏好|希望看到|偏爱|希望得到)"
    rf"(?:你的|得到|看到|看)?(?:(?P<manner>{_MANNER}(?:[、和]{_MANNER}){{0,2}}的{_ANSWER})"
    rf"|{_ANSWER}(?:能|要|可以)?(?P<adjective>{_MANNER})(?:一点|一些|些|点)?"
    rf"|用?(?P<points>{_POINTS})(?:形式|式|方式)?的?{_ANSWER}"
    rf"|用?(?P<form>{_FORM})(?:形式|方式)?的?{_ANSWER})$"
)
_LASTING = re.compile(
    r"以后|今后|从现在起|从现在开始|每次|总是|一直|都(?:请)?用|平时|往后|永远|始终|你的回[答复]"
    r"|跟我说话|和我说话"
)
_POLITELY = re.compile(
    r"(?:(?:请|以后|今后|从现在起|从现在开始|往后|每次|都|麻烦|你|您|总是|一直|我希望|希望|一律"
    r"|始终)\s*){0,5}"
)
_WHEN = rf"{_ANSWER}(?:我)?(?:的时候|时)?"
_MUST = r"(?:请|要|能|尽量|都|务必|可以|得){0,3}"
_END = r"(?:吧|哦|啊|谢谢)?$"
# What is asked for after that; each names its value by a group.
_REQUESTS = tuple(
    re.compile(f"{pattern}{_END}")
    for pattern in (
        rf"(?:用|以|使用|按)(?:比较|更)?(?:(?P<points>{_POINTS})|(?P<form>{_FORM})"
        rf"|(?P<tone>{_MANNER})的?(?:语气|口吻|语言|方式|风格|形式))(?:的)?(?:形式|方式)?(?:来)?"
        rf"(?:{_ANSWER}|跟我说话|和我说话|说话)?(?:我)?(?:的问题)?",
        rf"(?P<adjective>{_MANNER})(?:地)?{_ANSWER}(?:我)?(?:的问题)?",
        rf"(?:你的|您的)?{_WHEN}{_MUST}(?P<adjective>{_MANNER})(?:一点儿|一点|一些|些|点)?",
        rf"{_WHEN}{_MUST}(?:用|以)(?:(?P<points>{_POINTS})|(?P<form>{_FORM}))(?:的)?(?:形式|方式)?",
        rf"(?P<steps>一步一步|分步骤|按步骤|逐步)(?:地)?(?:来)?(?:{_ANSWER}|讲解)(?:我)?",
        r"(?P<work>先(?:列|给|写|说|做|讲)(?:出|个|一个)?(?:提纲|大纲|计划|结论|要点|总结)"
        r"(?:再(?:讲|说|写|展开|给)(?:细节|详细内容|过程|其他)?)?)",
        r"(?P<work>回答(?:之)?前先(?:问我|提问|确认))",
    )
)
_STANDING = re.compile(r"回答|回复|答复|语气|口吻|说话")
_FORMS = frozenset({"form", "steps"})


def read(clauses: list[Clause], *, alone: bool) -> list[Finding]:
    """Return the wishes for answers in the clauses of one sentence.

    A request that names no time counts only when it is about answering and `alone`, all that the
    message says.
    """
    found: list[Finding] = []
    lasting = False
    for clause in clauses:
        lasting = lasting or _LASTING.search(clause.text, clause.start, clause.end) is not None
        if _ONCE.search(clause.text, clause.start, clause.end):
            return []
        stated = _PREFERS.match(clause.text, clause.start, clause.end)
        standing = alone and len(clauses) == 1 and clause.closes and _STANDING.search(clause.words)
        if not stated and (lasting or standing):
            stated = _asked(clause)
        if stated:
            found.append(_finding(stated, clause))
    return found


def _asked(clause: Clause) -> re.Match[str] | None:
    politely = _POLITELY.match(clause.text, clause.start, clause.end)
    start = politely.end() if politely else clause.start
    asked = (pattern.match(clause.text, start, clause.end) for pattern in _REQUESTS)
    return next((match for match in asked if match), None)


def _finding(match: re.Match[str], clause: Clause) -> Finding:
    group = next(name for name, value in match.groupdict().items() if value)
    value = match[group]
    slot = STYLES
    if group in _FORMS:
        slot = FORMATS
    elif group == "work":
        slot = WORKFLOWS
    elif group == "adjective":
        value = f"{value}的回答"
    elif group == "tone":
        value = f"{value}的语气"
    why = "They say how they want to be answered."
    return Finding(slot, value, *match.span(group), clause.start, why)
