"""“Remember this” on a message: its author's wish, through the same gate."""

from __future__ import annotations

import asyncio

import pytest
import simcord

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from cogs.forgetting import forget
from tests.cogs.test_persona import known
from tests.support.model import Act, Late, Say, ScriptedModel, Status, proposal, updates
from tests.support.pages import command, labels, only, press, write
from tests.support.stores import rows

INTERESTS = "personality.values_and_interests"
TEA = proposal(INTERESTS, "green tea", 1, "I love green tea", op="add_item")
MENU = "Remember this"


@pytest.fixture
async def agreed(world: World, model: ScriptedModel) -> World:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    return world


async def remember(
    world: World, model: ScriptedModel, text: str, *acts: Act, who: str = "Mei"
) -> simcord.ResponseMessage:
    """Have `who` say something in the channel, not to the bot, and want it remembered."""
    message = await world.members[who].send(world.channel, text)
    model.script(*(acts or (updates(TEA),)))
    return only(await world.members["Mei"].context_menu(world.channel, MENU, message))


async def values(world: World) -> set[str]:
    return {item.value for item in await known(world)}


async def test_what_one_said_is_remembered_and_shown(agreed: World, model: ScriptedModel) -> None:
    page = await remember(agreed, model, "I love green tea")
    assert text_of(page) == "I remember it:\n＋ Values and interests: green tea"
    assert labels(page) == ["Undo", "Show all"]
    (tea,) = await known(agreed)
    assert (tea.value, tea.basis, tea.status) == ("green tea", "stated", "active")
    (why,) = await agreed.services.editor.why(
        agreed.members["Mei"].id, f"guild:{agreed.guild.id}", tea.item_id
    )
    assert why.quote == "I love green tea"
    await press(agreed, page, "Undo")
    assert text_of(page).startswith("Taken back: #1.")
    assert await values(agreed) == set()


async def test_only_that_message_is_told_to_the_model(agreed: World, model: ScriptedModel) -> None:
    await agreed.members["Mei"].send(agreed.channel, "I hate mornings")
    await remember(agreed, model, "I love green tea")
    told = model.requests[-1]["messages"][-1]["content"]
    assert "I love green tea" in told
    assert "mornings" not in told


async def test_a_message_told_to_the_bot_is_linked(agreed: World, model: ScriptedModel) -> None:
    mei = agreed.members["Mei"]
    message = await mei.send(agreed.channel, f"{agreed.bot_mention} I love green tea")
    model.script(updates(TEA))
    only(await mei.context_menu(agreed.channel, MENU, message))
    page = await command(agreed, "show")
    (item,) = await known(agreed)
    await mei.select(page, [item.item_id])
    assert f"/{message.id}/{message.id})" in text_of(page)


async def test_doing_it_twice_changes_nothing_more(agreed: World, model: ScriptedModel) -> None:
    await remember(agreed, model, "I love green tea")
    page = await remember(agreed, model, "I love green tea")
    assert text_of(page) == "I know that already."
    assert labels(page) == ["Show all"]
    assert await values(agreed) == {"green tea"}


async def test_more_words_for_what_is_known_are_nothing_to_take_back(
    agreed: World, model: ScriptedModel
) -> None:
    await remember(agreed, model, "I love green tea")
    await remember(agreed, model, "I love green tea")
    page = await command(agreed, "undo")
    assert text_of(page).startswith("Taken back: #1.")
    assert await values(agreed) == set()
    page = await command(agreed, "undo")
    assert text_of(page).startswith("There is nothing to take back.")


async def test_what_was_forgotten_comes_back_by_this_wish(
    agreed: World, model: ScriptedModel
) -> None:
    await remember(agreed, model, "I love green tea")
    await command(agreed, "forget", value="green tea")
    page = await remember(agreed, model, "I love green tea")
    assert text_of(page).startswith("I remember it:")
    assert await values(agreed) == {"green tea"}
    (left,) = await rows(agreed.services.database, "SELECT COUNT(*) FROM tombstones")
    assert left == (0,)


async def test_nothing_of_others_is_remembered(agreed: World, model: ScriptedModel) -> None:
    page = await remember(agreed, model, "I love green tea", who="Tom")
    assert page.content == "I remember only what you said yourself."
    assert model.requests == []
    assert await values(agreed) == set()


async def test_nothing_of_the_bot_is_remembered(agreed: World, model: ScriptedModel) -> None:
    mei = agreed.members["Mei"]
    message = await mei.send(agreed.channel, f"{agreed.bot_mention} hello")
    thread = agreed.thread(message.id)
    asked = len(model.requests)
    page = only(await mei.context_menu(thread, MENU, thread.history()[-1]))
    assert page.content == "I remember only what you said yourself."
    assert len(model.requests) == asked


@pytest.mark.parametrize(
    ("text", "proposed", "sentence"),
    [
        (
            "my password is hunter2",
            proposal(INTERESTS, "hunter2", 1, "my password is hunter2", op="add_item"),
            "I keep no passwords, keys or numbers of accounts.",
        ),
        (
            "she loves green tea",
            proposal(
                INTERESTS, "green tea", 1, "she loves green tea", about="other", op="add_item"
            ),
            "I keep only what is about you yourself.",
        ),
        (
            "I love coffee",
            TEA,
            "I could not make out from it what I should keep about you.",
        ),
    ],
)
async def test_what_the_gate_refuses_can_be_written_by_hand(
    agreed: World, model: ScriptedModel, text: str, proposed: dict[str, object], sentence: str
) -> None:
    page = await remember(agreed, model, text, updates(proposed))
    assert text_of(page) == sentence
    assert labels(page) == ["Write it yourself"]
    assert await values(agreed) == set()
    await write(agreed, page, "Write it yourself", slot=[INTERESTS], value="tea")  # type: ignore[arg-type]
    assert await values(agreed) == {"tea"}


