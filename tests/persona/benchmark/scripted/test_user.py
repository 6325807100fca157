"""The simulated user by rules: satisfied or not, and what they say then."""

from __future__ import annotations

import pytest

from persona.benchmark.dialogue import Exchange
from persona.benchmark.schema import Event, Need, Scene
from persona.benchmark.scripted.reply import write
from persona.benchmark.scripted.table import languages, table
from persona.benchmark.scripted.user import ScriptedUser
from persona.benchmark.truth import truth
from tests.persona.benchmark.lived import change, forget
from tests.persona.benchmark.made import (
    CAREER,
    EXTRAVERSION,
    INTERESTS,
    NAME,
    query,
    scene,
    someone,
)

PERSON = someone(
    {
        CAREER: "baker",
        INTERESTS: ("chess", "jazz"),
        EXTRAVERSION: "introversion",
        "pattern.usage": "in no table",
    },
    change(4, CAREER, "baker", "vet"),
    forget(5, CAREER, "vet"),
)
NEEDS = (Need(slot=INTERESTS, item="jazz"), Need(slot=CAREER))


async def said(of: Scene, *told: dict[str, list[str]], reveals: bool = True) -> str:
    dialogue = [Exchange("…", write(each, {})) for each in told]
    about = (PERSON, truth(PERSON, of.session), of, dialogue)
    user = ScriptedUser(reveals=reveals)
    assert not await user.verdict(*about)
    return await user.answer(*about)


async def test_a_session_opens_with_the_neutral_query() -> None:
    asked = query(scene(1), "What now?").model_copy(update={"personalized": "I, Kemi: what now?"})
    assert await ScriptedUser().opening(asked) == "What now?"


async def test_satisfied_by_the_last_reply_alone() -> None:
    good = Exchange("…", write({INTERESTS: ["jazz"], CAREER: ["baker"]}, {}))
    poor = Exchange("…", write({INTERESTS: ["jazz"]}, {}))
    about = (PERSON, truth(PERSON, 1), scene(1, *NEEDS))
    user = ScriptedUser()
    assert await user.verdict(*about, [poor, good])
    assert not await user.verdict(*about, [good, poor])


async def test_one_thing_is_corrected_at_a_time_what_is_wrong_first() -> None:
    asked = scene(4, *NEEDS)
    assert await said(asked, {}) == "I love jazz."
    assert await said(asked, {INTERESTS: ["jazz"]}) == "I work as a vet."
    # Of a list what is wrong has ended; of one value the right one takes its place.
    assert await said(asked, {INTERESTS: ["jazz", "go"], CAREER: ["vet"]}) == "I no longer love go."
    assert await said(asked, {CAREER: ["baker"]}) == "I work as a vet."
    assert await said(asked, {CAREER: ["vet"]}, {INTERESTS: ["jazz"]}) == "I work as a vet."


async def test_what_nobody_says_plainly_is_hinted_at() -> None:
    hints = table("en").hints[EXTRAVERSION]["introversion"]
    need = Need(slot=EXTRAVERSION)
    assert await said(scene(2, need), {}) == hints[0]
    assert await said(scene(3, need), {}) == hints[1]
    assert await said(scene(3, need), {EXTRAVERSION: ["extraversion"]}) == hints[1]


async def test_without_words_or_without_revealing_it_only_does_not_fit() -> None:
    vague = table("en").not_yet
    need = Need(slot="pattern.usage")
    assert await said(scene(1, need), {}) == vague[1]
    assert await said(scene(1, need), {}, {}) == vague[0]
    assert await said(scene(1, need, *NEEDS), {}) == "I love jazz."
    assert await said(scene(1, *NEEDS), {}, reveals=False) == vague[1]


@pytest.mark.parametrize("language", languages())
async def test_the_wish_to_forget_is_said_in_ones_language(language: str) -> None:
    person = someone({NAME: "Kemi"}, language=language)
    wish = await ScriptedUser().forget(person, forget(2, NAME, "Kemi"))
    assert wish == table(language).forget(NAME, "Kemi")


async def test_what_there_is_no_sentence_for_is_said_as_it_was_written() -> None:
    wish = Event(
        session=2,
        kind="forget",
        slot=EXTRAVERSION,
        before="introversion",
        said="Do not call me so.",
    )
    assert await ScriptedUser().forget(PERSON, wish) == "Do not call me so."
