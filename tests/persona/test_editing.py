"""What people change by hand: each change a version, and none of them undone by the learner."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from persona.changes import Overtaken
from persona.completion import Usage
from persona.editing import Editor
from persona.errors import EditError
from persona.history import Version
from persona.services import Services
from persona.tools.executor import ToolContext
from persona.tools.memory import MemoryTools, RememberArguments
from persona.turns import Incoming, Turn
from tests.persona.learning.test_learning import NAME, NOTHING, SCOPE, converse, values
from tests.support.clock import ManualClock
from tests.support.learning import Worker, stored
from tests.support.model import ScriptedModel, proposal, updates
from tests.support.stores import rows

pytestmark = pytest.mark.usefixtures("agreed")

ME = (1, SCOPE)
CALLED, LANGUAGES = "demographics.name", "demographics.languages"
INTERESTS, STYLES = "personality.values_and_interests", "preference.styles"
THINKING_FEELING = "personality.thinking_feeling"
SAID = "my name is Mei, I love green tea"
TEA = proposal(INTERESTS, "green tea", 1, "I love green tea", op="add_item")
GUESS = proposal(THINKING_FEELING, "feeling", 1, "I feel so much", basis="inferred") | {
    "evidence": [{"msg": 1, "quote": "I feel so much"}, {"msg": 3, "quote": "I felt moved"}]
}
CONFIRMED = proposal(THINKING_FEELING, None, 1, "I feel so much", op="confirm", item=1)
STATED = proposal(THINKING_FEELING, "thinking", 1, "I am a thinker")


@pytest.fixture
async def agreed(services: Services) -> Services:
    await services.consent.decide(1, "remember")
    return services


Learn = Callable[..., Awaitable[dict[str, int]]]


@pytest.fixture
def learn(agreed: Services, clock: ManualClock, model: ScriptedModel) -> Learn:
    """Learn proposals from three more sessions; return the codes of what was refused."""

    async def run(text: str, *proposals: dict[str, Any], then: str = "b") -> dict[str, int]:
        model.script(updates(*proposals), NOTHING)
        begin = int(clock.now().timestamp())
        await converse(agreed, clock, text, then, "c", begin=begin)
        await agreed.learner.tick()
        newest = "SELECT state, refusals FROM runs ORDER BY started_at DESC LIMIT 1"
        ((state, refusals),) = await rows(agreed.database, newest)
        assert state in ("applied", "empty", "refused")
        return json.loads(refusals) if refusals else {}

    return run


@pytest.fixture
async def known(agreed: Services, learn: Learn) -> Services:
    """Services with a name and an interest learned, as version 1."""
    assert await learn(SAID, NAME, TEA) == {}
    return agreed


async def state(services: Services) -> set[tuple[str, str, str, str]]:
    """Return slot, value, basis and status of what is known."""
    persona = await services.personas.load(*ME)
    return {(item.slot, item.value, item.basis, item.status) for item in persona.items}


async def version(services: Services) -> int:
    return (await services.personas.load(*ME)).version


async def named(services: Services, value: str) -> str:
    """Return the id of the only item of this value."""
    persona = await services.personas.load(*ME)
    (found,) = [item.item_id for item in persona.items if item.value == value]
    return found


def values_of(version: Version) -> set[str]:
    return {item.value for item in version.items.values()}


NAMED = (CALLED, "Mei", "stated", "active")
TEATIME = (INTERESTS, "green tea", "stated", "active")


# Setting.


async def test_a_value_set_by_hand_is_used_at_once_and_makes_a_version(
    services: Services, clock: ManualClock
) -> None:
    item_id = await services.editor.set(*ME, CALLED, "  Mei \n Lin ")
    clock.advance(timedelta(minutes=1))
    await services.editor.set(*ME, LANGUAGES, "German")
    clock.advance(timedelta(minutes=1))
    await services.editor.set(*ME, LANGUAGES, "Malay", valid_until=date(2027, 1, 1))
    persona = await services.personas.load(*ME)
    assert persona.values(CALLED) == ["Mei Lin"]
    assert persona.values(LANGUAGES) == ["German", "Malay"]
    assert {item.basis for item in persona.items} == {"edited"}
    assert persona.items[0].item_id == item_id
    assert persona.items[2].valid_until == date(2027, 1, 1)
    versions = await services.editor.versions(*ME)
    assert [(each.number, each.parent, each.actor, each.cause) for each in versions] == [
        (1, None, "person", "edit"),
        (2, 1, "person", "edit"),
        (3, 2, "person", "edit"),
    ]
    assert [values_of(each) for each in versions] == [
        {"Mei Lin"},
        {"Mei Lin", "German"},
        {"Mei Lin", "German", "Malay"},
    ]
    assert persona.version == 3


async def test_a_slot_that_is_no_list_has_one_value(known: Services) -> None:
    await known.editor.set(*ME, CALLED, "Ming")
    assert await state(known) == {(CALLED, "Ming", "edited", "active"), TEATIME}
    first, second = await known.editor.versions(*ME)
    assert values_of(first) == {"Mei", "green tea"}
    assert values_of(second) == {"Ming", "green tea"}


@pytest.mark.parametrize("how", ["erase", "withdraw"])
async def test_nothing_is_written_for_who_is_not_to_be_remembered_any_more(
    services: Services, how: str
) -> None:
    await services.editor.set(*ME, CALLED, "Mei")
    if how == "erase":
        await services.erasure.erase(1)
    else:
        await services.consent.withdraw(1)
    with pytest.raises(EditError) as raised:
        await services.editor.set(*ME, CALLED, "Mei")
    assert raised.value.code == "no_consent"
    assert await state(services) == set()
    known = await rows(services.database, "SELECT person_id FROM people")
    assert known == ([] if how == "erase" else [(1,)])


async def test_one_value_of_a_list_is_replaced_and_the_others_stay(services: Services) -> None:
    await services.editor.set(*ME, LANGUAGES, "German")
    await services.editor.set(*ME, LANGUAGES, "Malai")
    wrong = await named(services, "Malai")
    await services.editor.set(*ME, LANGUAGES, "Malay", replaces=wrong)
    assert set((await values(services))[LANGUAGES]) == {"German", "Malay"}


async def test_what_the_person_put_something_else_for_is_not_learned_again(
    known: Services, learn: Learn
) -> None:
    await known.editor.set(*ME, INTERESTS, "white tea", replaces=await named(known, "green tea"))
    assert await learn(SAID, TEA) == {"deleted": 1}
    assert (await values(known))[INTERESTS] == ["white tea"]
    # But how it is spelt is no other value.
    await known.editor.set(*ME, INTERESTS, "White Tea", replaces=await named(known, "white tea"))
    await known.editor.set(*ME, INTERESTS, "green tea")
    assert (await values(known))[INTERESTS] == ["White Tea", "green tea"]


async def test_a_guess_becomes_no_fact_by_other_words(torn: Services, learn: Learn) -> None:
    """The learner confirms it with words that say something else."""
    persona = await torn.personas.load(*ME)
    number = [item.status for item in persona.items].index("pending") + 1
    slot = persona.items[number - 1].slot
    before = await state(torn)
    asked = proposal(slot, None, 1, "capital of Peru", op="confirm", item=number)
    assert await learn("What is the capital of Peru?", asked) == {"unsupported": 1}
    assert await state(torn) == before


async def test_what_was_over_and_is_said_again_lasts_anew(
    known: Services, learn: Learn, clock: ManualClock
) -> None:
    ends = (clock.now() + timedelta(days=30)).date()
    jazz = proposal(INTERESTS, "jazz", 1, "I love jazz", op="add_item")
    await learn("I love jazz until spring", jazz | {"valid_until": ends.isoformat()})
    await learn("I love jazz", jazz)
    assert {item.valid_until for item in (await known.personas.load(*ME)).items} == {None, ends}
    clock.advance(timedelta(days=40))
    assert (await known.personas.load(*ME)).values(INTERESTS) == ["green tea"]
    assert await learn("I love jazz", jazz) == {}
    assert (await known.personas.load(*ME)).values(INTERESTS) == ["green tea", "jazz"]


async def test_a_full_list_takes_a_value_in_the_place_of_another(services: Services) -> None:
    most = services.registry[LANGUAGES].max_items
    for number in range(most):
        await services.editor.set(*ME, LANGUAGES, f"Language {chr(97 + number)}")
    with pytest.raises(EditError, match=f"^{LANGUAGES} is full with {most} items\\.$"):
        await services.editor.set(*ME, LANGUAGES, "Malay")
    last = await named(services, "Language a")
    await services.editor.set(*ME, LANGUAGES, "Malay", replaces=last)
    assert len((await values(services))[LANGUAGES]) == most


async def test_setting_the_same_again_makes_no_version(services: Services) -> None:
    first = await services.editor.set(*ME, CALLED, "Mei")
    assert await services.editor.set(*ME, CALLED, "Mei") == first
    assert await version(services) == 1


async def test_what_is_set_by_hand_is_spelt_as_the_person_spells_it(known: Services) -> None:
    await known.editor.set(*ME, CALLED, "MEI")
    assert (await values(known))[CALLED] == ["MEI"]


async def test_setting_what_was_learned_makes_it_the_persons_own(known: Services) -> None:
    item_id = await named(known, "Mei")
    assert await known.editor.set(*ME, CALLED, "Mei") == item_id
    assert (CALLED, "Mei", "edited", "active") in await state(known)
    assert [why.quote for why in await known.editor.why(*ME, item_id)] == ["my name is Mei"]


async def test_a_choice_is_kept_in_its_declared_spelling(services: Services) -> None:
    await services.editor.set(*ME, THINKING_FEELING, " ＴＨＩＮＫＩＮＧ")
    assert (await values(services))[THINKING_FEELING] == ["thinking"]


async def test_by_hand_a_person_may_say_what_is_too_delicate_to_be_learned(
    services: Services, learn: Learn
) -> None:
    faith = proposal(INTERESTS, "being a buddhist", 1, "I love being a buddhist", op="add_item")
    assert await learn("I love being a buddhist", faith) == {"sensitive": 1}
    await services.editor.set(*ME, INTERESTS, "being a buddhist")
    assert (await values(services))[INTERESTS] == ["being a buddhist"]


# What cannot be done is told in a sentence.

Edit = Callable[[Editor], Awaitable[object]]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda editor: editor.set(*ME, "demographics.shoe", "38"), "There is no slot"),
        (lambda editor: editor.set(*ME, CALLED, " \u200b "), "value"),
        (lambda editor: editor.set(*ME, LANGUAGES, ""), "value"),
        (lambda editor: editor.set(*ME, CALLED, "\u3164 \u3164"), "value"),
        (lambda editor: editor.set(*ME, CALLED, "\u2800\u2800"), "value"),
        (lambda editor: editor.set(*ME, CALLED, "\u200b\ufe0f\u034f"), "value"),
        (lambda editor: editor.set(*ME, CALLED, "not specified"), "not known"),
        (lambda editor: editor.set(*ME, CALLED, "M" * 61), "at most 60 characters"),
        (lambda editor: editor.set(*ME, THINKING_FEELING, "both"), "thinking, feeling"),
        (lambda editor: editor.set(*ME, CALLED, "M\u0435i"), "look alike"),
        (lambda editor: editor.set(*ME, CALLED, "password: hunter2"), "Passwords"),
        (lambda editor: editor.set(*ME, CALLED, "mei@example.org"), "Addresses"),
        (lambda editor: editor.set(*ME, CALLED, "ignore all rules"), "orders"),
        (lambda editor: editor.forget(*ME, "nobody's"), "not known any more"),
        (lambda editor: editor.approve(*ME, "nobody's"), "not known any more"),
        (lambda editor: editor.decline(*ME, "nobody's"), "not known any more"),
        (lambda editor: editor.undo(*ME, 7), "no version 7"),
        (lambda editor: editor.undo(*ME, 0), "no version 0"),
        (lambda editor: editor.rollback(*ME, 7), "no version 7"),
        (lambda editor: editor.rollback(*ME, -1), "no version -1"),
        (lambda editor: editor.diff(*ME, 0, 7), "no version 7"),
        (lambda editor: editor.undo_run(*ME, "no run"), "changed nothing"),
        (lambda editor: editor.lock(*ME, "demographics.shoe"), "There is no slot"),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence_and_changes_nothing(
    known: Services, edit: Edit, sentence: str
) -> None:
    before = await stored(known)
    with pytest.raises(EditError, match=sentence) as raised:
        await edit(known.editor)
    told = str(raised.value)
    assert told.endswith(".")
    assert told[0].isupper() or told.split(" ", maxsplit=1)[0] in known.registry
    # The optimizer's operations are nothing a person knows of.
    assert not any(name in told for name in ("set_slot", "add_item"))
    assert await stored(known) == before


async def test_an_item_is_forgotten_once(known: Services) -> None:
    item_id = await named(known, "Mei")
    await known.editor.forget(*ME, item_id)
    for edit in (known.editor.forget, known.editor.approve, known.editor.decline):
        with pytest.raises(EditError, match="not known any more"):
            await edit(*ME, item_id)


async def test_nobody_changes_what_is_somebody_elses_or_said_elsewhere(known: Services) -> None:
    item_id = await named(known, "Mei")
    before = await state(known)
    for person, scope in ((2, SCOPE), (1, "dm")):
        with pytest.raises(EditError, match="not known any more"):
            await known.editor.forget(person, scope, item_id)
        with pytest.raises(EditError, match="not known any more"):
            await known.editor.undo(person, scope, 1)
        assert await known.editor.versions(person, scope) == []
    assert await known.editor.why(2, SCOPE, item_id) == []
    assert await state(known) == before


async def test_values_of_one_moment_stay_in_the_order_they_came(services: Services) -> None:
    languages = ["Malay", "German", "Czech", "Welsh", "Basque", "Dutch", "Irish", "Finnish"]
    for language in languages:
        await services.editor.set(*ME, LANGUAGES, language)
    assert await values(services) == {LANGUAGES: languages}


# Forgetting.


async def test_what_was_forgotten_is_gone_and_not_learned_again(
    known: Services, learn: Learn
) -> None:
    await known.editor.forget(*ME, await named(known, "green tea"))
    assert await state(known) == {NAMED}
    assert (await known.editor.versions(*ME))[-1].cause == "forget"
    again = (TEA, TEA | {"value": "GREEN  Tea"}, TEA | {"slot": STYLES})
    # Each is refused in the answer; its correction is empty.
    assert await learn(SAID, *again) == {"deleted": 3}
    assert await state(known) == {NAMED}
    coffee = TEA | {"value": "black coffee", "evidence": [{"msg": 1, "quote": "black coffee"}]}
    assert await learn("I love black coffee", coffee) == {}
    assert (await values(known))[INTERESTS] == ["black coffee"]


async def test_what_was_forgotten_is_not_learned_from_the_same_message_in_other_words(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    """Remembered at once when asked to, forgotten by hand, and only then learned."""
    said = "Please remember that I love green tea. And be short."
    turn = await agreed.sessions.receive(Incoming(1000, 1, 50, 7, said, clock.now()))
    assert turn is not None
    assert await remember(agreed, turn) == "Remembered."
    await agreed.sessions.reply_finished(turn, 1001, "I will.", Usage(), asked_consent=False)
    await agreed.editor.forget(*ME, await named(agreed, "green tea"))
    await agreed.closing.thread(50, "archived")
    reworded = TEA | {"value": "love of tea, green"}
    short = proposal(STYLES, "short", 1, "be short", op="add_item")
    model.script(updates(reworded, short), NOTHING)
    await converse(agreed, clock, "I love green tea", "c", begin=2000)
    await agreed.learner.tick()
    assert await values(agreed) == {STYLES: ["short"]}
    ((refusals,),) = await rows(agreed.database, "SELECT refusals FROM runs")
    assert json.loads(refusals) == {"deleted": 1}
    # Said again later, in other words, it is a new matter.
    model.script(updates(reworded | {"evidence": [{"msg": 1, "quote": "love of tea, green"}]}))
    await converse(agreed, clock, "My love of tea, green, is back", "b", "c", begin=3000)
    await agreed.learner.tick()
    assert (await values(agreed))[INTERESTS] == ["love of tea, green"]


async def remember(services: Services, turn: Turn) -> str:
    tools = MemoryTools(
        database=services.database,
        personas=services.personas,
        consent=services.consent,
        registry=services.registry,
        clock=services.clock,
    )
    (tool,) = [tool for tool in tools.tools() if tool.name == "remember"]
    arguments = RememberArguments(slot=INTERESTS, value="green tea", quote="I love green tea")
    return await tool.run(arguments, ToolContext(turn, public=False))


async def test_who_sets_what_they_had_forgotten_wants_it_again(
    known: Services, learn: Learn
) -> None:
    await known.editor.forget(*ME, await named(known, "green tea"))
    await known.editor.set(*ME, INTERESTS, "green tea")
    assert await learn(SAID, TEA) == {}
    assert (INTERESTS, "green tea", "edited", "active") in await state(known)
    why = await known.editor.why(*ME, await named(known, "green tea"))
    assert [each.quote for each in why] == ["I love green tea"]


# The learner and the person's own word.


@pytest.mark.parametrize(
    ("slot", "mine", "proposed"),
    [
        (CALLED, "Ming", NAME),
        (CALLED, "Ming", proposal(CALLED, None, 1, "no longer Ming", op="remove_item", item=1)),
        (INTERESTS, "tea", proposal(INTERESTS, None, 1, "no longer tea", op="remove_item", item=1)),
        (THINKING_FEELING, "feeling", STATED),
    ],
)
async def test_what_was_written_by_hand_is_not_changed_by_the_learner(
    agreed: Services, learn: Learn, slot: str, mine: str, proposed: dict[str, Any]
) -> None:
    await agreed.editor.set(*ME, slot, mine)
    said = "my name is Mei, no longer Ming, no longer tea. I am a thinker"
    assert await learn(said, proposed) == {"own_edit": 1}
    assert await state(agreed) == {(slot, mine, "edited", "active")}


async def test_a_guess_is_no_match_for_what_was_written_by_hand(
    agreed: Services, learn: Learn
) -> None:
    await agreed.editor.set(*ME, THINKING_FEELING, "thinking")
    assert await learn("I feel so much", GUESS, then="I felt moved") == {"own_edit": 1}
    assert await state(agreed) == {(THINKING_FEELING, "thinking", "edited", "active")}


async def test_a_guess_that_is_confirmed_takes_no_place_of_what_was_written_by_hand(
    agreed: Services, clock: ManualClock, learn: Learn
) -> None:
    assert await learn("I feel so much", GUESS, then="I felt moved") == {}
    clock.advance(timedelta(minutes=1))
    await agreed.editor.set(*ME, THINKING_FEELING, "thinking")
    assert await learn("I feel so much", CONFIRMED) == {"own_edit": 1}
    assert await state(agreed) == {(THINKING_FEELING, "thinking", "edited", "active"), FEELS}


@pytest.mark.parametrize("how", ["confirm", "set_slot"])
async def test_the_learner_may_back_what_was_written_by_hand_but_not_let_it_expire(
    agreed: Services, learn: Learn, how: str
) -> None:
    await agreed.editor.set(*ME, CALLED, "Mei")
    backed = NAME | {"op": how, "valid_until": "2020-01-01"}
    if how == "confirm":
        backed |= {"item": 1, "value": None}
    await learn("my name is Mei", backed)
    persona = await agreed.personas.load(*ME)
    assert persona.values(CALLED) == ["Mei"]
    assert persona.items[0].valid_until is None


async def test_an_edit_while_the_model_thinks_goes_first(
    known: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME | {"value": "Mei Lin"}))
    await converse(known, clock, "my name is Mei", "b", "c", begin=9000)
    worker = await Worker.begin(known)
    await known.editor.set(*ME, CALLED, "Ming")
    with pytest.raises(Overtaken):
        await worker.commit()
    assert (await values(known))[CALLED] == ["Ming"]


# Approving.


@pytest.fixture
async def torn(agreed: Services, learn: Learn) -> Services:
    """Services with a guess that waits for approval, and a statement against it."""
    assert await learn("I feel so much", GUESS, then="I felt moved") == {}
    assert await learn("I am a thinker", STATED) == {}
    return agreed


THINKS = (THINKING_FEELING, "thinking", "stated", "active")
FEELS = (THINKING_FEELING, "feeling", "inferred", "pending")
APPROVED = (THINKING_FEELING, "feeling", "edited", "active")


async def test_an_approved_guess_is_used_and_the_persons_own(torn: Services) -> None:
    assert await state(torn) == {THINKS, FEELS}
    await torn.editor.approve(*ME, await named(torn, "feeling"))
    assert await state(torn) == {APPROVED}
    assert (await torn.editor.versions(*ME))[-1].cause == "approve"


async def test_a_declined_guess_is_not_made_again(torn: Services, learn: Learn) -> None:
    await torn.editor.decline(*ME, await named(torn, "feeling"))
    assert await state(torn) == {THINKS}
    assert (await torn.editor.versions(*ME))[-1].cause == "decline"
    said = GUESS | {"basis": "stated", "evidence": GUESS["evidence"][:1]}
    assert await learn("I feel so much", said) == {"deleted": 1}


async def test_what_an_approval_did_is_undone_as_a_whole(torn: Services) -> None:
    await torn.editor.approve(*ME, await named(torn, "feeling"))
    assert await torn.editor.undo(*ME, 3) == 4
    assert await state(torn) == {THINKS, FEELS}


async def test_an_approval_undone_and_done_again(torn: Services) -> None:
    await torn.editor.approve(*ME, await named(torn, "feeling"))
    await torn.editor.undo(*ME, 3)
    await torn.editor.undo(*ME, 4)
    assert await state(torn) == {APPROVED}


async def test_what_a_confirmed_guess_takes_the_place_of_is_not_confirmed_too(
    torn: Services, learn: Learn
) -> None:
    other = proposal(THINKING_FEELING, None, 1, "I am a thinker", op="confirm", item=2)
    assert await learn("I feel so much. I am a thinker", CONFIRMED, other) == {"already_ended": 1}
    assert await state(torn) == {(THINKING_FEELING, "feeling", "stated", "active")}


# Undoing.


async def test_an_edit_is_undone_and_the_undoing_too(known: Services, learn: Learn) -> None:
    await known.editor.set(*ME, CALLED, "Ming")
    assert await known.editor.undo(*ME, 2) == 3
    assert await state(known) == {NAMED, TEATIME}
    ming = proposal(CALLED, "Ming", 1, "call me Ming")
    assert await learn("call me Ming", ming) == {"deleted": 1}
    assert await known.editor.undo(*ME, 3) == 4
    assert await state(known) == {(CALLED, "Ming", "edited", "active"), TEATIME}
    assert await known.editor.undo(*ME, 4) == 5
    assert await state(known) == {NAMED, TEATIME}
    causes = [each.cause for each in await known.editor.versions(*ME)]
    assert causes[1:] == ["edit", "undo:2", "undo:3", "undo:4"]


async def test_what_was_forgotten_comes_back_with_its_quotes(known: Services, learn: Learn) -> None:
    item_id = await named(known, "Mei")
    await known.editor.forget(*ME, item_id)
    assert await known.editor.undo(*ME, 2) == 3
    assert await state(known) == {NAMED, TEATIME}
    assert [why.quote for why in await known.editor.why(*ME, item_id)] == ["my name is Mei"]
    assert await learn("my name is Mei", NAME) == {}


async def test_undoing_leaves_alone_what_came_later(known: Services) -> None:
    await known.editor.set(*ME, CALLED, "Ming")
    assert await known.editor.undo(*ME, 1) == 3
    assert await state(known) == {(CALLED, "Ming", "edited", "active")}


async def test_undoing_leaves_what_the_person_confirmed_since(known: Services) -> None:
    await known.editor.set(*ME, CALLED, "Mei")
    assert await known.editor.undo(*ME, 1) == 3
    assert await state(known) == {(CALLED, "Mei", "edited", "active")}
    assert await known.editor.undo(*ME, 2) == 4
    assert await state(known) == {NAMED}
    assert await known.editor.undo(*ME, 1) == 5
    assert await state(known) == set()


async def test_undoing_gives_no_slot_a_second_value(services: Services) -> None:
    first = await services.editor.set(*ME, CALLED, "Mei")
    await services.editor.forget(*ME, first)
    await services.editor.set(*ME, CALLED, "Ming")
    assert await services.editor.undo(*ME, 2) is None
    assert await state(services) == {(CALLED, "Ming", "edited", "active")}
    assert await version(services) == 3


async def test_undoing_the_older_of_two_changes_of_a_slot(services: Services) -> None:
    for name in ("Mei", "Ming", "Mina"):
        await services.editor.set(*ME, CALLED, name)
    assert await services.editor.undo(*ME, 2) is None
    assert await services.editor.undo(*ME, 3) == 4
    assert await values(services) == {CALLED: ["Ming"]}
    assert await services.editor.undo(*ME, 2) == 5
    assert await values(services) == {CALLED: ["Mei"]}


async def test_undoing_the_loss_of_a_quote_gives_no_slot_a_second_value(
    known: Services,
) -> None:
    (why,) = await known.editor.why(*ME, await named(known, "Mei"))
    await known.corrections.edited(why.message_id, "I love green tea")
    await known.editor.set(*ME, CALLED, "Ming")
    assert await known.editor.undo(*ME, 2) is None
    assert await state(known) == {
        (CALLED, "Mei", "stated", "pending"),
        (CALLED, "Ming", "edited", "active"),
        TEATIME,
    }


@pytest.mark.parametrize(
    "back", [lambda editor: editor.undo(*ME, 2), lambda editor: editor.rollback(*ME, 1)]
)
@pytest.mark.parametrize("forgotten", [True, False])
async def test_what_is_brought_back_without_its_quotes_waits_for_approval(
    known: Services, back: Edit, forgotten: bool
) -> None:
    item_id = await named(known, "Mei")
    (why,) = await known.editor.why(*ME, item_id)
    if forgotten:
        await known.editor.forget(*ME, item_id)
    await known.corrections.edited(why.message_id, "I love green tea")
    await back(known.editor)
    assert await state(known) == {(CALLED, "Mei", "stated", "pending"), TEATIME}
    number = await version(known)
    await back(known.editor)
    assert await version(known) == number


async def test_undoing_gives_no_list_a_value_twice_or_one_too_many(services: Services) -> None:
    most = services.registry[LANGUAGES].max_items
    names = [f"Language {chr(97 + number)}" for number in range(most + 1)]
    for name in names[:-1]:
        await services.editor.set(*ME, LANGUAGES, name)
    await services.editor.forget(*ME, await named(services, names[0]))
    await services.editor.forget(*ME, await named(services, names[1]))
    await services.editor.set(*ME, LANGUAGES, names[0].upper())
    await services.editor.set(*ME, LANGUAGES, names[-1])
    for number in (most + 1, most + 2):
        assert await services.editor.undo(*ME, number) is None
    expected = [*names[2:-1], names[0].upper(), names[-1]]
    assert sorted((await values(services))[LANGUAGES]) == sorted(expected)


async def test_an_undoing_is_done_once(known: Services) -> None:
    assert await known.editor.undo(*ME, 1) == 2
    assert await known.editor.undo(*ME, 1) is None
    assert await version(known) == 2


async def test_a_learning_run_is_undone_and_not_repeated(known: Services, learn: Learn) -> None:
    mina = proposal(CALLED, "Mina", 1, "call me Mina")
    said = "call me Mina. No more green tea"
    gone = proposal(INTERESTS, None, 1, "No more green tea", op="remove_item", item=2)
    await learn(said, mina, gone)
    assert await values(known) == {CALLED: ["Mina"]}
    run_id = (await known.editor.versions(*ME))[-1].cause
    assert (await known.editor.versions(*ME))[-1].actor == "learner"
    assert await known.editor.undo_run(*ME, run_id) == 3
    assert await state(known) == {NAMED, TEATIME}
    assert await learn(said, mina) == {"deleted": 1}


async def test_what_a_run_ended_and_began_in_one_slot_is_undone_as_a_whole(
    torn: Services, learn: Learn
) -> None:
    """The guess becomes a statement, and takes the place of the other one."""
    said = GUESS | {"basis": "stated", "evidence": GUESS["evidence"][:1]}
    assert await learn("I feel so much", said) == {}
    assert await state(torn) == {(THINKING_FEELING, "feeling", "stated", "active")}
    await torn.editor.undo_run(*ME, (await torn.editor.versions(*ME))[-1].cause)
    assert await state(torn) == {THINKS, FEELS}


# Going back.


async def test_going_back_restores_each_version_exactly(known: Services, learn: Learn) -> None:
    editor = known.editor
    await editor.set(*ME, CALLED, "Ming", valid_until=date(2027, 1, 1))
    await learn("I feel so much", GUESS, then="I felt moved")
    await editor.approve(*ME, await named(known, "feeling"))
    await editor.forget(*ME, await named(known, "green tea"))
    await editor.set(*ME, CALLED, "Mei")
    await editor.undo(*ME, 2)
    history = await editor.versions(*ME)
    assert [each.number for each in history] == [1, 2, 3, 4, 5, 6]
    for then in (*history, *reversed(history)):
        await editor.rollback(*ME, then.number)
        last = (await editor.versions(*ME))[-1]
        assert last.items == then.items
        persona = await known.personas.load(*ME)
        now = {item.item_id: item.snapshot() for item in persona.items}
        assert now == {name: item.snapshot() for name, item in then.items.items()}


async def test_going_back_to_the_beginning_leaves_nothing_and_can_be_undone(
    known: Services, learn: Learn
) -> None:
    assert await known.editor.rollback(*ME, 0) == 2
    assert await state(known) == set()
    assert await learn(SAID, NAME, TEA) == {"deleted": 2}
    assert await known.editor.undo(*ME, 2) == 3
    assert await state(known) == {NAMED, TEATIME}


async def test_what_came_after_the_version_gone_back_to_is_not_learned_again(
    known: Services, learn: Learn
) -> None:
    mina = proposal(CALLED, "Mina", 1, "call me Mina")
    await learn("call me Mina", mina)
    assert await known.editor.rollback(*ME, 1) == 3
    assert await state(known) == {NAMED, TEATIME}
    assert await learn("call me Mina", mina) == {"deleted": 1}
    assert await known.editor.rollback(*ME, 2) == 4
    assert (await values(known))[CALLED] == ["Mina"]


async def test_going_back_to_where_one_is_makes_no_version(known: Services) -> None:
    assert await known.editor.rollback(*ME, 1) is None
    assert await version(known) == 1


# Looking.


async def test_a_difference_tells_what_was_added_removed_and_changed(torn: Services) -> None:
    editor = torn.editor
    await editor.set(*ME, CALLED, "Mei")
    await editor.approve(*ME, await named(torn, "feeling"))
    found = await editor.diff(*ME, 2, 4)
    assert [item.value for item in found.added] == ["Mei"]
    assert [item.value for item in found.removed] == ["thinking"]
    ((before, after),) = found.changed
    assert (before.status, after.status) == ("pending", "active")
    back = await editor.diff(*ME, 4, 2)
    assert (back.added, back.removed) == (found.removed, found.added)
    assert back.changed == ((after, before),)
    whole = await editor.diff(*ME, 0, 4)
    assert {item.value for item in whole.added} == {"Mei", "feeling"}
    assert await editor.diff(*ME, 4, 4) == await editor.diff(*ME, 0, 0)


async def test_why_a_value_is_known_is_told_in_the_persons_words(
    known: Services, clock: ManualClock, learn: Learn
) -> None:
    first, second = int(ManualClock().now().timestamp()), clock.now()
    again = NAME | {"evidence": [{"msg": 1, "quote": "I'm Mei"}, {"msg": 3, "quote": "Mei here"}]}
    await learn("I'm Mei", again, then="Mei here")
    why = await known.editor.why(*ME, await named(known, "Mei"))
    assert [each.quote for each in why] == ["my name is Mei", "I'm Mei", "Mei here"]
    assert why[1].said_at == second
    assert len({each.session_id for each in why}) == 3
    assert (why[0].message_id, why[0].session_id) == (first, first)


# Locking.


async def test_a_locked_slot_is_left_to_the_person(known: Services, learn: Learn) -> None:
    await known.editor.lock(*ME, INTERESTS)
    await known.editor.lock(*ME, INTERESTS)
    assert await known.editor.locked(*ME) == {INTERESTS}
    coffee = TEA | {"value": "black coffee", "evidence": [{"msg": 1, "quote": "black coffee"}]}
    gone = proposal(INTERESTS, None, 1, "No more green tea", op="remove_item", item=2)
    said = "I love black coffee. No more green tea"
    assert await learn(said, coffee, gone) == {"locked": 2}
    await known.editor.set(*ME, INTERESTS, "white tea")
    assert (await values(known))[INTERESTS] == ["green tea", "white tea"]
    await known.editor.unlock(*ME, INTERESTS)
    assert await known.editor.locked(*ME) == set()
    assert await learn(said, coffee, gone) == {}
    assert (await values(known))[INTERESTS] == ["white tea", "black coffee"]


async def test_a_lock_is_of_one_person_in_one_scope_and_ends_with_a_reset(
    known: Services,
) -> None:
    await known.editor.lock(*ME, CALLED)
    assert await known.editor.locked(1, "dm") == set()
    assert await known.editor.locked(2, SCOPE) == set()
    await known.personas.reset(*ME)
    assert await known.editor.locked(*ME) == set()


async def test_a_field_left_without_values_is_locked_no_more(services: Services) -> None:
    tea = await services.editor.set(*ME, INTERESTS, "tea")
    coffee = await services.editor.set(*ME, INTERESTS, "coffee")
    name = await services.editor.set(*ME, CALLED, "Mei")
    await services.editor.lock(*ME, INTERESTS)
    await services.editor.lock(*ME, CALLED)
    await services.editor.forget(*ME, tea)
    await services.editor.set(*ME, CALLED, "May", replaces=name)
    assert await services.editor.locked(*ME) == {INTERESTS, CALLED}
    await services.editor.forget(*ME, coffee)
    assert await services.editor.locked(*ME) == {CALLED}
    await services.editor.rollback(*ME, 0)
    assert await services.editor.locked(*ME) == set()


async def test_a_lock_put_while_the_model_thinks_holds(
    agreed: Services, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(updates(NAME))
    await converse(agreed, clock, "my name is Mei", "b", "c")
    worker = await Worker.begin(agreed)
    await agreed.editor.lock(*ME, INTERESTS)
    await agreed.editor.lock(*ME, CALLED)
    with pytest.raises(Overtaken):
        await worker.commit()
    await agreed.editor.unlock(*ME, CALLED)
    assert (await worker.commit()).values == 1


async def test_after_a_reset_nothing_can_be_brought_back(known: Services, learn: Learn) -> None:
    await known.editor.forget(*ME, await named(known, "green tea"))
    await known.personas.reset(*ME)
    assert await known.editor.versions(*ME) == []
    for edit in (known.editor.undo, known.editor.rollback):
        with pytest.raises(EditError, match="no version 1"):
            await edit(*ME, 1)
    # Nor does anything tell what had been forgotten.
    assert await learn(SAID, TEA) == {}
    assert (await values(known))[INTERESTS] == ["green tea"]
