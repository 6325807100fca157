"""The line protocol: updates as lines of text, for models that manage neither tools nor JSON.

After Memobase, whose prompts ask for a value a line because small models keep to that. The number
of fields is fixed and a last line is asked for, so neither a stray separator nor a cut-off answer
can pass for something else.
"""

from __future__ import annotations

from typing import Any

from persona.errors import InvalidAnswer
from persona.structured import Unheeded

SEPARATOR = "|"
NOTHING = "NOTHING"
END = "END"
EMPTY = "-"

_FIELDS = ("why", "msg", "quote", "about", "basis", "op", "slot", "value", "valid_until")
_HEADER = f" {SEPARATOR} ".join(_FIELDS)

INSTRUCTIONS = f"""\
Answer with one line per update, {len(_FIELDS)} fields each, and then a line {END}:
{_HEADER}
For remove_item and confirm, value is the item's number. An empty field is {EMPTY}. \
No {SEPARATOR} inside a field.
If there is nothing to record, answer only: {NOTHING}"""


def read(text: str) -> dict[str, Any]:
    """Return the updates as the tool's arguments would give them, unchecked.

    Lines without a separator are talk around them. Raises `InvalidAnswer` for a line with another
    number of fields or a list without its end, `Unheeded` when there is no line of ours at all.
    """
    lines = [line for line in map(str.strip, text.split("\n")) if line.strip("`")]
    rows = [line for line in lines if SEPARATOR in line and line != _HEADER]
    if rows and NOTHING in lines:
        raise InvalidAnswer(f"The answer has both updates and {NOTHING}.")
    if rows and lines[-1] != END:
        raise InvalidAnswer(f"The answer was cut off: its last line is not {END}.")
    if not rows and NOTHING not in lines:
        raise Unheeded(f"Answer with lines of {len(_FIELDS)} fields and {END}, or with {NOTHING}.")
    return {"updates": [_update(number, row) for number, row in enumerate(rows, 1)]}


def _update(number: int, row: str) -> dict[str, Any]:
    fields = [field.strip() for field in row.split(SEPARATOR)]
    if len(fields) != len(_FIELDS):
        raise InvalidAnswer(f"Update {number} has {len(fields)} fields instead of {len(_FIELDS)}.")
    given = {
        name: None if field in ("", EMPTY) else field
        for name, field in zip(_FIELDS, fields, strict=True)
    }
    names_item = given["op"] in ("remove_item", "confirm")
    return {
        "why": given["why"] or "",
        "evidence": [{"msg": given["msg"], "quote": given["quote"]}],
        "about": given["about"],
        "basis": given["basis"],
        "op": given["op"],
        "slot": given["slot"],
        "item": given["value"] if names_item else None,
        "value": None if names_item else given["value"],
        "valid_until": given["valid_until"],
    }
