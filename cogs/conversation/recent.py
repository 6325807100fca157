"""Which events were seen lately: after a broken connection Discord sends some a second time."""

from __future__ import annotations

_MOST = 10_000


class Recent:
    """The last ten thousand ids. What was stored is recognised by the store for longer."""

    def __init__(self) -> None:
        self._seen: dict[int, None] = {}

    def __contains__(self, identity: int) -> bool:
        return identity in self._seen

    def is_new(self, identity: int) -> bool:
        """Return whether `identity` comes for the first time, and remember it."""
        if identity in self._seen:
            return False
        self._seen[identity] = None
        if len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]
        return True
