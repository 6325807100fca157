"""What the offline model replies: rules that show what a persona changes.

The same persona and the same words always get the same reply, so that a test can be exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from persona.offline.replies import chinese as chat_chinese
from persona.offline.replies import english as chat_english
from persona.offline.replies.long import long_reply
from persona.offline.replies.reader import reader_of

LONG_DEMO = "longdemo"

_LONGEST = 590

_MENTION = re.compile(r"<(?:@[!&]?|#|a?:\w+:)\d+>")
_AT = re.compile(r"@+(?=\S)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")


def answer(persona: Mapping[str, Sequence[str]], history: Sequence[tuple[str, str]]) -> str:
    """Return the reply to the last message of `history`, in its language.

    `persona` holds values by slot; `history` holds (role, text), oldest first. Without a persona
    the reply is neutral. It never mentions anyone, whatever the message or the persona contains.
    """
    asked = [text for role, text in history if role == "user"]
    message = plain(asked[-1]) if asked else ""
    reader = reader_of(persona, message, first=len(asked) <= 1)
    chinese = is_chinese(message)
    if LONG_DEMO in message.lower():
        return plain(long_reply(reader, chinese=chinese))
    language = chat_chinese if chinese else chat_english
    return f"{_fitting(plain(language.reply(reader)), language.FOOTER)}\n{language.FOOTER}"


def plain(text: str) -> str:
    """Return `text` without anything that Discord would read as a mention."""
    return _AT.sub("", _MENTION.sub("", text))


def is_chinese(text: str) -> bool:
    """Return whether `text` is mainly Chinese: more Chinese characters than other words."""
    return not _KANA.search(text) and len(_HAN.findall(text)) > len(_LATIN_WORD.findall(text))


def _fitting(text: str, footer: str) -> str:
    room = _LONGEST - len(footer) - 1
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
