"""The pages of /persona: every button, menu and modal, also twice, late and after a restart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from simcord.components import walk_components

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from persona.settings import LearningSettings
from tests.cogs.test_persona import HIKING, LEARNED, NAME, SHORT, answering, known, learn, talk
from tests.conftest import OpenWorld
from tests.support.model import ScriptedModel, updates
from tests.support.pages import choose, command, labels, only, options, press, write

GONE = "That is not there any more."


async def values(world: World, who: str = "Mei") -> set[str]:
    return {item.value for item in await known(world, who)}


async def reset(world: World, who: str = "Mei") -> None:
    scope = f"guild:{world.guild.id}"
    await world.services.personas.reset(world.members[who].id, scope)


@pytest.fixture
async def learned(world: World, model: ScriptedModel) -> World:
    await learn(world, model)
    return world


@pytest.fixture
async def guessed(new_world: OpenWorld, model: ScriptedModel) -> World:
    """A world in which a style of Mei's waits for her yes."""
    world = await new_world(learning=LearningSettings(inferred="ask"))
    guess = SHORT | {"basis": "inferred"}
    guess["evidence"] = [*SHORT["evidence"], {"msg": 3, "quote": "too long"}]
    answering(model, updates(NAME, guess))
    message = await world.members["Mei"].send(
        world.channel, f"{world.bot_mention} I am Mei, be short, I love hiking"
    )
    await world.members["Mei"].click(world.thread(message.id).history()[-1], label="Remember me")
    await world.advance(timedelta(hours=2))
    for text in ("too long, please", "third"):
        await talk(world, text)
    await world.tick()
    return world


async def test_the_page_has_its_buttons_and_a_menu_of_the_values(learned: World) -> None:
    page = await command(learned, "show")
    assert labels(page) == ["Undo", "History", "Add"]
    assert list(options(page)) == ["Mei", "hiking", "short answers"]


async def test_a_value_tells_why_with_the_words_and_where_they_were_said(learned: World) -> None:
    page = await command(learned, "show")
    shown = await choose(learned, page, "hiking")
    thread = learned.channel.threads[0]
    said = f"https://discord.com/channels/{learned.guild.id}/{thread.id}/{thread.id}"
    assert "### Values and interests\nhiking\n" in shown
    assert "**Why I think so**\n> I love hiking\n" in shown
    assert f"[Go to message]({said})" in shown
    assert labels(page) == ["Edit", "Forget", "Lock", "Back"]
    await press(learned, page, "Back")
    assert "What I know about you here" in text_of(page)


async def test_what_is_written_by_hand_needs_no_reason(world: World) -> None:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    await command(world, "edit", slot="Name", value="Mei")
    page = await command(world, "show")
    assert "You wrote it yourself." in await choose(world, page, "Mei")


async def test_no_link_leads_into_a_thread_that_was_deleted(
    world: World, model: ScriptedModel
) -> None:
    answering(model, LEARNED)
    mei = world.members["Mei"]
    await world.services.consent.decide(mei.id, "remember")
    message = await mei.send(
        world.channel, f"{world.bot_mention} I am Mei, be short, I love hiking"
    )
    world.env.backend.delete_channel(message.id)
    await world.env.settle()
    for text in ("second", "third"):
        await talk(world, text)
    await world.tick()
    page = await command(world, "show")
    shown = await choose(world, page, "hiking")
    assert "> I love hiking" in shown
    assert "discord.com" not in shown


async def test_forgetting_is_done_at_once_and_can_be_undone(learned: World) -> None:
    page = await command(learned, "show")
    await choose(learned, page, "hiking")
    await press(learned, page, "Forget")
    assert text_of(page).startswith("Forgotten: Values and interests: hiking.")
    assert await values(learned) == {"Mei", "short answers"}
    await press(learned, page, "Undo")
    assert text_of(page).startswith("Taken back: #2.")
    assert await values(learned) == {"Mei", "short answers", "hiking"}


async def test_undo_goes_back_step_by_step(learned: World) -> None:
    page = await command(learned, "show")
    for value in ("hiking", "Mei"):
        await choose(learned, page, value)
        await press(learned, page, "Forget")
    for left in ({"Mei", "short answers"}, {"Mei", "short answers", "hiking"}, set[str]()):
        await press(learned, page, "Undo")
        assert await values(learned) == left
    assert "Undo" not in labels(page)


