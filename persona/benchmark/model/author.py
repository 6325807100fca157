"""The writer of the model track: what the pipeline's stages ask of a language model."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from persona.benchmark.layout import lay_out
from persona.benchmark.model.data import hashes
from persona.benchmark.model.writer import (
    PROMPTS,
    check_query,
    grow_hints,
    write_person,
    write_query,
    write_repeat,
    write_scenes,
)
from persona.benchmark.schema import Hint, Person, Query, Scene, Seed
from persona.benchmark.writer import person_id
from persona.models import Models
from persona.registry import Registry

# Hints a person: some people turn out too much like others.
_SPARE = 1.25
_EXEMPLARS = 2


class ModelWriter:
    """Asks the generator. `name` is its model, for the manifest; `seed` is for what is drawn."""

    def __init__(self, models: Models, name: str, seed: int) -> None:
        self._models = models
        self._seed = seed
        self._registry = Registry()
        self._people: list[Person] = []
        self.models: Mapping[str, str] = {"generator": name}
        self.prompts: Mapping[str, str] = hashes(PROMPTS)

    async def hints(self, seeds: Sequence[Seed], people: int) -> list[Hint]:
        """Return hints grown from seeds, some more than there are to be people."""
        number = round(people * _SPARE) + 1
        return await grow_hints(self._models, seeds, number, self._chance("hints"))

    async def person(self, hint: Hint, number: int) -> Person:
        """Return person `number`, with what changes about them."""
        chance = self._chance("person", str(number))
        shown = chance.sample(self._people, min(_EXEMPLARS, len(self._people)))
        person = await write_person(
            self._models,
            hint,
            self._registry,
            chance,
            person_id=person_id(number),
            exemplars=shown,
            changes=chance.choice((2, 3)),
        )
        self._people.append(person)
        return person

    async def scenes(self, person: Person) -> list[Scene]:
        """Return the person's life: twenty scenes, some of which come back."""
        chance = self._chance("scenes", person.person_id)
        layout = lay_out(chance)
        first: dict[int, int] = {}
        for session, number in enumerate(layout, 1):
            first.setdefault(number, session)
        written = await write_scenes(
            self._models, person, self._registry, chance, sessions=sorted(first.values())
        )
        at = {scene.session: scene for scene in written}
        found = list(written)
        for session, number in enumerate(layout, 1):
            scene = at.get(first[number])
            if session != first[number] and scene is not None:
                found.append(
                    await write_repeat(self._models, person, scene, session, self._registry)
                )
        return sorted(found, key=lambda scene: scene.session)

    async def query(self, person: Person, scene: Scene) -> Query:
        """Return how the person opens the scene, with and without what tells of them."""
        return await write_query(self._models, person, scene)

    async def check(self, person: Person, scene: Scene, query: Query) -> tuple[bool, bool, str]:
        """Return whether the query can be answered, whether it is neutral, and why not."""
        found = await check_query(self._models, person, scene, query, self._registry)
        return found.answerable, found.neutral, found.reason

    def _chance(self, *place: str) -> random.Random:
        return random.Random("/".join((str(self._seed), *place)))
