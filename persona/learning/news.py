"""news: what was learned that the person was not told of yet.

Nobody is learned about in silence. It is told once: in the place where it was learned, or with the
next answer when that place is closed by then (discord reference, complaint 25).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from persona.history import Diff, diff, list_versions
from persona.persona import Item, Personas
from persona.store.database import Database


@dataclass(frozen=True, slots=True)
class News:
    """What the learner's versions `first` to `last` changed, as far as it still holds.

    `thread_id` is where the newest session was that it was learned from, while that is kept.
    """

    person_id: int
    scope: str
    epoch: int
    first: int
    last: int
    thread_id: int | None
    difference: Diff

    @property
    def count(self) -> int:
        """Return how many values are new, different or gone."""
        found = self.difference
        return len(found.added) + len(found.changed) + len(found.removed)


class NewsDesk:
    """Keeps which of the learner's versions the person was told of."""

    def __init__(self, database: Database, personas: Personas) -> None:
        self._database = database
        self._personas = personas

    async def untold(self, person_id: int, scope: str) -> News | None:
        """Return what is to be told to the person, or None when there is nothing."""
        async with self._database.read() as connection:
            rows = [
                row
                async for row in self._database.queries.list_untold(
                    connection, person_id=person_id, scope=scope
                )
            ]
        access = await self._personas.find(person_id, scope)
        if not rows or access is None:
            return None
        first, last = rows[0]["version"], rows[-1]["version"]
        news = await self.told(person_id, scope, access.epoch, first, last)
        if news is None:
            return None
        places = [row["thread_id"] for row in rows if row["thread_id"] is not None]
        return replace(news, thread_id=places[-1] if places else None)

    async def told(
        self, person_id: int, scope: str, epoch: int, first: int, last: int
    ) -> News | None:
        """Return what those versions changed, or None when they are of another epoch, or gone."""
        access = await self._personas.find(person_id, scope)
        if access is None or access.epoch != epoch:
            return None
        versions = await list_versions(self._database, access)
        numbers = {version.number for version in versions}
        if first not in numbers or last not in numbers:
            return None
        learned = [
            diff(before.items if before is not None else {}, version.items)
            for before, version in pairwise([None, *versions])
            if version is not None
            and version.actor == "learner"
            and first <= version.number <= last
        ]
        difference = _still(learned, versions[-1].items)
        return News(person_id, scope, epoch, first, last, None, difference)

    async def mark(self, news: News, *, told: bool) -> bool:
        """Note that the person was told of `news`, or, when that failed, that they were not.

        Returns False when all of it was erased meanwhile: nobody is to be told then.
        """
        async with self._database.write(news.person_id) as connection:
            await self._database.queries.set_told(
                connection,
                person_id=news.person_id,
                scope=news.scope,
                epoch=news.epoch,
                first=news.first,
                last=news.last,
                told=told,
            )
            persona = await self._database.queries.get_persona(
                connection, person_id=news.person_id, scope=news.scope
            )
        return persona is not None and persona["epoch"] == news.epoch


def _still(learned: Sequence[Diff], now: Mapping[str, Item]) -> Diff:
    """Join what several versions changed, as far as it still holds; values as they are now."""
    added = {item.item_id for each in learned for item in each.added if item.item_id in now}
    changed = {
        after.item_id: (before, now[after.item_id])
        for each in learned
        for before, after in each.changed
        if after.item_id in now and after.item_id not in added
    }
    removed = {
        item.item_id: item
        for each in learned
        for item in each.removed
        if item.item_id not in now and item.item_id not in added
    }
    return Diff(
        tuple(item for name, item in now.items() if name in added),
        tuple(removed.values()),
        tuple(changed.values()),
    )