async def test_the_same_undo_pressed_twice_takes_one_change_back(learned: World) -> None:
    page, other = await command(learned, "show"), await command(learned, "show")
    await press(learned, page, "Undo")
    assert await values(learned) == set()
    await press(learned, other, "Undo")
    assert text_of(other).startswith("Nothing of that was left to take back.")
    assert await values(learned) == set()


async def test_what_is_forgotten_twice_is_said_to_be_gone(learned: World) -> None:
    page, other = await command(learned, "show"), await command(learned, "show")
    for each in (page, other):
        await choose(learned, each, "hiking")
    await press(learned, page, "Forget")
    await press(learned, other, "Forget")
    assert text_of(other).startswith(GONE)
    assert "- Name: Mei" in text_of(other)
    assert len(await values(learned)) == 2


@pytest.mark.parametrize("label", ["Edit", "Forget", "Lock"])
async def test_after_a_reset_in_between_the_page_is_as_it_is_now(
    learned: World, label: str
) -> None:
    page = await command(learned, "show")
    await choose(learned, page, "hiking")
    await reset(learned)
    result = await press(learned, page, label)
    assert result.modal is None
    assert text_of(page).startswith(GONE)
    assert "I know nothing about you here." in text_of(page)
    person, scope = learned.members["Mei"].id, f"guild:{learned.guild.id}"
    assert await learned.services.editor.locked(person, scope) == frozenset()


async def test_what_is_chosen_after_a_reset_is_said_to_be_gone(learned: World) -> None:
    page = await command(learned, "show")
    await reset(learned)
    assert (await choose(learned, page, "hiking")).startswith(GONE)
    assert "I know nothing about you here." in text_of(page)


async def test_the_pages_of_a_person_who_takes_back_their_yes(learned: World) -> None:
    """What is known may still be looked at and put right, but nothing is added."""
    page = await command(learned, "show")
    await learned.services.consent.decide(learned.members["Mei"].id, "chat_only")
    asked = await press(learned, page, "Add")
    assert asked.modal is None
    assert labels(only(asked)) == ["Remember me", "Just chat"]
    for value in ("hiking", "Mei", "short answers"):
        await choose(learned, page, value)
        await press(learned, page, "Forget")
    assert "You have not agreed that I remember you" in text_of(page)


async def test_an_undo_from_before_a_reset_takes_nothing_back(learned: World) -> None:
    page = await command(learned, "show")
    await reset(learned)
    await command(learned, "edit", slot="Name", value="May")
    await press(learned, page, "Undo")
    assert text_of(page).startswith("Everything was erased in the meantime.")
    assert await values(learned) == {"May"}


async def test_everything_works_after_a_restart(learned: World) -> None:
    page = await command(learned, "show")
    await learned.start_bot()
    shown = await choose(learned, page, "hiking")
    assert "I love hiking" in shown
    await learned.start_bot()
    asked = await press(learned, page, "Edit")
    await learned.start_bot()
    await learned.members["Mei"].submit_modal(asked, {"value": "climbing"})
    assert text_of(page).startswith("I keep it: climbing")
    await learned.start_bot()
    await press(learned, page, "History")
    assert "You wrote" in text_of(page)
    await learned.start_bot()
    await press(learned, page, "Back to this")
    assert await values(learned) == {"Mei", "short answers", "hiking"}


async def test_a_page_shows_whoever_presses_their_own(learned: World) -> None:
    """Ephemeral pages are nobody else's to press; their ids would give nothing away either."""
    page = await command(learned, "show", "Tom")
    assert "hiking" not in text_of(page)
    (item,) = [item for item in await known(learned) if item.value == "hiking"]
    services, tom = learned.services, learned.members["Tom"].id
    assert await services.editor.why(tom, f"guild:{learned.guild.id}", item.item_id) == []


