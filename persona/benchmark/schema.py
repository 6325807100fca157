"""The records of a dataset: what each stage of the pipeline writes, one JSON object a line.

The paper's pipeline is seeds, personas, scenes, queries, filtering (section 4.2). A dataset is a
folder with a file for each, so that any of them can be read, edited and fed back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Sessions of one person: the paper's Figure 4 ends with the 32nd.
MOST_SESSIONS = 32

Track = Literal["scripted", "model"]
SceneKind = Literal["common", "own", "repeat"]
EventKind = Literal["change", "forget"]

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Line = Annotated[str, Field(min_length=1, max_length=400)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639, such as en")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]

# One value, or the values of a list.
Value = Line | tuple[Line, ...]
Slots = Mapping[str, Value]


class Record(BaseModel):
    """Base of all records: what the schema does not name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Seed(Record):
    """A one-line profile of an invented person, written by hand, in their own language."""

    seed_id: Name
    language: Language
    region: Line
    line: Line


class Hint(Record):
    """A one-line profile grown from others (`grown_from` names them), self-instruct style."""

    hint_id: Name
    language: Language
    region: Line
    line: Line
    grown_from: tuple[Name, ...] = ()


class Event(Record):
    """What changes about a person: it holds from their `session` on, which counts from 1.

    A "change" ends `before` (None: there was nothing) and begins `after` (None: nothing follows).
    A "forget" is the person's wish, said at the beginning of that session, that `before` be
    forgotten. In a slot that is a list, `before` and `after` are single items. `said` is how the
    person puts it, in their own words.
    """

    session: int = Field(ge=2, le=MOST_SESSIONS)
    kind: EventKind
    slot: str
    before: Line | None = None
    after: Line | None = None
    said: Line

    @model_validator(mode="after")
    def _is_whole(self) -> Event:
        if self.kind == "forget" and (self.before is None or self.after is not None):
            raise ValueError("a forget event has a value before and none after")
        if self.kind == "change" and self.before is None and self.after is None:
            raise ValueError("a change event needs a value before or after")
        return self


class Person(Record):
    """A simulated person: the golden persona at the beginning, and what changes of it.

    `slots` maps names of the registry to a value, or to several in a slot that is a list.
    """

    person_id: Name
    language: Language
    region: Line
    hint: Line
    slots: dict[str, Value]
    events: tuple[Event, ...] = ()

    def values(self, slot: str) -> tuple[str, ...]:
        """Return the values of a slot at the beginning, none where there are none."""
        given = self.slots.get(slot, ())
        return (given,) if isinstance(given, str) else given

    def begun_with(self) -> Iterator[tuple[str, str]]:
        """Yield slots with each of their values at the beginning."""
        for slot in self.slots:
            for value in self.values(slot):
                yield slot, value

    def ever(self) -> Iterator[tuple[str, str]]:
        """Yield slots with each value they ever have: at the beginning, and by events."""
        yield from self.begun_with()
        for event in self.events:
            for value in (event.before, event.after):
                if value is not None:
                    yield event.slot, value


class Api(Record):
    """A function of the person's device that can be called in a scene."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
    description: Line
    arguments: dict[str, Line] = Field(default_factory=dict)


class Need(Record):
    """A slot that a good reply takes into account; of a list, one `item` of it."""

    slot: str
    item: Line | None = None


class Scene(Record):
    """One session of a person's life: what they come with, and what a good reply does.

    `session` counts from 1 within the person's life. `repeats` names the scene that comes back with
    a new context. Only the simulated user and the judge see description, context and
    `expected_response`; the chatbot sees nothing but what is said and `apis`. No text here tells
    the persona; `needs` and their items are never shown to the chatbot.
    """

    scene_id: Name
    person_id: Name
    session: int = Field(ge=1, le=MOST_SESSIONS)
    kind: SceneKind
    repeats: Name | None = None
    title: Line
    description: Text
    context: Text
    apis: tuple[Api, ...] = ()
    expected_response: Text
    needs: tuple[Need, ...] = ()

    @model_validator(mode="after")
    def _repeats_one(self) -> Scene:
        if (self.kind == "repeat") != (self.repeats is not None):
            raise ValueError("a scene that repeats another names it, and no other scene does")
        return self


class Query(Record):
    """The opening query of a scene: as the person would put it, and without what tells of them."""

    scene_id: Name
    personalized: Text
    neutral: Text


class Probe(Record):
    """A multiple-choice question about a person, asked after a session; no part of their life.

    `answer` is the place of the right option, counted from 0, and `former` that of the value that
    was right before an event, if it is among them.
    """

    probe_id: Name
    person_id: Name
    session: int = Field(ge=1, le=MOST_SESSIONS)
    slot: str
    question: Text
    options: tuple[Text, ...] = Field(min_length=2, max_length=8)
    answer: int = Field(ge=0)
    former: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _options_are_there(self) -> Probe:
        if max(self.answer, self.former or 0) >= len(self.options):
            raise ValueError("answer and former must be places of options, counted from 0")
        return self


class Dropped(Record):
    """What a stage threw away, and why: `reason` is one of a few words, `detail` says more."""

    stage: str
    record_id: str
    reason: str
    detail: str = ""


class Manifest(Record):
    """What a dataset is: from which seeds, models and prompts, how much, under which licence.

    `name` is a label for people. `prompts` maps each prompt to a hash of its text, `counts` each
    file to its number of records, `dropped` reasons to numbers.
    """

    format: Literal[1] = 1
    name: Line
    track: Track
    source: Line
    licence: Line
    random_seed: int = 0
    seeds: int = 0
    models: dict[str, str] = Field(default_factory=dict)
    prompts: dict[str, str] = Field(default_factory=dict)
    counts: dict[str, int] = Field(default_factory=dict)
    dropped: dict[str, int] = Field(default_factory=dict)
    languages: dict[str, int] = Field(default_factory=dict)
