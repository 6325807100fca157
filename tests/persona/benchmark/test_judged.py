"""What a judge's verdicts come to, and how far the judge can be trusted: computed by hand."""

from __future__ import annotations

from typing import Any

from persona.benchmark.judged import Judging
from persona.benchmark.log import LoggedTurn
from persona.benchmark.metrics.life import Lived
from persona.benchmark.reliability import TRIALS, VAGUE, Case, choose, examine
from persona.benchmark.roles import Better
from persona.benchmark.schema import Need
from persona.benchmark.scores import JudgeReliability
from persona.benchmark.scripted.judge import ScriptedJudge
from persona.benchmark.scripted.reply import write
from tests.persona.benchmark.lived import held, life, seen, session
from tests.persona.benchmark.made import AGE, CAREER, INTERESTS, query, scene, someone

PERSON = someone({CAREER: "baker", AGE: "42", INTERESTS: ("chess", "jazz")})
SCENES = [scene(number, Need(slot=CAREER), scene_id=f"s{number}") for number in (1, 2, 3)]
QUERIES = {each.scene_id: query(each) for each in SCENES}
RIGHT, NONE, WRONG = write({CAREER: ["baker"]}, {}), write({}, {}), write({CAREER: ["vet"]}, {})


class PrefersTheFirst(ScriptedJudge):
    """Where two replies are as good, the first is better."""

    async def pair(self, *about: Any) -> Better:
        found = await super().pair(*about)
        return "first" if found == "tie" else found


class ChangesItsMind(ScriptedJudge):
    """Judges the first reply worse when it is asked again, and takes to vague answers for b."""

    def __init__(self) -> None:
        self.asked = 0

    async def first_reply(self, *about: Any) -> tuple[int, int]:
        self.asked += 1
        if about[-1] == VAGUE:
            return (7, 5) if about[0].person_id == "b" else (5, 5)
        helpful, personal = await super().first_reply(*about)
        return (helpful, 0) if self.asked == 2 else (helpful, personal)


def lived(*replies: str) -> Lived:
    sessions = [
        session(
            number,
            held(CAREER, "Baker"),
            held(AGE, "41", status="pending"),
            turns=(LoggedTurn(kind="query", said="?", reply=reply, satisfied=True),),
        )
        for number, reply in enumerate(replies, 1)
    ]
    return life(PERSON, *sessions, scenes=SCENES)


async def test_first_replies_get_their_marks() -> None:
    found = seen(await Judging(ScriptedJudge(), QUERIES).replies(lived(RIGHT, NONE, WRONG)))
    assert [found[number, "helpfulness"] for number in (1, 2, 3)] == [10, 5, 5]
    assert [found[number, "personalization"] for number in (1, 2, 3)] == [10, 5, 0]


async def test_similarity_is_the_mean_of_two_marks_for_what_is_active_at_the_end() -> None:
    found = await Judging(ScriptedJudge(), QUERIES).similarity(lived(NONE, NONE))
    # One of four true values and nothing wrong: consistency 10, detail 3.
    assert [(each.session, each.unit, each.value) for each in found] == [(2, "end", 6.5)]


async def test_a_pair_is_judged_in_both_positions() -> None:
    golden = {"s1": NONE, "s2": RIGHT, "s3": RIGHT}
    life = lived(RIGHT, RIGHT, NONE)
    for judge in (ScriptedJudge(), PrefersTheFirst()):
        found = seen(await Judging(judge, QUERIES).pairs(life, golden))
        assert found == {(1, "win_golden"): 1, (2, "win_golden"): 0.5, (3, "win_golden"): 0}


async def test_without_a_golden_reply_there_is_no_pair() -> None:
    assert await Judging(ScriptedJudge(), QUERIES).pairs(lived(RIGHT), {}) == []


def case(person_id: str, reply: str, other: str) -> Case:
    person = PERSON.model_copy(update={"person_id": person_id})
    return Case(person, SCENES[0], QUERIES["s1"], reply, other)


CASES = [case("a", RIGHT, RIGHT), case("a", NONE, RIGHT), case("b", RIGHT, RIGHT)]


async def told(judge: ScriptedJudge) -> tuple[float, float, float]:
    found = await examine(judge, CASES)
    shares = (found.repeat_agreement, found.position_bias, found.vague_accepted)
    agreed, biased, vague = (each.mean for each in shares if each is not None)
    return agreed, biased, vague


async def test_rules_agree_with_themselves() -> None:
    assert await told(ScriptedJudge()) == (1, 0, 0)


async def test_bias_is_a_verdict_that_changes_with_the_place() -> None:
    # One of the two pairs of a, and that of b; every person weighs alike.
    assert await told(PrefersTheFirst()) == (1, 0.75, 0)


async def test_agreement_and_vague_answers_are_shares_of_the_trials() -> None:
    # Of a's two replies one was judged otherwise; of b's vague answers the one was accepted.
    assert await told(ChangesItsMind()) == (0.75, 0, 0.5)


async def test_without_cases_nothing_is_said() -> None:
    assert await examine(ScriptedJudge(), []) == JudgeReliability()


def test_some_cases_are_chosen_always_the_same() -> None:
    many = [case(f"p{number}", RIGHT, NONE) for number in range(3 * TRIALS)]
    chosen = choose(many, 7)
    assert len(chosen) == len({each.person.person_id for each in chosen}) == TRIALS
    assert chosen == choose(many, 7)
    assert chosen != choose(many, 8)
    assert len(choose(CASES, 7)) == len(CASES)
