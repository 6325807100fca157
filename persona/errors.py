"""Failures whose message is one plain sentence, fit to be shown to the operator."""

from __future__ import annotations

import traceback
from datetime import datetime

# Why an edit may fail besides the gate's refusals.
EDIT_PROBLEMS = frozenset(
    {"no_value", "erased", "gone", "no_version", "no_run", "no_consent", "nothing_found", "changed"}
)


def raised_at(error: BaseException) -> str:
    """Return file and line where an error was raised; what it says may be somebody's words."""
    places = traceback.extract_tb(error.__traceback__)
    return "".join(f"{place.filename}:{place.lineno}" for place in places[-1:])


class RapportError(Exception):
    """A failure the operator can act on; the message says how."""


class SettingsError(RapportError):
    """A setting is missing, unknown or out of bounds."""


class StoreError(RapportError):
    """The database or the key file cannot be used as it is."""


class SealError(StoreError):
    """Something sealed cannot be opened with the key there is."""


class ModelError(RapportError):
    """A model endpoint did not give a usable answer."""


class ModelUnavailable(ModelError):
    """The endpoint cannot be reached, is overloaded or broke off: trying later may help."""


class ModelRefused(ModelError):
    """The endpoint turned the request down (key, model name, parameters): trying later won't."""


class InvalidAnswer(ModelError):
    """The model answered, but not in the form asked for."""


class AnswerFiltered(InvalidAnswer):
    """A content filter, or the model itself, kept the answer back."""


class ContextOverflow(ModelRefused):
    """The prompt is longer than the model can read."""


class BudgetSpent(RapportError):
    """The person has used up their tokens; `again_at` is when they have some again."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("The person has used up their tokens of a day.")
        self.again_at = again_at


class EditError(RapportError):
    """What a person wanted to change about their persona cannot be done; the message says why.

    `code` is one of `EDIT_PROBLEMS` or of a refusal by the gate, `slot` the name of the slot it is
    about: front ends say it in the person's language.
    """

    def __init__(self, message: str, *, code: str, slot: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.slot = slot