async def test_editing_is_prefilled_and_takes_the_place(learned: World) -> None:
    page = await command(learned, "show")
    await choose(learned, page, "hiking")
    asked = await press(learned, page, "Edit")
    assert asked.modal is not None
    (field,) = [each for each in walk_components(asked.modal["components"]) if each["type"] == 4]
    assert (field["value"], field["max_length"]) == ("hiking", 80)
    await learned.members["Mei"].submit_modal(asked, {"value": "ice *climbing*"})
    assert text_of(page).startswith("I keep it: ice \\*climbing\\*")
    assert "ice \\*climbing\\* *(you wrote it, since " in text_of(page)
    assert await values(learned) == {"Mei", "short answers", "ice *climbing*"}


async def test_what_was_typed_is_kept_when_it_is_refused(learned: World) -> None:
    page = await command(learned, "show")
    await choose(learned, page, "hiking")
    wrong = "write to <me_1@example.org> \\*"
    shown = await write(learned, page, "Edit", value=wrong)
    assert shown.startswith("I keep no addresses, phone numbers, links or account names.")
    await learned.start_bot()
    asked = await press(learned, page, "Try again")
    assert asked.modal is not None
    (field,) = [each for each in walk_components(asked.modal["components"]) if each["type"] == 4]
    assert field["value"] == wrong
    await learned.members["Mei"].submit_modal(asked, {"value": "letters"})
    assert await values(learned) == {"Mei", "short answers", "letters"}


async def test_editing_what_is_gone_meanwhile_writes_nothing(learned: World) -> None:
    page = await command(learned, "show")
    await choose(learned, page, "hiking")
    asked = await press(learned, page, "Edit")
    await reset(learned)
    await learned.members["Mei"].submit_modal(asked, {"value": "climbing"})
    assert text_of(page).startswith(GONE)
    assert await values(learned) == set()


async def test_a_choice_is_edited_with_a_menu(learned: World) -> None:
    await command(learned, "edit", slot="personality.thinking_feeling", value="feeling")
    page = await command(learned, "show")
    await choose(learned, page, "feeling")
    asked = await press(learned, page, "Edit")
    assert asked.modal is not None
    (menu,) = [each for each in walk_components(asked.modal["components"]) if each["type"] == 3]
    assert [option["value"] for option in menu["options"]] == ["thinking", "feeling"]
    await learned.members["Mei"].submit_modal(asked, {"value": ["thinking"]})
    assert "thinking" in await values(learned)
    assert "feeling" not in await values(learned)


async def test_adding_asks_for_a_slot_and_a_value(learned: World) -> None:
    page = await command(learned, "show")
    slot = "personality.values_and_interests"
    shown = await write(learned, page, "Add", slot=[slot], value="jazz")  # type: ignore[arg-type]
    assert shown.startswith("I keep it: jazz")
    assert await values(learned) == {"Mei", "short answers", "hiking", "jazz"}


async def test_adding_what_is_refused_can_be_tried_again(learned: World) -> None:
    page = await command(learned, "show")
    slot = "demographics.age"
    shown = await write(learned, page, "Add", slot=[slot], value="x" * 30)  # type: ignore[arg-type]
    assert shown.startswith("Age holds at most 20 characters.\n")
    asked = await press(learned, page, "Try again")
    assert asked.modal is not None
    fields = list(walk_components(asked.modal["components"]))
    (chosen,) = [o["value"] for f in fields for o in f.get("options", []) if o.get("default")]
    assert chosen == slot
    assert [each["value"] for each in fields if each["type"] == 4] == ["x" * 30]
    await learned.members["Mei"].submit_modal(asked, {"slot": [slot], "value": "29"})
    assert "29" in await values(learned)


async def test_a_locked_field_stays_until_it_is_unlocked(learned: World) -> None:
    person, scope = learned.members["Mei"].id, f"guild:{learned.guild.id}"
    page = await command(learned, "show")
    await choose(learned, page, "hiking")
    await press(learned, page, "Lock")
    assert text_of(page).startswith("I keep this field as it is now.")
    assert await learned.services.editor.locked(person, scope) == {HIKING["slot"]}
    assert "Lock" not in labels(page)
    assert "Values and interests 🔒: hiking" in text_of(await command(learned, "show"))
    await press(learned, page, "Unlock")
    assert await learned.services.editor.locked(person, scope) == frozenset()


