"""Asking a model for data of one shape, in whichever way its endpoint takes.

Servers differ in what they manage: forced tool calls, JSON held to a schema, any JSON, or text.
"""

from __future__ import annotations

import re
from typing import Any, Literal, Protocol, TypeVar, get_args

import openai

from persona.completion import Completion, Message
from persona.errors import InvalidAnswer, ModelError

Way = Literal["tool", "json_schema", "json_object", "lines"]

# In the order in which they are tried.
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
