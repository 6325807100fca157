"""The replies in Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

from persona.offline.facts.finding import (
    AGE,
    CAREER,
    FORMATS,
    GENDER,
    INTERESTS,
    LANGUAGES,
    NAME,
    NATIONALITY,
    STYLES,
    WORKFLOWS,
)
from persona.offline.replies.reader import Reader
from persona.offline.replies.topic import chinese_topic

FOOTER = "-# 离线模型：由规则生成，不是语言模型"

_LABELS = {
    NAME: "名字",
    AGE: "年龄",
    GENDER: "性别",
    NATIONALITY: "国籍",
    LANGUAGES: "语言",
    CAREER: "职业",
    INTERESTS: "兴趣",
    STYLES: "回答风格",
    FORMATS: "回答形式",
    WORKFLOWS: "合作方式",
    "personality.extraversion_introversion": "外向或内向",
    "personality.sensing_intuition": "实感或直觉",
    "personality.thinking_feeling": "思考或情感",
    "personality.judging_perceiving": "判断或感知",
}
_CHOICES = {
    "extraversion": "外向", "introversion": "内向", "sensing": "实感", "intuition": "直觉",
    "thinking": "思考", "feeling": "情感", "judging": "判断", "perceiving": "感知",
}  # fmt: skip
_VALUES_NAMED = 6

_OWN_NAME = re.compile(
    r"我(?:叫什么|的名字(?:是什么|叫什么|吗)|是谁)|(?:知道|记得)我(?:的名字|叫什么|是谁)"
)
_ABOUT_ME = re.compile(
    r"(?:知道|了解|记得|记住)(?:了)?(?:关于)?我(?:的)?(?:什么|哪些|多少)|关于我.{0,6}(?:什么"
    r"|哪些)|(?:认识|记得|了解)我吗"
)
_OWN_INTERESTS = re.compile(r"我(?:喜欢什么|的(?:爱好|兴趣)(?:是|有)(?:什么|哪些))|记得我喜欢")
_GREETING = re.compile(r"\s*(?:你好|您好|嗨|哈喽|早上好|下午好|晚上好|大家好)[^？?]{0,24}$")
_THANKS = re.compile(r"(?:谢谢|感谢|多谢)[^？?]{0,40}$")

_OPENINGS = (
    "说到“{topic}”，可以聊的有不少！",
    "“{topic}”是个好话题！",
    "关于“{topic}”，办法不止一个哦！",
)
_STEPS = (
    "先想清楚你最看重什么。",
    "从一小步开始，看看效果怎么样。",
    "把有用的留下，其余的慢慢调整。",
)
_MORE = (
    "也可以把已经知道的和还不清楚的写下来。",
    "也可以先比较两三种办法，再做决定。",
    "也可以问问有经验的人。",
)
_ASK = "如果你愿意多说一点，比如目标是什么、试过哪些办法，我可以说得更具体！"
_BRIEF = ("关于“{topic}”，从一小步开始，边做边调整", "关于“{topic}”，先想清楚最看重什么，再动手")
_POLITE = (("你", "您"), ("！", "。"), ("哦。", "。"), ("嗨，", "您好，"))


def reply(reader: Reader) -> str:
    """Return the reply in Chinese, without its footer."""
    for pattern, told in (
        (_OWN_NAME, _name),
        (_ABOUT_ME, _everything),
        (_OWN_INTERESTS, _interests),
    ):
        if pattern.search(reader.message):
            return told(reader)
    if reader.heard:
        return _acknowledgement(reader)
    if _GREETING.match(reader.message):
        return _greeting_back(reader)
    if _THANKS.search(reader.message):
        return _say(reader, "不客气！还有什么想聊的，随时告诉我。")
    return _thoughts(reader, chinese_topic(reader.message) or "这件事")


def _say(reader: Reader, *sentences: str, **values: str) -> str:
    """The sentences, in the form the reader wants; words from elsewhere stay as they are."""
    text = "".join(sentences)
    if reader.formal:
        for casual, polite in _POLITE:
            text = text.replace(casual, polite)
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def _greeting(reader: Reader) -> str:
    return _say(reader, "嗨，{name}！", name=reader.name) if reader.greeted and reader.name else ""


def _name(reader: Reader) -> str:
    if not reader.name:
        return _say(reader, "我还不知道你的名字，你可以告诉我。")
    return _say(reader, "你叫{name}。", name=reader.name)


def _interests(reader: Reader) -> str:
    named = reader.known.get(INTERESTS, ())
    if not named:
        return _say(reader, "我还不知道你喜欢什么，你可以告诉我。")
    return _say(reader, "你喜欢{all}。", all="、".join(named[:_VALUES_NAMED]))


def _everything(reader: Reader) -> str:
    if not reader.known:
        return _say(reader, "我还不了解你，你可以告诉我一些。")
    facts = [
        f"{_LABELS.get(slot, slot.rsplit('.', 1)[-1])}："
        f"{'、'.join(_CHOICES.get(value, value) for value in values[:_VALUES_NAMED])}"
        for slot, values in reader.known.items()
    ]
    opening = _say(reader, "我知道你的这些情况：")
    if reader.bullets or reader.steps:
        return "\n".join((opening, *(f"- {fact}" for fact in facts)))
    return f"{opening}{'；'.join(facts)}。"


def _greeting_back(reader: Reader) -> str:
    opening = _greeting(reader) or _say(reader, "你好！")
    if reader.short:
        return opening + _say(reader, "想聊什么？")
    about = _say(reader, "“{interest}”最近有什么新鲜事吗？", interest=reader.interest)
    return opening + (about if reader.interest else "") + _say(reader, "告诉我你想聊什么吧。")


def _acknowledgement(reader: Reader) -> str:
    name, interests = reader.heard.get(NAME), reader.heard.get(INTERESTS)
    if name and name[0] != reader.name:
        opening = _say(reader, "很高兴认识你，{name}！", name=name[0])
    else:
        opening = _greeting(reader) + _say(reader, "好的，知道了！")
    if reader.short:
        return opening
    if not interests:
        return opening + _say(reader, "想聊点什么？")
    listed = "、".join(interests)
    return opening + _say(reader, "你喜欢{all}，最喜欢其中的什么呢？", all=listed)


def _example(reader: Reader) -> str:
    if not reader.interest:
        return ""
    if reader.on_topic:
        return _say(reader, "你喜欢{interest}，已经有一些基础了。", interest=reader.interest)
    return _say(
        reader, "比如你喜欢的“{interest}”，也是一点一点积累起来的。", interest=reader.interest
    )


def _thoughts(reader: Reader, topic: str) -> str:
    greeting, example = _greeting(reader), _example(reader)
    if reader.bullets or reader.steps:
        return _listed(reader, topic, greeting, example)
    if reader.short:
        start = f"{greeting[:-1]}，" if greeting else ""
        return start + _say(reader, f"{reader.pick(_BRIEF)}。", topic=topic) + example
    return "".join((
        greeting,
        _say(reader, reader.pick(_OPENINGS), topic=topic),
        _say(reader, *_STEPS, reader.pick(_MORE), topic=topic),
        example,
        _say(reader, _ASK),
    ))  # fmt: skip


def _listed(reader: Reader, topic: str, greeting: str, example: str) -> str:
    points: Sequence[str] = _STEPS[:2] if reader.short else (*_STEPS, reader.pick(_MORE))
    said = [_say(reader, point, topic=topic) for point in points]
    if example:
        said.append(example)
    opening = _say(reader, "关于“{topic}”：", topic=topic)
    marks = [f"{place}." if reader.steps else "-" for place in range(1, len(said) + 1)]
    rows = [f"{mark} {point}" for mark, point in zip(marks, said, strict=True)]
    return "\n".join((f"{greeting}{opening}", *rows))
