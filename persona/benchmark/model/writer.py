"""The generator of the model track's data: seeds, people, scenes, queries, filtering (paper, 4.2).

One place to find its steps; each stands in a module of its own.
"""

from __future__ import annotations

from persona.benchmark.model import events, functions, hints, people, queries, scene, scenes
from persona.benchmark.model.hints import grow_hints
from persona.benchmark.model.people import write_person
from persona.benchmark.model.queries import CheckedQuery, check_query, write_query
from persona.benchmark.model.scenes import write_repeat, write_scenes

__all__ = [
    "PROMPTS",
    "CheckedQuery",
    "check_query",
    "grow_hints",
    "write_person",
    "write_query",
    "write_repeat",
    "write_scenes",
]

PROMPTS: dict[str, str] = {
    **hints.PROMPTS,
    **people.PROMPTS,
    **events.PROMPTS,
    **scenes.PROMPTS,
    **scene.PROMPTS,
    **functions.PROMPTS,
    **queries.PROMPTS,
}
