"""A conversation's title, from the words of its first message."""

from __future__ import annotations

from persona.offline.language import CHINESE, ENGLISH, language_of
from persona.offline.replies.topic import chinese_topic, english_topic
from persona.titles import first_words

_TOPICS = {CHINESE: chinese_topic, ENGLISH: english_topic}


def title(said: str) -> str:
    """Return what `said` is about, else its first words."""
    find = _TOPICS.get(language_of(said))
    topic = find(said) if find is not None else None
    return topic[:1].upper() + topic[1:] if topic else first_words(said)
