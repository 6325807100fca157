"""Replies by a table of sentences: one `Wording` a language, see `wordings`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from persona.offline.facts.finding import INTERESTS, NAME
from persona.offline.replies.reader import Reader

_VALUES_NAMED = 6
_LONGEST_TOPIC = 48
_LONGEST_STATEMENT = 80


@dataclass(frozen=True, slots=True)
class Wording:
    """One language. `{name}`, `{all}`, `{interest}` and `{topic}` are put in where they stand.

    `own_name`, `about_me`, `own_interests`, `greeting` and `thanks` tell what a message asks or
    says; `topics` finds words that may be what it is about, `empty` those that are not. `space`
    stands between sentences, `comma` between what is listed.
    """

    footer: str
    own_name: re.Pattern[str]
    about_me: re.Pattern[str]
    own_interests: re.Pattern[str]
    greeting: re.Pattern[str]
    thanks: re.Pattern[str]
    topics: re.Pattern[str]
    empty: re.Pattern[str]
    hello: str
    hello_name: str
    nice_to_meet: str
    noted: str
    invite: str
    your_name: str
    name_unknown: str
    you_like: str
    likes_unknown: str
    enjoy_most: str
    known: str
    nothing_known: str
    welcome: str
    about: str
    it: str
    steps: tuple[str, ...]
    example: str
    ask: str
    labels: Mapping[str, str]
    space: str = " "
    comma: str = ", "


def reply(wording: Wording, reader: Reader) -> str:
    """Return the reply in this language, without its footer."""
    for pattern, told in (
        (wording.own_name, _name),
        (wording.about_me, _everything),
        (wording.own_interests, _interests),
    ):
        if pattern.search(reader.message):
            return told(wording, reader)
    if reader.heard:
        return _acknowledgement(wording, reader)
    if len(reader.message) <= _LONGEST_STATEMENT and not re.search("[?？]", reader.message):
        if wording.greeting.match(reader.message):
            opening = _greeting(wording, reader) or wording.hello
            return f"{opening}{wording.space}{wording.invite}"
        if wording.thanks.search(reader.message):
            return wording.welcome
    return _thoughts(wording, reader)


def _put(sentence: str, **values: str) -> str:
    for key, value in values.items():
        sentence = sentence.replace(f"{{{key}}}", value)
    return sentence


def _greeting(wording: Wording, reader: Reader) -> str:
    greets = reader.greeted and reader.name
    return _put(wording.hello_name, name=reader.name) if greets else ""


def _name(wording: Wording, reader: Reader) -> str:
    return _put(wording.your_name, name=reader.name) if reader.name else wording.name_unknown


def _interests(wording: Wording, reader: Reader) -> str:
    named = reader.known.get(INTERESTS, ())
    if not named:
        return wording.likes_unknown
    return _put(wording.you_like, all=wording.comma.join(named[:_VALUES_NAMED]))


def _everything(wording: Wording, reader: Reader) -> str:
    if not reader.known:
        return wording.nothing_known
    facts = [
        f"{wording.labels.get(slot, slot.rsplit('.', 1)[-1].replace('_', ' '))}: "
        f"{wording.comma.join(values[:_VALUES_NAMED])}"
        for slot, values in reader.known.items()
    ]
    if reader.bullets or reader.steps:
        return "\n".join((wording.known, *(f"- {fact}" for fact in facts)))
    return f"{wording.known} {'; '.join(facts)}"


def _acknowledgement(wording: Wording, reader: Reader) -> str:
    name, interests = reader.heard.get(NAME), reader.heard.get(INTERESTS)
    if name and name[0] != reader.name:
        opening = _put(wording.nice_to_meet, name=name[0])
    else:
        opening = wording.space.join(filter(None, (_greeting(wording, reader), wording.noted)))
    if reader.short:
        return opening
    if not interests:
        return f"{opening}{wording.space}{wording.invite}"
    ask = _put(wording.enjoy_most, all=wording.comma.join(interests))
    return f"{opening}{wording.space}{ask}"


def _thoughts(wording: Wording, reader: Reader) -> str:
    greeting = _greeting(wording, reader)
    about = _put(wording.about, topic=_topic(wording, reader.message) or wording.it)
    example = _put(wording.example, interest=reader.interest) if reader.interest else ""
    steps = wording.steps[:1] if reader.short else wording.steps
    if reader.bullets or reader.steps:
        points = [point for point in (*steps, example) if point]
        marks = [f"{place}." if reader.steps else "-" for place in range(1, len(points) + 1)]
        rows = [f"{mark} {point}" for mark, point in zip(marks, points, strict=True)]
        return "\n".join((wording.space.join(filter(None, (greeting, about))), *rows))
    ask = "" if reader.short else wording.ask
    return wording.space.join(filter(None, (greeting, about, *steps, example, ask)))


def _topic(wording: Wording, message: str) -> str:
    """The longest of the words that may say what `message` is about; empty when none does."""
    found = [
        topic
        for match in wording.topics.finditer(message)
        if len(topic := match[0].strip()) > 1 and not wording.empty.fullmatch(topic)
    ]
    return max(reversed(found), key=len, default="")[:_LONGEST_TOPIC]
