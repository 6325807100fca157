"""The sample dataset: whole, true to what its people are, and free of what would tell them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain

import pytest

from persona.benchmark.schema import Event, Manifest, Need, Person, Query, Scene
from persona.benchmark.scripted.table import STATED, languages, table
from persona.benchmark.truth import truth
from persona.learning.gate import judge
from persona.learning.gate.wish import asks_to
from persona.registry import Registry
from tests.support.gate import context, propose

FOLDER = resources.files("persona.benchmark.sample")
REGISTRY = Registry()
LANGUAGES = ("en", "zh", "es", "fr", "ja", "id")
# Languages written without spaces, whose runs are counted in characters.
UNSPACED = ("zh", "ja")


@dataclass(frozen=True)
class Life:
    """A person, their scenes by session, and the queries of these."""

    person: Person
    scenes: tuple[Scene, ...]
    queries: dict[str, Query]

    def needing(self, need: Need, first: int, last: int) -> int:
        """Return how many scenes from session `first` to `last` have `need`."""
        return sum(need in scene.needs for scene in self.scenes if first <= scene.session <= last)


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


@cache
def lives() -> tuple[Life, ...]:
    scenes = [Scene.model_validate_json(line) for line in _lines("scenes.jsonl")]
    queries = [Query.model_validate_json(line) for line in _lines("queries.jsonl")]
    found = []
    for line in _lines("personas.jsonl"):
        person = Person.model_validate_json(line)
        own = tuple(scene for scene in scenes if scene.person_id == person.person_id)
        ids = {scene.scene_id for scene in own}
        asked = {query.scene_id: query for query in queries if query.scene_id in ids}
        found.append(Life(person, own, asked))
    return tuple(found)


def _values(person: Person) -> Iterator[tuple[str, str]]:
    """Yield every slot and value that holds at some time, former and later ones included."""
    for slot, value in person.slots.items():
        for single in (value,) if isinstance(value, str) else value:
            yield slot, single
    for event in person.events:
        if event.after is not None:
            yield event.slot, event.after


def slot_problems(life: Life) -> Iterator[str]:
    """Yield what is no slot, of the wrong kind, or nothing the scripted track can speak of."""
    for name, value in life.person.slots.items():
        if name not in REGISTRY:
            yield f"{name} is no slot"
            continue
        if (REGISTRY[name].kind == "list") != isinstance(value, tuple):
            yield f"{name} is of the wrong kind"
        if isinstance(value, tuple) and not 2 <= len(value) <= 4:
            yield f"{name} has {len(value)} items"
    for name, single in _values(life.person):
        if name not in REGISTRY:
            continue
        if len(single) > REGISTRY[name].max_length:
            yield f"{single} is too long"
        if REGISTRY[name].choices and single not in REGISTRY[name].choices:
            yield f"{single} is no choice of {name}"
        if life.person.language in languages():
            yield from _speech_problems(life.person.language, name, single)


def _speech_problems(language: str, slot: str, value: str) -> Iterator[str]:
    spoken = table(language)
    if slot in STATED:
        said = spoken.state(slot, value)
        accepted, _ = judge([propose(slot, value, (1, said))], context(said))
        if not accepted:
            yield f"{said}: is not learned"
        if not asks_to("forget", spoken.forget(slot, value)):
            yield f"{spoken.forget(slot, value)}: is no wish to forget"
    elif value not in spoken.hints[slot]:
        yield f"{value}: nothing hints at it"


def life_problems(life: Life) -> Iterator[str]:
    """Yield what is wrong with the sessions: their number, kinds, repeats and queries."""
    if [scene.session for scene in life.scenes] != list(range(1, len(life.scenes) + 1)):
        yield "sessions do not run from 1 without gaps"
    if not 20 <= len(life.scenes) <= 24:
        yield f"{len(life.scenes)} sessions"
    kinds = Counter(scene.kind for scene in life.scenes)
    if (kinds["common"], kinds["own"]) != (10, 10):
        yield f"{kinds['common']} common scenes and {kinds['own']} own ones"
    by_id = {scene.scene_id: scene for scene in life.scenes}
    again = Counter(scene.repeats for scene in life.scenes if scene.repeats is not None)
    if not 1 <= len(again) <= 2 or set(again.values()) != {2}:
        yield f"scenes come back: {dict(again)}"
    for scene in life.scenes:
        if scene.repeats is None:
            continue
        first = by_id.get(scene.repeats)
        if first is None or first.kind == "repeat" or first.session >= scene.session:
            yield f"{scene.scene_id} repeats no earlier scene"
        elif first.context == scene.context:
            yield f"{scene.scene_id} has no new context"
    if set(life.queries) != set(by_id):
        yield "queries and scenes differ"
    if not 0.3 <= sum(bool(scene.apis) for scene in life.scenes) / len(life.scenes) <= 0.4:
        yield "about a third of scenes have functions"
    if any(len(scene.apis) > 2 for scene in life.scenes):
        yield "a scene has more than two functions"


def event_problems(life: Life) -> Iterator[str]:
    """Yield events that are not what holds, or that no scene before or after can measure."""
    kinds = Counter(event.kind for event in life.person.events)
    if kinds["change"] < 2 or kinds["forget"] != 1:
        yield f"events: {dict(kinds)}"
    for event in life.person.events:
        name = f"{event.kind} in session {event.session}"
        first, last = (6, 16) if event.kind == "change" else (10, 17)
        if not first <= event.session <= last:
            yield f"{name} is out of place"
        held = truth(life.person, event.session - 1).usable.get(event.slot, ())
        if event.before not in held:
            yield f"{name} ends {event.before}, which does not hold"
        if any(value not in event.said for value in (event.before, event.after) if value):
            yield f"{name} does not say its values"
        if (event.kind == "forget") != asks_to("forget", event.said):
            yield f"{name} is no such wish: {event.said}"
        if life.needing(_need(event, event.before), 1, event.session - 1) < 2:
            yield f"{name}: too few scenes need the old value before"
        now = _need(event, event.after)
        if event.kind == "change" and not life.needing(now, event.session, event.session):
            yield f"{name}: its own scene does not need the new value"
        after = (event.session + 1, event.session + 4)
        if event.kind == "change" and life.needing(now, *after) < 2:
            yield f"{name}: too few of the next scenes need the new value"
        late = (event.session + 1, len(life.scenes))
        if event.kind == "forget" and life.needing(_need(event, event.before), *late) < 2:
            yield f"{name}: too few later scenes would use the value"


def _need(event: Event, value: str | None) -> Need:
    is_list = event.slot in REGISTRY and REGISTRY[event.slot].kind == "list"
    return Need(slot=event.slot, item=value if is_list else None)


def need_problems(life: Life) -> Iterator[str]:
    """Yield needs of what is not true at the time, and slots that nothing needs."""
    for scene in life.scenes:
        held = truth(life.person, scene.session).values
        if not 1 <= len(scene.needs) <= 3:
            yield f"{scene.scene_id} has {len(scene.needs)} needs"
        for need in scene.needs:
            is_list = need.slot in REGISTRY and REGISTRY[need.slot].kind == "list"
            if need.slot not in held:
                yield f"{scene.scene_id} needs {need.slot}, which has no value"
            elif is_list != (need.item is not None):
                yield f"{scene.scene_id} needs an item of a list only"
            elif is_list and need.item not in held[need.slot]:
                yield f"{scene.scene_id} needs {need.item}, which is not true"
    needed = Counter(need.slot for scene in life.scenes for need in scene.needs)
    for slot in life.person.slots:
        if not needed[slot]:
            yield f"nothing needs {slot}"
    if sum(count for _, count in needed.most_common(3)) < 12:
        yield "the commonest slots come too seldom to be worth learning"


def leaks(life: Life) -> Iterator[str]:
    """Yield values, and runs of three words or four characters of them, that a text tells."""
    is_spaced = life.person.language not in UNSPACED
    for scene in life.scenes:
        asked = life.queries.get(scene.scene_id)
        texts = [scene.title, scene.description, scene.context, scene.expected_response]
        texts += [asked.neutral] if asked else []
        for api in scene.apis:
            texts += [api.name, api.description, *api.arguments, *api.arguments.values()]
        for text in texts:
            for slot, value in _values(life.person):
                told = _told_words(text, value) if is_spaced else _told_signs(text, value)
                if told:
                    yield f"{scene.scene_id}: {slot} {value!r} in {text!r}"


def _told_words(text: str, value: str) -> bool:
    words, known = (re.findall(r"\w+", given.casefold()) for given in (text, value))
    size = min(3, len(known))
    runs = {tuple(known[at : at + size]) for at in range(len(known) - size + 1)}
    return any(tuple(words[at : at + size]) in runs for at in range(len(words) - size + 1))


def _told_signs(text: str, value: str) -> bool:
    size = min(4, len(value))
    runs = (value[at : at + size] for at in range(len(value) - size + 1))
    return any(run in text for run in runs)


CHECKS = (slot_problems, life_problems, event_problems, need_problems, leaks)


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_life_is_in_order(language: str, check: Callable[[Life], Iterator[str]]) -> None:
    (life,) = (life for life in lives() if life.person.language == language)
    assert list(check(life)) == []


def test_every_neutral_query_is_asked_once() -> None:
    asked = Counter(query.neutral.casefold() for life in lives() for query in life.queries.values())
    assert [text for text, count in asked.items() if count > 1] == []


def test_names_are_given_once() -> None:
    assert tuple(life.person.person_id for life in lives()) == tuple(
        f"sample-{language}" for language in LANGUAGES
    )
    ids = [scene.scene_id for scene in chain.from_iterable(life.scenes for life in lives())]
    assert len(ids) == len(set(ids)) == len(_lines("scenes.jsonl")) == len(_lines("queries.jsonl"))


def test_the_manifest_counts_what_there_is() -> None:
    manifest = Manifest.model_validate_json((FOLDER / "manifest.json").read_text("utf-8"))
    assert (manifest.name, manifest.track, manifest.licence) == ("sample", "scripted", "CC0-1.0")
    assert manifest.counts == {name: len(_lines(name)) for name in manifest.counts}
    assert set(manifest.counts) == {
        f"{name}.jsonl" for name in ("personas", "scenes", "queries", "probes")
    }
    assert manifest.languages == dict.fromkeys(LANGUAGES, 1)
