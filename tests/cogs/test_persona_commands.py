"""What is typed after /persona, with what is offered while typing."""

from __future__ import annotations

import pytest

from bot.sandbox.transcript import text_of
from bot.sandbox.world import World
from tests.cogs.test_persona import known, learn
from tests.support.model import ScriptedModel
from tests.support.pages import command, labels

GONE = "That is not there any more."


@pytest.fixture
async def learned(world: World, model: ScriptedModel) -> World:
    await learn(world, model)
    return world


async def values(world: World) -> set[str]:
    return {item.value for item in await known(world)}


async def offered(world: World, name: str, option: str, text: str, **filled: str) -> dict[str, str]:
    choices = await world.members["Mei"].autocomplete(
        world.channel, f"persona {name}", option, text, **filled
    )
    assert len(choices) <= 25
    assert all(1 <= len(choice["name"]) <= 100 for choice in choices)
    return {choice["name"]: choice["value"] for choice in choices}


async def test_edit_offers_slots_and_what_may_be_replaced(learned: World) -> None:
    assert len(await offered(learned, "edit", "slot", "")) == len(learned.services.registry)
    assert await offered(learned, "edit", "slot", "inter") == {
        "Values and interests": "personality.values_and_interests"
    }
    every = await offered(learned, "edit", "replaces", "")
    assert set(every) == {"Name: Mei", "Values and interests: hiking", "Styles: short answers"}
    assert set(await offered(learned, "edit", "replaces", "", slot="preference.styles")) == {
        "Styles: short answers"
    }


async def test_edit_writes_replaces_and_shows(learned: World) -> None:
    slot = "personality.values_and_interests"
    (hiking,) = (await offered(learned, "edit", "replaces", "hik")).values()
    page = await command(learned, "edit", slot=slot, value="climbing", replaces=hiking)
    assert text_of(page).startswith("I keep it: climbing")
    assert await values(learned) == {"Mei", "climbing", "short answers"}
    await command(learned, "edit", slot="name", value="May")
    assert await values(learned) == {"May", "climbing", "short answers"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slot": "Nothing", "value": "x"}, "I have no such field."),
        ({"slot": "Name", "value": "x" * 61}, "Name holds at most 60 characters."),
        ({"slot": "Name", "value": "unknown"}, "That says that nothing is known."),
        ({"slot": "Name", "value": "May", "replaces": "Tom"}, GONE),
        (
            {"slot": "Thinking or feeling", "value": "both"},
            "Thinking or feeling takes one of: thinking, feeling.",
        ),
        (
            {"slot": "Name", "value": "my password is hunter2"},
            "I keep no passwords, keys or numbers of accounts.",
        ),
    ],
)
async def test_edit_says_why_it_keeps_something_not(
    learned: World, given: dict[str, str], sentence: str
) -> None:
    page = await command(learned, "edit", **given)
    assert text_of(page).startswith(sentence)
    assert await values(learned) == {"Mei", "hiking", "short answers"}


async def test_who_has_not_agreed_is_asked_before_anything_is_written(world: World) -> None:
    page = await command(world, "edit", slot="Name", value="Mei")
    assert labels(page) == ["Remember me", "Just chat"]
    assert await values(world) == set()


async def test_forget_takes_what_is_offered_or_typed(learned: World) -> None:
    (hiking,) = (await offered(learned, "forget", "value", "hiking")).values()
    page = await command(learned, "forget", value=hiking)
    assert text_of(page).startswith("Forgotten: Values and interests: hiking.")
    await command(learned, "forget", value="Short Answers")
    assert await values(learned) == {"Mei"}
    page = await command(learned, "forget", value=hiking)
    assert text_of(page).startswith(GONE)


async def test_undo_takes_back_one_change_after_the_other(learned: World) -> None:
    await command(learned, "forget", value="hiking")
    page = await command(learned, "undo")
    assert text_of(page).startswith("Taken back: #2.")
    assert await values(learned) == {"Mei", "hiking", "short answers"}
    await command(learned, "undo")
    assert await values(learned) == set()
    page = await command(learned, "undo")
    assert text_of(page).startswith("There is nothing to take back.")


async def test_nobody_is_offered_or_changes_what_is_anothers(learned: World) -> None:
    tom = learned.members["Tom"]
    assert await tom.autocomplete(learned.channel, "persona forget", "value", "") == []
    (hiking,) = [item.item_id for item in await known(learned) if item.value == "hiking"]
    await command(learned, "forget", "Tom", value=hiking)
    assert "hiking" in await values(learned)


async def test_offers_are_short_and_few_enough(world: World) -> None:
    await world.services.consent.decide(world.members["Mei"].id, "remember")
    for number in range(30):
        value = f"interest number {number} {'x' * 60}"
        page = await command(world, "edit", slot="Values and interests", value=value)
        assert text_of(page).startswith("I keep it: ")
    assert len(await offered(world, "forget", "value", "interest")) == 25


async def test_the_history_of_nothing_is_a_page_too(world: World) -> None:
    page = await command(world, "history")
    assert "Nothing has changed here so far." in text_of(page)
    assert labels(page) == ["Back"]
