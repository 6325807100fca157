"""Whether a dataset makes sense: its records fit each other, its people can be, nothing leaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from persona.benchmark.consistency import contradictions
from persona.benchmark.dataset import Dataset
from persona.benchmark.filters import RESERVED, keep
from persona.benchmark.leaks import audit
from persona.benchmark.scores import Leak
from persona.benchmark.truth import truth
from persona.normalise import normalise
from persona.registry import Registry


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found: sentences about records, leaks, and how many texts were audited."""

    problems: list[str]
    leaks: list[Leak]
    audited: int


def examine(dataset: Dataset) -> Examined:
    """Return what is wrong with a dataset; nothing of it is changed."""
    leaks, audited = audit(dataset.people, dataset.scenes, dataset.queries.values())
    problems = [*refusals(dataset), *_people(dataset), *_scenes(dataset, leaks), *_probes(dataset)]
    return Examined(problems, leaks, audited)


def refusals(dataset: Dataset) -> Iterator[str]:
    """Yield what keeps a dataset from being run at all."""
    if not any(dataset.lives.values()):
        yield "there is nobody with a scene and its query"
    named = {
        "person": [person.person_id for person in dataset.people],
        "scene": [scene.scene_id for scene in dataset.scenes],
        "session": [f"{scene.person_id}, {scene.session}" for scene in dataset.scenes],
        "probe": [probe.probe_id for probe in dataset.probes],
    }
    for kind, names in named.items():
        for name, number in Counter(names).items():
            if number > 1:
                yield f"the {kind} {name} is there {number} times"
    for scene in dataset.scenes:
        for name, number in Counter(api.name for api in scene.apis).items():
            if name in RESERVED:
                yield f"{scene.scene_id} has a function {name}, which is a tool of the bot"
            elif number > 1:
                yield f"{scene.scene_id} has the function {name} {number} times"


def _people(dataset: Dataset) -> Iterator[str]:
    registry = Registry()
    for person in dataset.people:
        for wrong in contradictions(person, registry):
            yield f"{person.person_id}: {wrong}"
        if not dataset.lives[person.person_id]:
            yield f"{person.person_id} has no scene"


def _scenes(dataset: Dataset, leaks: list[Leak]) -> Iterator[str]:
    earlier = {scene.scene_id: scene for scene in dataset.scenes}
    for scene in dataset.scenes:
        first = earlier.get(scene.repeats or "")
        if scene.repeats and (first is None or first.session >= scene.session):
            yield f"{scene.scene_id} repeats what did not come before it"
    _, _, dropped = keep(dataset.people, dataset.scenes, dataset.queries, {}, leaks)
    for each in dropped:
        # Leaks and functions are told by themselves, and what repeats a scene is not at fault.
        if each.reason not in ("leak", "function-name", "repeats-what-was-dropped"):
            yield f"{each.record_id}: {each.reason}{f' ({each.detail})' if each.detail else ''}"


def _probes(dataset: Dataset) -> Iterator[str]:
    people = {person.person_id: person for person in dataset.people}
    for probe in dataset.probes:
        person = people.get(probe.person_id)
        if person is None:
            yield f"{probe.probe_id} is about nobody"
            continue
        values = truth(person, probe.session).usable.get(probe.slot, ())
        right = [
            place
            for place, option in enumerate(probe.options)
            if normalise(option) in map(normalise, values)
        ]
        if values and right != [probe.answer]:
            yield f"{probe.probe_id} has not one right option"