async def test_what_waits_is_approved_right_there(guessed: World) -> None:
    page = await command(guessed, "show")
    assert labels(page)[:2] == ["Approve", "Decline"]
    await press(guessed, page, "Approve")
    assert text_of(page).startswith("Thank you. From now on I use it: Styles: short answers")
    assert "Approve" not in labels(page)
    (style,) = [item for item in await known(guessed) if item.value == "short answers"]
    assert (style.status, style.basis) == ("active", "edited")


async def test_what_waits_is_declined_right_there(guessed: World) -> None:
    page, other = await command(guessed, "show"), await command(guessed, "show")
    await press(guessed, page, "Decline")
    assert text_of(page).startswith("All right, I do not use it: Styles: short answers")
    assert await values(guessed) == {"Mei"}
    await press(guessed, other, "Approve")
    assert text_of(other).startswith(GONE)
    assert await values(guessed) == {"Mei"}


async def test_approving_twice_changes_nothing_more(guessed: World) -> None:
    page, other = await command(guessed, "show"), await command(guessed, "show")
    await press(guessed, page, "Approve")
    await press(guessed, other, "Approve")
    assert text_of(other).startswith("It is like that already.")
    await press(guessed, other, "History")
    assert text_of(other).count("You said yes") == 1


async def test_a_waiting_value_has_its_page_too(guessed: World) -> None:
    page = await command(guessed, "show")
    shown = await choose(guessed, page, "short answers")
    assert "> be short" in shown
    assert "> too long" in shown
    assert labels(page) == ["Approve", "Decline", "Edit", "Forget", "Lock", "Back"]
    await press(guessed, page, "Approve")
    assert {item.status for item in await known(guessed)} == {"active"}


async def test_who_has_not_agreed_is_asked_where_nothing_is_known(world: World) -> None:
    result = await world.members["Mei"].slash(world.channel, "persona show")
    page = result.response
    assert page is not None
    assert labels(page) == ["Remember me", "Just chat"]
    await press(world, page, "Remember me")
    assert await world.services.consent.decision(world.members["Mei"].id) == "remember"
    shown = text_of(await command(world, "show"))
    assert "I learn after every 3 conversations" in shown


async def test_the_history_tells_who_did_what_and_goes_back(learned: World) -> None:
    page = await command(learned, "show")
    await choose(learned, page, "hiking")
    await press(learned, page, "Forget")
    await press(learned, page, "History")
    shown = text_of(page)
    forgot, first = shown.index("You had me forget"), shown.index("I learned from our")
    assert forgot < first
    assert "− Values and interests: hiking" in shown[forgot:first]
    assert "＋ Name: Mei" in shown[first:]
    assert labels(page) == ["Undo this", "Undo this", "Back to this", "Back"]
    await press(learned, page, "Back to this")
    assert text_of(page).startswith("This is again how it was at #1.")
    assert "You went back to #1" in text_of(page)
    assert await values(learned) == {"Mei", "short answers", "hiking"}


async def test_one_change_of_long_ago_is_undone_alone(learned: World) -> None:
    await command(learned, "edit", slot="Values and interests", value="jazz")
    await command(learned, "edit", slot="Languages", value="Mandarin")
    page = await command(learned, "history")
    (jazz,) = [
        each["custom_id"]
        for each in walk_components(page.components)
        if each.get("label") == "Undo this" and ":undo:1:2:" in each["custom_id"]
    ]
    await learned.members["Mei"].click(page, custom_id=jazz)
    assert await values(learned) == {"Mei", "short answers", "hiking", "Mandarin"}


async def test_a_long_history_is_turned_over(learned: World) -> None:
    for number in range(7):
        await command(learned, "edit", slot="Name", value=f"Mei {'I' * number}")
    page = await command(learned, "history")
    assert "Page 1 of 2" in text_of(page)
    await press(learned, page, "▶")
    assert "**#1**" in text_of(page)
    await press(learned, page, "◀")
    assert "**#8**" in text_of(page)


async def test_a_message_that_is_deleted_takes_its_words_from_the_page(learned: World) -> None:
    thread = learned.channel.threads[0]
    page = await command(learned, "show")
    await learned.members["Mei"].delete(learned.channel.history()[0])
    shown = await choose(learned, page, "hiking")
    assert "I love hiking" not in shown
    assert "The words it came from are gone." in shown
    assert str(thread.id) not in shown
