"""A reply too long for one Discord message, to show how it is split."""

from __future__ import annotations

from persona.offline.replies import chinese as chat_chinese
from persona.offline.replies import english as chat_english
from persona.offline.replies.reader import Reader

CODE_LINES = 120

_PARAGRAPHS = (
    "This reply is long on purpose: a Discord message holds 2000 characters, so it has to be cut. "
    "A good cut falls between paragraphs, and code stays code on both sides of it.",
    "The program below is one fenced block of many lines. However many messages it takes, each of "
    "them should open with the fence and the language, and close with the fence again, so that the "
    "colours stay and no line is lost or doubled.",
    "After the block the text goes on as if nothing had happened. The last paragraph is short, and "
    "the small line at the very end should be in the last message only.",
)
_CHINESE_PARAGRAPHS = (
    "这段回复故意写得很长：一条 Discord 消息最多 2000 个字符，所以必须分开发送。"
    "好的分割点在段落之间，代码在分割前后仍然是代码。",
    "下面的程序是一个有很多行的代码块。"
    "无论分成几条消息，每一条都应该重新以代码围栏和语言名开头，"
    "并以围栏结尾，这样颜色不会丢失，也不会多一行或少一行。",
    "代码块之后，文字照常继续。最后一段很短，末尾的小字只应该出现在最后一条消息里。",
)


def long_reply(reader: Reader, *, chinese: bool) -> str:
    """Return several paragraphs around a fenced block of code."""
    before, between, after = _CHINESE_PARAGRAPHS if chinese else _PARAGRAPHS
    greeting = f"{reader.name}{'，' if chinese else ', '}" if reader.name else ""
    code = "\n".join(_lines())
    footer = chat_chinese.FOOTER if chinese else chat_english.FOOTER
    parts = (f"{greeting}{before}", between, f"```python\n{code}\n```", after)
    return "\n\n".join(parts) + f"\n{footer}"


def _lines() -> list[str]:
    made = ['"""Counts from one to a hundred and more, one function at a time."""', ""]
    number = 1
    while len(made) + 5 < CODE_LINES:
        made += [
            f"def step_{number}(total: int) -> int:",
            f'    """Return the total after step {number}."""',
            f"    return total + {number}",
            "",
            "",
        ]
        number += 1
    return [*made, f"print(step_{number - 1}(0))"]
