"""The functions of a person's device on the model track: a model invents what they return.

The paper's Tool Executor (3.2). It sees the description of the functions and the call, and nothing
of the person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.schema import Api, Scene
from persona.models import Models

PROMPTS: dict[str, str] = {
    "api_result": """\
You stand in for the functions of a personal device. The data describes the functions there are, \
and one call of one of them. Invent what the real function would return: plausible, concrete, \
consistent in itself and with the arguments, in the language of the arguments, and no longer than \
needed. Return data only: no advice, no comment, and nothing about who is asking. A call with \
arguments that make no sense returns one record with the single field "error". A function that \
does something rather than look something up returns one record that says what was done.""",
}


class ResultField(Answer):
    """One named value of a record."""

    name: str
    value: str


class ResultRecord(Answer):
    """One thing that was found, or what was done."""

    fields: list[ResultField]


class CallResult(Answer):
    """What the function returns."""

    records: list[ResultRecord] = Field(description="from one to five, as the call asks for")


@dataclass(frozen=True, slots=True)
class ModelApis:
    """Answers calls."""

    models: Models

    async def call(self, scene: Scene, api: Api, arguments: Mapping[str, str]) -> str:
        """Return the result of one call as JSON. Raises what `ask` raises."""
        told = prompt(
            PROMPTS["api_result"],
            {
                "functions": [each.model_dump() for each in scene.apis],
                "call": {"name": api.name, "arguments": dict(arguments)},
            },
        )
        found = await ask(self.models, "api", told, CallResult)
        results = [{each.name: each.value for each in record.fields} for record in found.records]
        return json.dumps({"results": results}, ensure_ascii=False)
