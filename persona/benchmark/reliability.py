"""How far the judge can be trusted: it is asked twice, the other way round, and tempted.

A judge of another benchmark accepted 63 % of wrong but vague answers (memory-systems 2.3).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.benchmark.ledger import Ledger, charged
from persona.benchmark.roles import Judge
from persona.benchmark.schema import Person, Query, Scene
from persona.benchmark.scores import JudgeReliability
from persona.benchmark.statistics import interval
from persona.benchmark.truth import truth

# Trials of each kind: enough for an interval of some ten points.
TRIALS = 100
# From here on an answer counts as accepted: the anchor "partly meets the need".
_ACCEPTED = 7
# On topic for every question, and no answer to any.
VAGUE = (
    "That depends on many things. There are several options, each with its advantages, and what "
    "works for one person may not work for another. Think about what matters most to you, and "
    "take your time."
)


@dataclass(frozen=True, slots=True)
class Case:
    """A first reply of some setting, and the one with the golden persona to the same query."""

    person: Person
    scene: Scene
    query: Query
    reply: str
    other: str


def choose(cases: Sequence[Case], seed: int) -> list[Case]:
    """Return at most `TRIALS` of the cases, by chance that can be repeated."""
    return random.Random(f"{seed}/reliability").sample(cases, min(TRIALS, len(cases)))


async def examine(judge: Judge, cases: Sequence[Case]) -> JudgeReliability:
    """Return repeat agreement, position bias, and the share of vague answers accepted.

    Agreement: both scores of a first reply are the same when it is judged again. Position bias: the
    verdict on a pair is another when its replies change places.
    """
    agreed: list[tuple[str, float]] = []
    biased: list[tuple[str, float]] = []
    accepted: list[tuple[str, float]] = []
    for case in cases:
        person_id = case.person.person_id
        about = (case.person, truth(case.person, case.scene.session), case.scene, case.query)
        once = await judge.first_reply(*about, case.reply)
        # Kept answers are found by the repetition too, so this is asked anew.
        with charged(Ledger(repetition=1), "judge"):
            again = await judge.first_reply(*about, case.reply)
        agreed.append((person_id, float(once == again)))
        before = await judge.pair(*about, case.reply, case.other)
        after = await judge.pair(*about, case.other, case.reply)
        biased.append((person_id, float(before != _TURNED[after])))
        helpful, _ = await judge.first_reply(*about, VAGUE)
        accepted.append((person_id, float(helpful >= _ACCEPTED)))
    if not cases:
        return JudgeReliability()
    return JudgeReliability(
        repeat_agreement=interval(agreed),
        position_bias=interval(biased),
        vague_accepted=interval(accepted),
    )


_TURNED: Mapping[str, str] = {"first": "second", "second": "first", "tie": "tie"}
