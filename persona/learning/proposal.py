"""What the optimizer may propose: one tool, small operations, each with its evidence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

TOOL_NAME = "apply_persona_updates"
TOOL_DESCRIPTION = "Record what these messages show about the person. An empty list is normal."

Operation = Literal["set_slot", "add_item", "remove_item", "confirm"]

# A date and no time or number. Not every server takes `format` in a schema, so it stands in words.
Day = Annotated[date, Field(strict=True), WithJsonSchema({"type": "string"})]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Evidence(_Strict):
    """A verbatim piece of one message."""

    msg: int = Field(description="number of the message")
    quote: str = Field(description="copied word for word from that message, at most 160 characters")


class Proposal(_Strict):
    """One change to one slot. `why` comes first: models decide better after giving a reason."""

    why: str = Field(description="the reason, in a few words")
    evidence: list[Evidence]
    about: Literal["self", "other"] = Field(
        description="other, when the message speaks of somebody else"
    )
    basis: Literal["stated", "inferred"]
    op: Operation
    slot: str = Field(description="name of the slot")
    item: int | None = Field(description="number of the known item to remove or confirm, else null")
    value: str | None = Field(description="the value to set or add, else null")
    valid_until: Day | None = Field(
        None, description="YYYY-MM-DD, only if the person said when it ends, else null"
    )


class Updates(_Strict):
    """The tool's arguments."""

    updates: list[Proposal]


FIELDS = frozenset(name for model in (Updates, Proposal, Evidence) for name in model.model_fields)
