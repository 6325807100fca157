"""The replies in English."""

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
from persona.offline.replies.topic import english_topic

FOOTER = "-# offline model: rules, not a language model"

_LABELS = {
    NAME: "Name",
    AGE: "Age",
    GENDER: "Gender",
    NATIONALITY: "From",
    LANGUAGES: "Languages",
    CAREER: "Career",
    INTERESTS: "Interests",
    STYLES: "Style of answers",
    FORMATS: "Format of answers",
    WORKFLOWS: "Way of working",
}
_VALUES_NAMED = 6

_OWN_NAME = re.compile(
    r"\b(?:what(?:['’]s| is)|know|remember|say|guess) my name\b|\bwho am i\b", re.IGNORECASE
)
_ABOUT_ME = re.compile(
    r"\bwhat (?:do|did|can|have) you (?:know|remember|learn(?:ed|t)?|noted?|say"
    r"|tell)\b.{0,20}\babout me\b"
    r"|\btell me (?:what you know )?about (?:me|myself)\b|\bdo you (?:know|remember) (?:me\b"
    r"|anything "
    r"about me|who i am)|\bwhat (?:have you learned|is in my persona)",
    re.IGNORECASE,
)
_OWN_INTERESTS = re.compile(
    r"\bwhat (?:do i like|are my (?:hobbies|interests))|\bremember what i (?:like|love|enjoy)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|good (?:morning|afternoon|evening)|yo|greetings)\b[^?]{0,80}$",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\b(?:thanks|thank you|thx|cheers)\b[^?]{0,80}$", re.IGNORECASE)

_OPENINGS = (
    "There's a lot to say about {topic}!",
    "Good that you bring up {topic}!",
    "There's more than one way to look at {topic}!",
)
_STEPS = (
    "Decide what matters most to you.",
    "Start with one small step and see how it goes.",
    "Keep what works, and don't be afraid to change the rest.",
)
_MORE = (
    "It helps to write down what you already know and what is still open.",
    "It helps to compare two or three options before you settle on one.",
    "It helps to ask someone who's done it before.",
)
_ASK = (
    "If you tell me a little more, such as your goal or what you've tried, I'll be more specific."
)
_BRIEF = (
    "about {topic}: start with one small step and adjust as you go",
    "about {topic}: decide what matters most and start there",
)
_FULL_FORMS = {
    "There's": "There is", "there's": "there is", "don't": "do not", "who's": "who has",
    "you've": "you have", "I'll": "I will", "You're": "You are", "you'd": "you would",
    "I'm": "I am", "Here's": "Here is", "Hi {name}": "Good day, {name}", "!": ".",
}  # fmt: skip


def reply(reader: Reader) -> str:
    """Return the reply in English, without its footer."""
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
        return _say(reader, "You're welcome!", "If there's more on your mind, I'm here.")
    topic = english_topic(reader.message)
    # Quoted, whatever words they are fit into the sentence.
    return _thoughts(reader, f'"{topic}"' if topic else "that")


def _say(reader: Reader, *sentences: str, **values: str) -> str:
    """The sentences, in the form the reader wants; words from elsewhere stay as they are."""
    template = " ".join(sentences)
    if reader.formal:
        for short, full in _FULL_FORMS.items():
            template = template.replace(short, full)
    text = template
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text[:1].upper() + text[1:]


def _greeting(reader: Reader) -> str:
    return _say(reader, "Hi {name}!", name=reader.name) if reader.greeted and reader.name else ""


def _name(reader: Reader) -> str:
    if not reader.name:
        return _say(reader, "I don't know your name yet.", "You can just tell me.")
    return _say(reader, "Your name is {name}.", name=reader.name)


def _interests(reader: Reader) -> str:
    named = reader.known.get(INTERESTS, ())
    if not named:
        return _say(reader, "I don't know what you like yet.", "You can just tell me.")
    return _say(reader, "You like {all}.", all=", ".join(named[:_VALUES_NAMED]))


def _everything(reader: Reader) -> str:
    if not reader.known:
        return _say(reader, "I don't know anything about you yet.", "You can just tell me.")
    facts = [
        f"{_LABELS.get(slot, slot.rsplit('.', 1)[-1].replace('_', ' ').capitalize())}: "
        f"{', '.join(values[:_VALUES_NAMED])}"
        for slot, values in reader.known.items()
    ]
    opening = _say(reader, "Here's what I know about you:")
    if reader.bullets or reader.steps:
        return "\n".join((opening, *(f"- {fact}" for fact in facts)))
    return f"{opening} {'; '.join(facts)}."


def _greeting_back(reader: Reader) -> str:
    opening = _greeting(reader) or _say(reader, "Hello!")
    if reader.short:
        return f"{opening} {_say(reader, 'What is on your mind?')}"
    about = _say(reader, "Is there news about {interest}?", interest=reader.interest)
    invite = _say(reader, "Tell me what you'd like to talk about.")
    return " ".join(part for part in (opening, about if reader.interest else "", invite) if part)


def _acknowledgement(reader: Reader) -> str:
    name, interests = reader.heard.get(NAME), reader.heard.get(INTERESTS)
    if name and name[0] != reader.name:
        opening = _say(reader, "Nice to meet you, {name}!", name=name[0])
    else:
        opening = f"{_greeting(reader)} {_say(reader, 'Good to know!')}".strip()
    if reader.short:
        return opening
    if not interests:
        return f"{opening} {_say(reader, 'What would you like to talk about?')}"
    listed = " and ".join(part for part in (", ".join(interests[:-1]), interests[-1]) if part)
    ask = _say(reader, "You like {all}. What do you enjoy most about that?", all=listed)
    return f"{opening} {ask}"


def _example(reader: Reader) -> str:
    if not reader.interest:
        return ""
    if reader.on_topic:
        return _say(
            reader, "You like {interest}, so you know part of it already.", interest=reader.interest
        )
    return _say(
        reader,
        "You like {interest}, for example: there, too, small steps add up.",
        interest=reader.interest,
    )


def _thoughts(reader: Reader, topic: str) -> str:
    greeting, example = _greeting(reader), _example(reader)
    if reader.bullets or reader.steps:
        return _listed(reader, topic, greeting, example)
    if reader.short:
        brief = _say(reader, f"{reader.pick(_BRIEF)}.", topic=topic)
        if greeting:
            brief = f"{greeting[:-1]}, {brief[:1].lower()}{brief[1:]}"
        return f"{brief} {example}".strip()
    opening = _say(reader, reader.pick(_OPENINGS), topic=topic)
    body = _say(reader, *_STEPS, reader.pick(_MORE), topic=topic)
    ask = _say(reader, _ASK)
    return " ".join(part for part in (greeting, opening, body, example, ask) if part)


def _listed(reader: Reader, topic: str, greeting: str, example: str) -> str:
    points: Sequence[str] = _STEPS[:2] if reader.short else (*_STEPS, reader.pick(_MORE))
    said = [_say(reader, point, topic=topic) for point in points]
    if example:
        said.append(example)
    opening = _say(reader, "On {topic}:", topic=topic)
    marks = [f"{place}." if reader.steps else "-" for place in range(1, len(said) + 1)]
    rows = [f"{mark} {point}" for mark, point in zip(marks, said, strict=True)]
    return "\n".join((f"{greeting} {opening}".strip(), *rows))
