"""Filtering and refinement: what of scenes and queries can be used (paper, 4.2, last stage).

A query has to be answerable, neutral, no duplicate, and like its scene free of leaks. What is
dropped is counted with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from persona.benchmark.schema import Dropped, Person, Query, Record, Scene
from persona.benchmark.scores import Leak
from persona.benchmark.truth import truth
from persona.normalise import bare, normalise

# Names of the bot's own tools: a function of the device called so would hide them.
RESERVED = frozenset({"remember", "forget", "what_do_you_know", "current_time"})


class Checked(Record):
    """What the writer said of a query: the fourth stage's last line about a scene.

    `of` is a hash of the person and the scene that it was written for, `query` one of the query.
    """

    scene_id: str
    of: str = ""
    query: str = ""
    answerable: bool
    neutral: bool
    reason: str = ""


def keep(
    people: Sequence[Person],
    scenes: Sequence[Scene],
    queries: Mapping[str, Query],
    checked: Mapping[str, Checked],
    leaks: Iterable[Leak],
) -> tuple[list[Scene], list[Query], list[Dropped]]:
    """Return the scenes and queries that can be used, and what was dropped.

    `leaks` are those that the audit found in them.
    """
    known = {person.person_id: person for person in people}
    leaking = {leak.scene_id: leak for leak in leaks}
    kept: list[Scene] = []
    dropped: list[Dropped] = []
    asked: set[tuple[str, str]] = set()
    gone: set[str] = set()
    for scene in scenes:
        query = queries.get(scene.scene_id)
        reason, detail = _reason(scene, query, known, checked.get(scene.scene_id))
        key = (scene.person_id, bare(query.neutral) if query else "")
        if not reason and key in asked:
            reason = "duplicate"
        if not reason and scene.scene_id in leaking:
            leak = leaking[scene.scene_id]
            reason, detail = "leak", f"{leak.field} tells {leak.slot}"
        if not reason and scene.repeats in gone:
            reason = "repeats-what-was-dropped"
        if reason:
            gone.add(scene.scene_id)
            dropped.append(
                Dropped(stage="filter", record_id=scene.scene_id, reason=reason, detail=detail)
            )
            continue
        asked.add(key)
        kept.append(scene)
    return kept, [queries[scene.scene_id] for scene in kept], dropped


def _reason(
    scene: Scene,
    query: Query | None,
    people: Mapping[str, Person],
    checked: Checked | None,
) -> tuple[str, str]:
    person = people.get(scene.person_id)
    if person is None:
        return "nobody", scene.person_id
    if query is None:
        return "no-query", ""
    if checked is not None and not checked.answerable:
        return "not-answerable", checked.reason
    if checked is not None and not checked.neutral:
        return "not-neutral", checked.reason
    names = [api.name for api in scene.apis]
    if RESERVED & set(names) or len(set(names)) < len(names):
        return "function-name", ", ".join(names)
    return _unmet(scene, person)


def _unmet(scene: Scene, person: Person) -> tuple[str, str]:
    """A need that is not true of the person at that session could never be met."""
    values = truth(person, scene.session).values
    for need in scene.needs:
        held = set(map(normalise, values.get(need.slot, ())))
        if not held or (need.item is not None and normalise(need.item) not in held):
            return "untrue-need", need.slot
    return "", ""
