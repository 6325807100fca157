"""Takes apart what follows "我喜欢": "钓鱼、打网球和下棋" is three items."""

from __future__ import annotations

import re
from dataclasses import dataclass

from persona.offline.facts.chinese.clauses import Clause
from persona.offline.facts.chinese.words import (
    ACTIVITIES,
    SENSITIVE,
    SHARING,
    SHORT,
    STOPPERS,
    VAGUE,
)

_LONGEST = 16
_LONGEST_WHOLE = 24
_REACH = 160

_SEPARATOR = re.compile(
    r"\s*、\s*(?:以及|和|与|及)?|以及|还有"
    r"|(?<![温暖谐饱共调总附柔祥])和(?!平|谐|服|声|弦|田玉|解|睦|气)"
    r"|(?<![参给赠])与(?!众)|(?<![普埃涉])及(?!时|其)"
)
# These join names, but also stand in them and between a companion and what is done together.
_WEAK = ("和", "与", "及")
# What may close a list without belonging to it.
_TAIL = re.compile(
    r"(?:等{1,3}[\u4e00-\u9fff]{0,6}|之类的?[\u4e00-\u9fff]{0,4}|什么的|了吧|:\)"
    r"|[啊呀哦呢啦嘛哈呵~～.\s\U0001f300-\U0001faff]{1,9})$"
)
_TAIL_LENGTH = 12
_TAILS = 3
_HEAD = re.compile(
    r"(?:一些|各种各样的|各种各类的|各种|各式各样的|各类|许多|很多)+|去(?=[\u4e00-\u9fff]{2,3}$)"
)
_SOME = re.compile(r"(?<=[\u4e00-\u9fff])(?:一些|些)(?!人)")
_ALLOWED = re.compile(r"[\u4e00-\u9fff0-9A-Za-z·、《》\-+&./'’ ]+")
_WHOLE = ("在", "和", "跟", "与", "一边", "从", "用", "给", "为", "对", "把", "边", "一个人")
_VERBS = (*SHARING, *"看听读吃喝玩打弹踢骑逛品泡唱跳练织爬游跑")


@dataclass(frozen=True, slots=True)
class Item:
    """One value, and the part of the text it was read from."""

    value: str
    start: int
    end: int


def items(clause: Clause, start: int) -> list[Item]:
    """Return the things that the clause names from `start` on.

    When any part is not plainly the name of something, only well-known activities are returned.
    """
    text, end = clause.text, clause.end
    listed = _listed_after(clause, start)
    found = _split(text, start, _without_tail(text, start, end))
    if all(_is_name(item) for item in found):
        return found + listed if found else []
    # What stands beside a part that cannot be read may be a part of it as well.
    return [item for item in found if item.value in ACTIVITIES]


def more_items(clause: Clause, start: int) -> list[Item]:
    """Return the items of a clause that continues a list, as in "尤其是螃蟹和鱿鱼"."""
    found = _split(clause.text, start, _without_tail(clause.text, start, clause.end))
    return found if all(_is_name(item) for item in found) else []


def _listed_after(clause: Clause, start: int) -> list[Item]:
    """The rest of a list whose parts stand between commas: "我喜欢滑冰，爬山，摄影".

    It counts only when nothing else follows in the sentence, and with three parts at least.
    """
    if clause.end - start > 8 or len(clause.following) < 2:
        return []
    found: list[Item] = []
    for follower in clause.following:
        named = _split(follower.text, follower.start, follower.end)
        if len(follower.words) > 6 or not named or not all(_is_plain(item) for item in named):
            return []
        found += named
    return found if clause.following[-1].closes else []


def _is_plain(item: Item) -> bool:
    return _is_name(item) and "的" not in item.value and not item.value.startswith(_WHOLE)


def _without_tail(text: str, start: int, end: int) -> int:
    for _ in range(_TAILS):
        if tail := _TAIL.search(text, max(start, end - _TAIL_LENGTH), end):
            end = tail.start()
    return end


def _split(text: str, start: int, end: int) -> list[Item]:
    if end - start > _REACH:
        return []
    head = _HEAD.match(text, start, end)
    if head and head.end() < end:
        start = head.end()
    if text.startswith(_WHOLE, start, end):
        item = _item(text, start, end)
        return [item] if item and len(item.value) <= _LONGEST_WHOLE else []
    spans: list[tuple[int, int]] = []
    first = start
    for separator in _SEPARATOR.finditer(text, start, end):
        if separator[0] in _WEAK and not _joins_names(text, first, separator, end):
            continue
        spans.append((first, separator.start()))
        first = separator.end()
    spans.append((first, end))
    if len(spans) > 1 and _shares_its_noun(text, spans):
        spans = [(start, end)]
    made = [_item(text, *span) for span in _with_shared_verb(text, spans)]
    return [item for item in made if item is not None]


def _joins_names(text: str, first: int, separator: re.Match[str], end: int) -> bool:
    after = _SEPARATOR.split(text[separator.end() : end], maxsplit=1)[0]
    return _is_long_enough(text[first : separator.start()]) and _is_long_enough(after)


def _is_long_enough(part: str) -> bool:
    part = part.strip()
    return len(part) > 1 or part in SHORT


def _shares_its_noun(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether only the last part names what all describe: "凉爽、干燥的天气"."""
    last = text[slice(*spans[-1])]
    earlier = [text[slice(*span)] for span in spans[:-1]]
    return "的" in last and all(
        len(part) <= 3 and "的" not in part and part not in ACTIVITIES for part in earlier
    )


def _with_shared_verb(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for span in spans:
        part = text[slice(*span)]
        before = text[slice(*made[-1])] if made else ""
        shared = before.startswith(SHARING) and before not in ACTIVITIES
        if shared and part not in ACTIVITIES and not part.startswith(_VERBS):
            made[-1] = (made[-1][0], span[1])
        else:
            made.append(span)
    return made


def _item(text: str, start: int, end: int) -> Item | None:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    head = _HEAD.match(text, start, end)
    if head and head.end() < end:
        start = head.end()
    end = start + len(text[start:end].rstrip())
    value = _SOME.sub("", text[start:end])
    return Item(value, start, end) if value else None


def _is_name(item: Item) -> bool:
    value = item.value
    longest = _LONGEST_WHOLE if _SEPARATOR.search(value) or not value[0] > "\u2e80" else _LONGEST
    if len(value) > longest or not _ALLOWED.fullmatch(value):
        return False
    if STOPPERS.search(value) or SENSITIVE.search(value) or VAGUE.fullmatch(value):
        return False
    if value.endswith(("的", "得", "地", "在", "和", "去", "到")) or not _is_long_enough(value):
        return False
    if value.startswith("在") and (value[-1] in "里中上下边旁外家" or len(value) < 5):
        return False
    if value[0] == "爱" and not value.startswith(("爱情", "爱尔兰")):
        return False
    return "\u4e00" <= value[0] <= "\u9fff" or value[0].isalnum() or value[0] == "《"
