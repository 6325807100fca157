"""The judge by rules: every anchor by hand."""

from __future__ import annotations

import pytest

from persona.benchmark.schema import Api, Need
from persona.benchmark.scripted.judge import ScriptedJudge
from persona.benchmark.scripted.reply import write, write_unread
from persona.benchmark.truth import truth
from tests.persona.benchmark.made import AGE, CAREER, INTERESTS, query, scene, someone

PERSON = someone({CAREER: "baker", AGE: "42", INTERESTS: ("chess", "jazz")})
ASKED = scene(1, Need(slot=CAREER), Need(slot=INTERESTS, item="jazz"))
CALLING = scene(1, Need(slot=CAREER), apis=(Api(name="weather", description="Tells it."),))
WHOLE = write({CAREER: ["baker"], INTERESTS: ["jazz"]}, {})
HALF, NONE = write({CAREER: ["baker"]}, {}), write({}, {})
WRONG = write({CAREER: ["baker"], INTERESTS: ["jazz", "go"]}, {})


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        (WHOLE, (10, 10)),
        (HALF, (7, 7)),
        (NONE, (5, 5)),
        (write_unread(), (3, 5)),
        (WRONG, (7, 0)),
        (write({CAREER: ["vet"]}, {}), (5, 0)),
    ],
)
async def test_the_first_reply(reply: str, scores: tuple[int, int]) -> None:
    about = (PERSON, truth(PERSON, 1), ASKED, query(ASKED))
    assert await ScriptedJudge().first_reply(*about, reply) == scores


async def test_a_function_not_called_and_a_scene_without_needs() -> None:
    judge, now = ScriptedJudge(), truth(PERSON, 1)
    about = (PERSON, now, CALLING, query(CALLING))
    assert await judge.first_reply(*about, HALF) == (7, 10)
    called = write({CAREER: ["baker"]}, {"weather": "dry"})
    assert await judge.first_reply(*about, called) == (10, 10)
    assert await judge.first_reply(PERSON, now, scene(1), query(ASKED), NONE) == (10, 10)


@pytest.mark.parametrize(
    ("learned", "scores"),
    [
        # Of 4 true values: none; 1 of 4; 2; 3; all; all and one that is wrong; all and four.
        ({}, (0, 0)),
        ({AGE: ["43"]}, (0, 0)),
        ({AGE: ["42"]}, (10, 3)),
        ({AGE: ["42"], CAREER: ["Baker!"]}, (10, 5)),
        ({AGE: ["42"], INTERESTS: ["jazz", "chess"]}, (10, 7)),
        ({AGE: ["42"], CAREER: ["baker"], INTERESTS: ["jazz", "chess"]}, (10, 10)),
        ({AGE: ["42"], CAREER: ["baker"], INTERESTS: ["jazz", "chess", "go"]}, (7, 10)),
        ({AGE: ["42"], CAREER: ["vet"], INTERESTS: ["go", "golf"]}, (3, 3)),
        ({AGE: ["42"], CAREER: ["vet"], INTERESTS: ["go"]}, (5, 3)),
    ],
)
async def test_similarity(learned: dict[str, list[str]], scores: tuple[int, int]) -> None:
    assert await ScriptedJudge().similarity(truth(PERSON, 1).usable, learned) == scores


async def test_a_pair() -> None:
    judge, about = ScriptedJudge(), (PERSON, truth(PERSON, 1), ASKED, query(ASKED))
    assert await judge.pair(*about, WHOLE, HALF) == "first"
    assert await judge.pair(*about, HALF, WHOLE) == "second"
    assert await judge.pair(*about, WRONG, NONE) == "second"
    assert await judge.pair(*about, HALF, HALF) == "tie"


def test_the_rules_are_told_in_full() -> None:
    rules = ScriptedJudge().prompts["rules"]
    assert "at most 7 when something wrong is taken for granted or a function" in rules
    assert "5 none or not about the question" in rules
    assert ScriptedJudge().model == "rules"
