"""Asking a model for data of one shape, in whichever way its endpoint takes.

Servers differ in what they manage: forced tool calls, JSON held to a schema, any JSON, or text. The
ways are tried in this order, and the first that works for a model is used from then on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, get_args

import openai

from persona.completion import Completion, Message
from persona.errors import InvalidAnswer, ModelError

Way = Literal["tool", "json_schema", "json_object", "lines"]

WAYS: tuple[Way, ...] = get_args(Way)

# Servers without tool calls or schemas answer with these.
_TURNED_DOWN = frozenset({400, 404, 422, 501})
# llama.cpp's says the same with 500; only its words tell it from an outage.
_NAMES_THE_WAY = re.compile(r"tool|function|jinja|response_format|json_schema|grammar", re.I)

T_co = TypeVar("T_co", covariant=True)


class Unheeded(InvalidAnswer):
    """The model took no notice of the form asked for: another way may work."""


class Declined(Unheeded):
    """The model took no notice of the form, and said that it will not answer."""


class TurnedDown(Exception):
    """The endpoint did not accept the request, perhaps only because of the way it asks."""

    def __init__(self, error: ModelError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Target:
    """One model at one endpoint."""

    endpoint: str
    model: str


class Question(Protocol[T_co]):
    """What is asked, put in any of the ways."""

    @property
    def corrects(self) -> Way | None:
        """The way of the answer this asks to correct, or None for a first question."""

    def request(self, way: Way) -> dict[str, Any]:
        """Return the messages and options of the chat completion."""

    def read(self, way: Way, answer: Completion) -> T_co:
        """Return what the answer says.

        Raises `Unheeded` when the way does not seem to work with this model, other `InvalidAnswer`
        when it works but the answer is unusable.
        """


class Ways:
    """Which way works with which model. In memory: a server may learn more with an upgrade."""

    def __init__(self) -> None:
        self._working: dict[Target, Way] = {}
        self._orders: dict[Target, tuple[Way, ...]] = {}

    def order(self, target: Target) -> tuple[Way, ...]:
        """Return all ways: the one that works, then the rest from the top."""
        return self._orders.get(target, WAYS)

    def is_working(self, target: Target, way: Way) -> bool:
        """Return whether the last answer that could be read came in this way."""
        return self._working.get(target) == way

    def worked(self, target: Target, way: Way) -> None:
        """Use `way` from now on."""
        self._working[target] = way
        self._orders[target] = (way, *(other for other in WAYS if other != way))

    def failed(self, target: Target, way: Way) -> None:
        """Put a way last that never worked, and did not after a correction either."""
        if not self.is_working(target, way):
            order = self.order(target)
            self._orders[target] = (*(other for other in order if other != way), way)


def may_blame_the_way(error: openai.APIStatusError) -> bool:
    """Return whether an endpoint may have turned a request down for the way it asks."""
    if error.status_code in _TURNED_DOWN:
        return True
    return error.status_code == 500 and bool(_NAMES_THE_WAY.search(error.message))


def options(way: Way, tool: Message) -> dict[str, Any]:
    """Return what asks for the arguments of `tool` in the given way.

    `tool` is a function in the form chat completions take. The ways without a tool also need the
    prompt to say what is wanted.
    """
    function = tool["function"]
    if way == "tool":
        forced = {"type": "function", "function": {"name": function["name"]}}
        return {"tools": [tool], "tool_choice": forced}
    if way == "json_schema":
        schema = {"name": function["name"], "strict": True, "schema": function["parameters"]}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    if way == "json_object":
        return {"response_format": {"type": "json_object"}}
    return {}
