"""What the offline model replies: rules that show what a persona changes.

The same persona and the same words always get the same reply, so that a test can be exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from persona.offline.language import CHINESE, language_of
from persona.offline.replies import chinese as chat_chinese
from persona.offline.replies import english as chat_english
from persona.offline.replies.long import long_reply
from persona.offline.replies.reader import Reader, reader_of
from persona.offline.replies.wording import reply as worded
from persona.offline.replies.wordings import WORDINGS

LONG_DEMO = "longdemo"

_LONGEST = 590

_MENTION = re.compile(r"<(?:@[!&]?|#|a?:\w+:)\d+>")
_AT = re.compile(r"@+(?=\S)")


def answer(persona: Mapping[str, Sequence[str]], history: Sequence[tuple[str, str]]) -> str:
    """Return the reply to the last message of `history`, in its language.

    `persona` holds values by slot; `history` holds (role, text), oldest first. Without a persona
    the reply is neutral. It never mentions anyone, whatever the message or the persona contains.
    """
    asked = [text for role, text in history if role == "user"]
    message = plain(asked[-1]) if asked else ""
    reader = reader_of(persona, message, first=len(asked) <= 1)
    language = language_of(message)
    if LONG_DEMO in message.lower():
        return plain(long_reply(reader, chinese=language == CHINESE))
    said, footer = _in(language, reader)
    return f"{_fitting(plain(said), footer)}\n{footer}"


def _in(language: str, reader: Reader) -> tuple[str, str]:
    """The reply in a language, and the line beneath it."""
    if wording := WORDINGS.get(language):
        return worded(wording, reader), wording.footer
    if language == CHINESE:
        return chat_chinese.reply(reader), chat_chinese.FOOTER
    return chat_english.reply(reader), chat_english.FOOTER


def plain(text: str) -> str:
    """Return `text` without anything that Discord would read as a mention."""
    return _AT.sub("", _MENTION.sub("", text))


def _fitting(text: str, footer: str) -> str:
    room = _LONGEST - len(footer) - 1
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
