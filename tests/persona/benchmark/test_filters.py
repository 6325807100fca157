"""What of scenes and queries is kept, and why the rest is dropped."""

from __future__ import annotations

import pytest

from persona.benchmark.filters import Checked, keep
from persona.benchmark.schema import Api, Dropped, Need, Query, Scene
from persona.benchmark.scores import Leak
from tests.persona.benchmark.lived import change
from tests.persona.benchmark.made import CAREER, INTERESTS, queries, query, scene, someone

PERSON = someone({CAREER: "baker", INTERESTS: ("chess", "go")}, change(5, CAREER, "baker", "nurse"))


def api(name: str) -> Api:
    return Api(name=name, description="Does it.")


def reasons(dropped: list[Dropped]) -> list[tuple[str, str]]:
    return [(each.record_id, each.reason) for each in dropped]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (scene(1), ""),
        (scene(1, Need(slot=CAREER), Need(slot=INTERESTS, item="Chess")), ""),
        (scene(1, Need(slot=INTERESTS, item="tea")), "untrue-need"),
        (scene(1, Need(slot="demographics.age")), "untrue-need"),
        (scene(4, Need(slot=CAREER, item="nurse")), "untrue-need"),
        (scene(5, Need(slot=CAREER, item="nurse")), ""),
        (scene(1, person_id="p9"), "nobody"),
        (scene(1, apis=(api("search"), api("play"))), ""),
        (scene(1, apis=(api("search"), api("search"))), "function-name"),
        (scene(1, apis=(api("remember"),)), "function-name"),
    ],
)
def test_a_scene_is_kept_or_dropped_with_its_reason(one: Scene, reason: str) -> None:
    kept, asked, dropped = keep([PERSON], [one], queries([one]), {}, [])
    assert [each.reason for each in dropped] == ([reason] if reason else [])
    assert kept == ([] if reason else [one])
    assert asked == ([] if reason else [query(one)])


@pytest.mark.parametrize(
    ("checked", "reason"),
    [
        ({"answerable": True, "neutral": True}, []),
        ({"answerable": False, "neutral": True, "reason": "of what?"}, ["not-answerable"]),
        ({"answerable": True, "neutral": False}, ["not-neutral"]),
    ],
)
def test_what_the_writer_said_of_a_query_counts(
    checked: dict[str, bool | str], reason: list[str]
) -> None:
    one = scene(1)
    verdict = Checked.model_validate({"scene_id": one.scene_id} | checked)
    _, _, dropped = keep([PERSON], [one], queries([one]), {one.scene_id: verdict}, [])
    assert [each.reason for each in dropped] == reason
    assert [each.detail for each in dropped if each.detail] == (
        ["of what?"] if "reason" in checked else []
    )


def test_a_query_is_asked_once_in_a_life_in_whatever_spelling() -> None:
    first, again = scene(1), scene(2)
    other = scene(1, person_id="p2")
    asked: dict[str, Query] = {
        first.scene_id: query(first, "What can I eat?"),
        again.scene_id: query(again, "what can I eat"),
        other.scene_id: query(other, "What can I eat?"),
    }
    people = [PERSON, someone({}, person_id="p2")]
    kept, _, dropped = keep(people, [first, again, other], asked, {}, [])
    assert kept == [first, other]
    assert reasons(dropped) == [(again.scene_id, "duplicate")]


def test_a_leak_is_dropped_with_what_repeats_it() -> None:
    first, other = scene(1), scene(2)
    again = scene(3, kind="repeat", repeats=first.scene_id)
    scenes = [first, other, again]
    leak = Leak(person_id="p1", scene_id=first.scene_id, field="title", slot=CAREER, found="baker")
    kept, _, dropped = keep([PERSON], scenes, queries(scenes), {}, [leak])
    assert kept == [other]
    assert reasons(dropped) == [
        (first.scene_id, "leak"), (again.scene_id, "repeats-what-was-dropped"),
    ]  # fmt: skip
    assert dropped[0].detail == f"title tells {CAREER}"


def test_a_scene_without_a_query_cannot_be_lived() -> None:
    kept, _, dropped = keep([PERSON], [scene(1), scene(2)], queries([scene(2)]), {}, [])
    assert kept == [scene(2)]
    assert reasons(dropped) == [(scene(1).scene_id, "no-query")]
