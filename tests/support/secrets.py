"""Words that are told once, by one person in one place, and are known again wherever they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SECRET = re.compile(r"\b[a-z]+wick [a-z]+moor\b")
_CONSONANTS, _VOWELS = "bdfglmnprt", "aeiou"


@dataclass(frozen=True, slots=True)
class Form:
    """A sentence that tells something of the slot; `safe` says that others may hear of it."""

    text: str
    slot: str
    operation: str
    safe: bool


FORMS = (
    Form("I am called {}.", "demographics.name", "set_slot", True),
    Form("I speak {}.", "demographics.languages", "add_item", True),
    Form("I prefer {} answers.", "preference.styles", "add_item", True),
    Form("I love {}.", "personality.values_and_interests", "add_item", False),
    Form("I collect {} things.", "personality.values_and_interests", "add_item", False),
    Form("I work as a {}.", "demographics.career", "set_slot", False),
)


@dataclass(frozen=True, slots=True)
class Secret:
    """What `person` told in `place` (a channel's or thread's id) of `scope`.

    `number` counts them in the order they were told. `heard` is false where it was not told to the
    bot, so that it must not come up at all.
    """

    words: str
    number: int
    person: int
    scope: str
    place: int
    form: Form
    heard: bool

    @property
    def text(self) -> str:
        return self.form.text.format(self.words)


def words(number: int) -> str:
    """Return two words that nobody else says."""
    return f"{_word(number % 250)}wick {_word(number // 250)}moor"


def _word(number: int) -> str:
    """Return five letters that differ for each number below 250."""
    first, rest = divmod(number, 25)
    second, third = divmod(rest, 5)
    last = _CONSONANTS[(first + 3) % 10]
    return f"{_CONSONANTS[first]}{_VOWELS[second]}{last}{_VOWELS[third]}l"


def found(text: str) -> list[str]:
    """Return the words of every secret in `text`, each once, in the order they stand there."""
    return list(dict.fromkeys(_SECRET.findall(text)))


def told(text: str) -> list[tuple[Form, str, str]]:
    """Return every sentence in `text` that tells a secret: its form, words and the sentence."""
    spoken = []
    for sentence in re.findall(r"I [^.\"]*\.", text):
        for form in FORMS:
            for secret in found(sentence):
                if form.text.format(secret) == sentence:
                    spoken.append((form, secret, sentence))
    return spoken
