"""Which answers are being written, and to whom, so that they can be stopped."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from persona.stopping import Stop


class Writing:
    """Stops by the message that is being answered, there for as long as it is."""

    def __init__(self) -> None:
        self._stops: dict[int, tuple[int, Stop]] = {}

    @contextlib.contextmanager
    def __call__(self, turn_id: int, person_id: int) -> Iterator[Stop]:
        """Count the answer to `turn_id` as being written for the person inside this context."""
        stop = Stop()
        self._stops[turn_id] = person_id, stop
        try:
            yield stop
        finally:
            del self._stops[turn_id]

    def owner(self, turn_id: int) -> int | None:
        """Return whom the answer to `turn_id` is for, or None when it is not being written."""
        return self._stops[turn_id][0] if turn_id in self._stops else None

    def stop(self, turn_id: int) -> bool:
        """Stop the answer to `turn_id`; return whether it was being written."""
        if turn_id not in self._stops:
            return False
        self._stops[turn_id][1].ask()
        return True