async def test_a_message_that_says_nothing_lasting(agreed: World, model: ScriptedModel) -> None:
    page = await remember(agreed, model, "good morning", updates())
    assert text_of(page) == "I found nothing in it that I could keep about you."


async def test_the_wish_to_remember_ends_no_value(agreed: World, model: ScriptedModel) -> None:
    await remember(agreed, model, "I love green tea")
    over = proposal(INTERESTS, None, 1, "I love green tea", op="remove_item", item=1)
    page = await remember(agreed, model, "I love green tea", updates(over))
    assert text_of(page) == "I found nothing in it that I could keep about you."
    assert await values(agreed) == {"green tea"}


async def test_a_locked_field_stays_as_it_is(agreed: World, model: ScriptedModel) -> None:
    person, scope = agreed.members["Mei"].id, f"guild:{agreed.guild.id}"
    await agreed.services.personas.access(person, scope)
    await agreed.services.editor.lock(person, scope, INTERESTS)
    page = await remember(agreed, model, "I love green tea")
    assert text_of(page) == "You locked Values and interests, so I leave it as it is."
    assert await values(agreed) == set()


async def test_a_picture_without_words(agreed: World, model: ScriptedModel) -> None:
    mei = agreed.members["Mei"]
    message = await mei.send(agreed.channel, "", attachments=[("tea.png", b"x")])
    page = only(await mei.context_menu(agreed.channel, MENU, message))
    assert page.content == "There are no words in that message."


async def test_who_has_not_agreed_is_asked(world: World, model: ScriptedModel) -> None:
    page = await remember(world, model, "I love green tea")
    assert labels(page) == ["Remember me", "Just chat"]
    assert model.requests == []
    assert await values(world) == set()


async def test_a_model_out_of_reach_is_said(agreed: World, model: ScriptedModel) -> None:
    page = await remember(agreed, model, "I love green tea", Status(500))
    assert page.content.startswith("I cannot reach my language model right now.")
    assert await values(agreed) == set()


async def test_an_answer_of_no_use_is_said(agreed: World, model: ScriptedModel) -> None:
    page = await remember(agreed, model, "I love green tea", Say(("no idea",)))
    assert page.content.startswith("I could not come up with an answer.")
    paid = await rows(
        agreed.services.database, "SELECT COUNT(*) FROM usage WHERE purpose = 'optimizer'"
    )
    assert paid == [(1,)]


async def test_it_works_after_a_restart(agreed: World, model: ScriptedModel) -> None:
    page = await remember(agreed, model, "I love green tea")
    await agreed.start_bot()
    await press(agreed, page, "Undo")
    assert await values(agreed) == set()
    await remember(agreed, model, "I love green tea")
    assert await values(agreed) == {"green tea"}


@pytest.mark.parametrize("how", ["delete", "edit"])
async def test_a_message_taken_back_meanwhile_is_not_remembered(
    agreed: World, model: ScriptedModel, how: str
) -> None:
    mei, backend = agreed.members["Mei"], agreed.env.backend
    message = await mei.send(agreed.channel, "I love green tea")
    late = Late(updates(TEA))
    model.script(late)
    asked = asyncio.create_task(mei.context_menu(agreed.channel, MENU, message))
    await asyncio.wait_for(late.begun.wait(), 10)
    if how == "delete":
        backend.delete_message(agreed.channel.id, message.id)
    else:
        backend.edit_message(agreed.channel.id, message.id, {"content": "never mind"})
    await asyncio.wait_for(late.dropped.wait(), 10)
    page = only(await asyncio.wait_for(asked, 10))
    assert text_of(page) == "Something changed in the meantime. Please try again."
    for table in ("items", "evidence", "versions"):
        assert await rows(agreed.services.database, f"SELECT 1 FROM {table}") == []


async def test_in_a_pause_nothing_is_remembered(agreed: World, model: ScriptedModel) -> None:
    await command(agreed, "pause")
    page = await remember(agreed, model, "I love green tea")
    assert page.content.startswith("I have been learning nothing here since <t:")
    assert model.requests == []
    assert await values(agreed) == set()
    await command(agreed, "resume")
    await remember(agreed, model, "I love green tea")
    assert await values(agreed) == {"green tea"}


async def test_an_erasure_stops_it(agreed: World, model: ScriptedModel) -> None:
    mei = agreed.members["Mei"]
    late = Late(updates(TEA))
    asked = asyncio.create_task(remember(agreed, model, "I love green tea", late))
    await late.begun.wait()
    assert (await forget(agreed.env.bot, mei.id)).left == {}
    page = await asyncio.wait_for(asked, 10)
    late.release.set()
    assert text_of(page) == "Something changed in the meantime. Please try again."
    assert await agreed.services.erasure.left(mei.id) == {}
