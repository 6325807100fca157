"""The records of a run: one file a life, one JSON object a line.

A life is one person with one setting, one chat model and one repetition. Times of the machine
stand in a file of their own, so that the same run gives the same bytes.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from persona.benchmark.schema import Name, Record
from persona.persona import Basis, Status

TurnKind = Literal["query", "correction", "forget"]


class Cost(Record):
    """What models were asked, by one role: calls, and tokens read and written."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
        )


class LoggedTurn(Record):
    """One message of the simulated user and the reply. `tools` are those the reply called.

    `satisfied` is the user's verdict on the reply; None where the message was a wish to forget.
    """

    kind: TurnKind
    said: str
    reply: str
    tools: tuple[str, ...] = ()
    satisfied: bool | None = None


class Held(Record):
    """One value of the learned persona; a pending one is not used until it is approved."""

    slot: str
    value: str
    basis: Basis
    status: Status


class LoggedSession(Record):
    """One session as it was lived.

    `utterances` counts the user's messages from the query to satisfaction; where they stayed
    unsatisfied it is the most there may be, and `censored` is true. `persona` is what the engine
    held after the learning that followed the session; it is empty in settings that learn nothing.
    `costs` are by role: chat, optimizer, simulator, api.
    """

    record: Literal["session"] = "session"
    session: int
    scene_id: Name
    turns: tuple[LoggedTurn, ...]
    utterances: int
    censored: bool
    persona: tuple[Held, ...] = ()
    costs: dict[str, Cost] = Field(default_factory=dict)


class LoggedProbe(Record):
    """The option chosen at a probe, counted from 0; None when the reply names none."""

    record: Literal["probe"] = "probe"
    probe_id: Name
    session: int
    chosen: int | None
    costs: dict[str, Cost] = Field(default_factory=dict)


class LifeHeader(Record):
    """The first line of a life's file."""

    record: Literal["life"] = "life"
    setting: Name
    model: str
    repetition: int
    person_id: Name


class LifeEnd(Record):
    """The last line of a life that was lived to its end; `failure` says why it was cut short."""

    record: Literal["end"] = "end"
    sessions: int
    failure: str = ""
