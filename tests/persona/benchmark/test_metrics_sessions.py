"""Utterances, probes and costs, and that all metrics of a life are measured."""

from __future__ import annotations

import pytest

from persona.benchmark.log import Cost, LifeEnd, LoggedProbe
from persona.benchmark.metrics import costs, every, probes, utterances
from persona.benchmark.metrics.life import Lived, MismatchError
from persona.benchmark.scores import METRICS
from persona.benchmark.settings import Price
from persona.registry import Registry
from tests.persona.benchmark.lived import (
    CAREER,
    INTERESTS,
    change,
    forget,
    held,
    life,
    person,
    probe,
    scene,
    seen,
    session,
)

BOB = person(
    {CAREER: "baker", INTERESTS: ("jazz", "chess")},
    change(2, CAREER, "baker", "teacher"),
    forget(2, INTERESTS, "jazz"),
)
COSTS = {
    "chat": Cost(calls=2, prompt_tokens=1000, completion_tokens=100),
    "optimizer": Cost(calls=1, prompt_tokens=500, completion_tokens=20),
    "simulator": Cost(calls=7, prompt_tokens=9000, completion_tokens=900),
    "api": Cost(calls=7, prompt_tokens=9000, completion_tokens=900),
}


def test_utterances_and_whether_they_were_enough() -> None:
    lived = life(BOB, session(1, utterances=2), session(2, utterances=3, censored=True))
    assert seen(utterances.measure(lived)) == {
        (1, "utterances"): 2,
        (1, "censored"): 0,
        (2, "utterances"): 3,
        (2, "censored"): 1,
    }


@pytest.mark.parametrize(
    ("chosen", "former", "expected"),
    [
        (2, 0, {"probe": 1, "probe_former": 0}),
        (0, 0, {"probe": 0, "probe_former": 1}),
        (None, 0, {"probe": 0, "probe_former": 0}),
        (2, None, {"probe": 1}),
        (None, None, {"probe": 0}),
    ],
)
def test_probes(chosen: int | None, former: int | None, expected: dict[str, float]) -> None:
    answer = LoggedProbe(probe_id="q1", session=3, chosen=chosen)
    lived = life(BOB, answer, setting="none", probes=[probe("q1", 2, former)])
    found = list(probes.measure(lived))
    assert {one.metric: one.value for one in found} == expected
    assert {(one.unit, one.session) for one in found} == {("q1", 3)}


def test_a_probe_of_another_dataset_is_named() -> None:
    lived = life(BOB, LoggedProbe(probe_id="q1", session=3, chosen=0))
    with pytest.raises(MismatchError, match="probe q1 is not in the dataset"):
        list(probes.measure(lived))


def test_costs_are_those_of_the_bot() -> None:
    lived = life(BOB, session(1, costs=COSTS), session(2))
    # 1,500 tokens at 2 a million and 120 at 10 are 0.003 and 0.0012.
    found = seen(costs.measure(lived, {"m1": Price(prompt=2, completion=10)}))
    assert found == {
        (1, "calls"): 3,
        (1, "prompt_tokens"): 1500,
        (1, "completion_tokens"): 120,
        (1, "money"): pytest.approx(0.0042),
        (2, "calls"): 0,
        (2, "prompt_tokens"): 0,
        (2, "completion_tokens"): 0,
        (2, "money"): 0,
    }


def test_without_a_price_there_is_no_money() -> None:
    found = seen(costs.measure(life(BOB, session(1)), {"m2": Price(prompt=2, completion=10)}))
    assert (1, "money") not in found
    assert (1, "calls") in found


def test_a_life_is_measured_by_every_metric_that_needs_no_judge() -> None:
    lived = life(
        BOB,
        session(2, held(CAREER, "baker")),
        LoggedProbe(probe_id="q1", session=2, chosen=0),
        LifeEnd(sessions=1),
        scenes=[scene(2)],
        probes=[probe("q1", 2, 0)],
    )
    found = every.measure(lived, Registry(), {"m1": Price(prompt=2, completion=10)})
    judged = {"helpfulness", "personalization", "similarity", "win_golden"}
    assert {one.metric for one in found} == set(METRICS) - judged


def test_a_life_belongs_to_its_person() -> None:
    lived = life(BOB)
    with pytest.raises(MismatchError, match="one of p1, not of p2"):
        Lived(lived.header, BOB.model_copy(update={"person_id": "p2"}), (), {}, {})
