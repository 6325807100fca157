"""How people speak in one language: what the simulated users say about themselves.

Each language is a file of `languages`. Its sentences are what the simulated user says and what the
scripted assistant and optimizer understand, word for word: nothing is guessed, so that what the
machinery loses can be told from what a model misunderstands.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import Field, model_validator

from persona.benchmark.schema import Language, Line, Record

# What nobody says plainly and the optimizer may infer, as the registry allows.
HINTED = (
    "personality.extraversion_introversion",
    "personality.sensing_intuition",
    "personality.thinking_feeling",
    "personality.judging_perceiving",
    "pattern.engagement",
    "pattern.usage",
    "pattern.emotion",
    "pattern.purchase",
)
# What people say of themselves.
STATED = (
    "demographics.name",
    "demographics.age",
    "demographics.gender",
    "demographics.nationality",
    "demographics.languages",
    "demographics.career",
    "personality.values_and_interests",
    "preference.styles",
    "preference.formats",
    "preference.workflows",
)


class Table(Record):
    """One language. Every sentence of `states`, `ends` and `forgets` holds "{value}" once.

    `states` says that a value holds, `ends` that it no longer does, `forgets` asks to forget it;
    all three by slot. `values` are what people of that language may have in each stated slot.
    `hints` are sentences that show a value of an inferred slot without saying it: by slot, by
    value; a value has two. `topics` are opening questions by the topic's id, that tell nothing of
    who asks; `contexts` are sentences that make a question another one. `not_yet` says that an
    answer does not fit, and nothing else. `probe` asks which of the options is true of the person.
    Of the two values of a contradiction nobody has both.
    """

    language: Language
    name: Line
    regions: tuple[Line, ...] = Field(min_length=2)
    states: dict[str, Line]
    ends: dict[str, Line]
    forgets: dict[str, Line]
    values: dict[str, tuple[Line, ...]]
    hints: dict[str, dict[str, tuple[Line, Line]]]
    topics: dict[str, Line]
    contexts: tuple[Line, ...] = Field(min_length=12)
    not_yet: tuple[Line, ...] = Field(min_length=2)
    probe: Line
    contradictions: tuple[tuple[Line, Line], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Table:
        for kind in ("states", "ends", "forgets"):
            sentences: dict[str, str] = getattr(self, kind)
            if set(sentences) != set(STATED):
                raise ValueError(f"{kind} has a sentence for every stated slot, and for no other")
            for slot, sentence in sentences.items():
                if sentence.count("{value}") != 1:
                    raise ValueError(f"{kind}.{slot} holds {{value}} once")
        if set(self.values) != set(STATED) or set(self.hints) != set(HINTED):
            raise ValueError("values are there for every stated slot, hints for every inferred one")
        known = {value for values in self.values.values() for value in values}
        if not known.issuperset(value for pair in self.contradictions for value in pair):
            raise ValueError("contradictions are between values")
        return self

    def contradict(self, one: str, other: str) -> bool:
        """Return whether nobody has both values."""
        return any(pair in ((one, other), (other, one)) for pair in self.contradictions)

    def state(self, slot: str, value: str) -> str:
        """Return what a person says of whom `value` is true."""
        return self.states[slot].format(value=value)

    def end(self, slot: str, value: str) -> str:
        """Return what a person says of whom `value` is no longer true."""
        return self.ends[slot].format(value=value)

    def forget(self, slot: str, value: str) -> str:
        """Return how a person asks to forget `value`."""
        return self.forgets[slot].format(value=value)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there are tables of."""
    folder = resources.files(f"{__package__}.languages")
    return tuple(
        sorted(
            file.name.removesuffix(".toml")
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        )
    )


@cache
def table(language: str) -> Table:
    """Return the table of a language. Raises `KeyError` when there is none."""
    if language not in languages():
        raise KeyError(language)
    file = resources.files(f"{__package__}.languages") / f"{language}.toml"
    return Table.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
