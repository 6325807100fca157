"""What the scripted assistant knows of questions: what each is about, never of who asks it.

It stands for an assistant that understands every question and knows about the person only what
its prompt tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from persona.benchmark.probing import probe_text
from persona.benchmark.schema import Probe, Query, Scene
from persona.normalise import normalise


@dataclass(frozen=True, slots=True)
class Asked:
    """The slots that a good answer rests on, and the functions, with the names of arguments."""

    slots: tuple[str, ...]
    apis: dict[str, tuple[str, ...]]


class Book:
    """Questions and probes, by their text."""

    def __init__(
        self, scenes: Iterable[Scene], queries: Mapping[str, Query], probes: Iterable[Probe]
    ) -> None:
        """Questions that several people ask alike are about all that any of them needs."""
        self._questions: dict[str, Asked] = {}
        for scene in scenes:
            query = queries.get(scene.scene_id)
            if query is None:
                continue
            key = normalise(query.neutral)
            before = self._questions.get(key, Asked((), {}))
            self._questions[key] = Asked(
                tuple(dict.fromkeys((*before.slots, *(need.slot for need in scene.needs)))),
                before.apis | {api.name: tuple(api.arguments) for api in scene.apis},
            )
        self._probes = {normalise(probe_text(probe)): probe for probe in probes}

    def asked(self, text: str) -> Asked | None:
        """Return what the question `text` is about, or None when it is not known."""
        return self._questions.get(normalise(text))

    def probe(self, text: str) -> Probe | None:
        """Return the probe that `text` is, if it is one."""
        return self._probes.get(normalise(text))
