"""Nothing of one person reaches another, nor another server, however many talk at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import discord
import pytest

from persona.persona import Personas
from persona.personalization.personalizer import Personalizer
from persona.personalization.render import Block
from persona.sessions import Sessions
from persona.settings import PrivacySettings
from persona.sharing import Sharing
from persona.turns import Turn
from tests.conftest import OpenWorld
from tests.support.crowd import Crowd, gather
from tests.support.echo import echo
from tests.support.model import Depends, ScriptedModel
from tests.support.prying import pry


async def crowd_of(
    new_world: OpenWorld, model: ScriptedModel, people: int, **sections: Any
) -> Crowd:
    """People on three servers, all of whom agreed to be remembered."""
    model.script(Depends(echo))
    world = await new_world(*(f"Member{number}" for number in range(people)), **sections)
    crowd = await gather(world, model, 3, seed=7)
    for person in crowd.people:
        await world.services.consent.decide(person, "remember")
        await crowd.open_private(person)
    return crowd


async def live(crowd: Crowd, messages: int, *, blocks: int) -> None:
    """Let them talk, share a private thread now and then, and learn in between.

    Halfway one of them resets what is known of her on a server, and another is erased.
    """
    private = [place for place in crowd.places.values() if place.kind == "private"]
    for block in range(1, blocks + 1):
        # What SimCord costs grows with the square of a burst, so most are small.
        size, least = 20, messages * block // blocks
        while len(crowd.secrets) < least:
            await crowd.burst(min(size, least - len(crowd.secrets)))
            size = crowd.random.choice((1, 6, 10))
        await crowd.end()
        if block == blocks // 2:
            await reset(crowd, crowd.people[0])
            await crowd.world.services.erasure.erase(crowd.people[1])
            crowd.forgotten(crowd.people[1], None)
            await crowd.world.services.consent.decide(crowd.people[1], "remember")
        if block % 3 == 0:
            await crowd.world.start_bot()
        for place in private[block :: 3 * blocks]:
            await crowd.share(place)


async def reset(crowd: Crowd, person: int) -> None:
    scope, actor = next(iter(crowd.actors[person].items()))
    async with crowd.act(person):
        asked = (await actor.slash(crowd.channel(scope), "persona reset")).response
        assert asked is not None
        await actor.click(asked, label="Erase everything")
    crowd.forgotten(person, scope)


async def look(crowd: Crowd) -> None:
    """Let everybody look at what is known of them, on every server and in direct messages."""
    for person, actors in crowd.actors.items():
        async with crowd.act(person):
            for scope, actor in actors.items():
                shown = await actor.slash(crowd.channel(scope), "persona show")
                assert shown.ephemeral
            await next(iter(actors.values())).user.slash("persona show")


@pytest.mark.timeout(1200)
async def test_nothing_of_one_person_reaches_another(
    new_world: OpenWorld, model: ScriptedModel
) -> None:
    crowd = await crowd_of(new_world, model, 60)
    await live(crowd, 3000, blocks=10)
    thieves = crowd.people[-3:]
    for thief, victim in zip(thieves, crowd.people[2:5], strict=True):
        assert await pry(crowd, thief, victim) >= 6
    await look(crowd)
    leaks = crowd.leaks()
    assert leaks.found == []
    # What could have leaked was there: learned, used, and told.
    assert len(crowd.secrets) == 3000
    for kind, least in (
        ("in public", 1000),
        ("in private", 300),
        ("in direct", 300),
        ("learning", 300),
        ("shown", 2500),
        ("safe from elsewhere, read along", 1000),
        ("unsafe from elsewhere, alone", 1000),
    ):
        assert leaks.seen[kind] >= least, (kind, leaks.seen)


async def small(new_world: OpenWorld, model: ScriptedModel, **sections: Any) -> list[str]:
    """What leaks in a small crowd that is looked at as the large one is."""
    crowd = await crowd_of(new_world, model, 6, **sections)
    await live(crowd, 180, blocks=6)
    return crowd.leaks().found


async def test_members_who_pry_get_nothing(new_world: OpenWorld, model: ScriptedModel) -> None:
    crowd = await crowd_of(new_world, model, 6)
    await live(crowd, 180, blocks=6)
    assert await pry(crowd, crowd.people[-1], crowd.people[2]) >= 6
    await look(crowd)
    assert crowd.leaks().found == []


def _anybodys_persona(patch: pytest.MonkeyPatch) -> None:
    """What is said of a person in prompts is kept by its scope alone."""
    standing = Personalizer.standing
    kept: dict[str, Block] = {}

    async def cached(self: Personalizer, turn: Turn, *args: Any, **options: Any) -> Block:
        block = await standing(self, turn, *args, **options)
        return kept.setdefault(turn.scope, block) if block.text else block

    patch.setattr(Personalizer, "standing", cached)


def _anybodys_history(patch: pytest.MonkeyPatch) -> None:
    """In a thread, everybody is taken for whom it was opened for."""
    history = Sessions.history

    async def of_opener(self: Sessions, turn: Turn, *args: Any, **options: Any) -> Any:
        opener = await self.opener(turn.thread_id) or turn.person_id
        return await history(self, replace(turn, person_id=opener), *args, **options)

    patch.setattr(Sessions, "history", of_opener)


def _anybodys_place(patch: pytest.MonkeyPatch) -> None:
    """What is said goes where the bot spoke last."""
    send = discord.abc.Messageable.send
    last: list[Any] = []

    async def elsewhere(self: Any, *args: Any, **options: Any) -> Any:
        last.append(self)
        options.pop("reference", None), options.pop("mention_author", None)
        return await send(last[max(0, len(last) - 4)], *args, **options)

    patch.setattr(discord.abc.Messageable, "send", elsewhere)


def _nobody_joins(patch: pytest.MonkeyPatch) -> None:
    """Who joins a private thread is not noted."""

    async def nothing(self: Sharing, thread_id: int) -> None:
        return None

    patch.setattr(Sharing, "note", nothing)


def _all_alone(patch: pytest.MonkeyPatch) -> None:
    """Public threads are taken for private ones."""

    async def never(*_: object) -> bool:
        return False

    patch.setattr("cogs.conversation.answering.others_read", never)


def _nothing_erased(patch: pytest.MonkeyPatch) -> None:
    """A reset only says that it was done."""

    async def nothing(self: Personas, person_id: int, scope: str, *, epoch: int = 0) -> int:
        return 1

    patch.setattr(Personas, "reset", nothing)


@pytest.mark.parametrize(
    ("plant", "leak"),
    [
        (_anybodys_persona, "gets what"),
        (_anybodys_history, "gets what"),
        (_anybodys_place, "never spoke there"),
        (_nobody_joins, "where others read along"),
        (_all_alone, "where others read along"),
        (_nothing_erased, "forgotten before"),
    ],
)
async def test_a_leak_is_seen(
    new_world: OpenWorld,
    model: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
    plant: Callable[[pytest.MonkeyPatch], None],
    leak: str,
) -> None:
    plant(monkeypatch)
    assert any(leak in found for found in await small(new_world, model))


async def test_one_persona_everywhere_is_seen(new_world: OpenWorld, model: ScriptedModel) -> None:
    found = await small(new_world, model, privacy=PrivacySettings(scope="user"))
    assert any("told in guild" in leak for leak in found)
