"""outcome: what came of learning, for whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from persona.learning.postpone import Failure


@dataclass(frozen=True, slots=True)
class Ended:
    """A run whose end was written: committed, or put off for this `failure`."""

    run_id: str
    failure: Failure | None = None


# "off": the operator has learning switched off; "busy": another worker is at it.
Result = Literal["learned", "nothing", "busy", "off"] | Failure


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of learning a persona now, and the runs that were committed for it."""

    result: Result
    run_ids: tuple[str, ...] = ()
