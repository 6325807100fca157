"""A replay with an endpoint that fails again and again ends with the personas of one that works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import HttpUrl

from bot.errors import ReplayStopped
from bot.sandbox.replay.figures import Figures
from bot.sandbox.replay.memorybank import read_memorybank
from bot.sandbox.replay.player import Player, as_replayed
from bot.sandbox.world import World, open_world
from cogs.settings import DiscordSettings
from persona.settings import EndpointSettings, ModelsSettings, RoleSettings
from tests.conftest import settings_for
from tests.support.model import Depends, ScriptedModel
from tests.support.outage import FAULTS, ROLES, Outage
from tests.support.recordings import MEMORYBANK, needs_memorybank

SHARE = 0.3
# Draws every fault for learning several times.
SEED = 35

Personas = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class Played:
    """What a replay came to, and how often it was begun again where a message got no answer."""

    personas: Personas
    figures: Figures
    stops: int


async def play(folder: Path, outage: Outage) -> Played:
    """Play the recording to its end, as an operator does who starts again after every stop."""
    recording = read_memorybank(MEMORYBANK / "en" / "memory_bank_en.json")
    folder.mkdir()
    stops = 0
    async with ScriptedModel([Depends(outage)]) as model:
        settings = settings_for(
            model.base_url,
            folder,
            models=models_at(model.base_url),
            discord=as_replayed(DiscordSettings()),
        )
        while True:
            async with open_world(settings, recording.people, offline=False) as world:
                try:
                    figures = await Player(world, recording, lambda _: None).play()
                except ReplayStopped:
                    stops += 1
                    continue
                return Played(await read_personas(world), figures, stops)


def models_at(base_url: str) -> ModelsSettings:
    """Return model settings in which every failure shows, and those that wait are soon over."""
    patient = EndpointSettings(base_url=HttpUrl(base_url), max_retries=0)
    hurried = patient.model_copy(update={"timeout_seconds": 1})
    return ModelsSettings(
        endpoints={"default": patient, "hurried": hurried},
        optimizer=RoleSettings(endpoint="hurried"),
    )


async def read_personas(world: World) -> Personas:
    """Return each person's items in the order they are shown, with what they rest on."""
    personas = world.services.personas
    return {
        name: [
            (item.slot, item.value, item.basis, item.status, item.messages, item.sessions)
            for item in (await personas.load(member.id, f"guild:{world.guild.id}")).items
        ]
        for name, member in world.members.items()
    }


@needs_memorybank
async def test_an_endpoint_that_fails_a_third_of_the_time_costs_no_value(tmp_path: Path) -> None:
    sound = await play(tmp_path / "sound", Outage(0))
    outage = Outage(SHARE, SEED)
    failing = await play(tmp_path / "failing", outage)

    assert failing.personas == sound.personas
    assert sum(map(len, sound.personas.values())) == sound.figures.items > 100
    assert sound.stops == 0
    # A message whose reply fails is learned from all the same, and stays without a reply.
    assert failing.stops == failing.figures.errors == sum(outage.faults["chat"].values())
    assert failing.figures.replies == sound.figures.replies - failing.stops
    for figures in (sound.figures, failing.figures):
        assert (figures.people, figures.sessions, figures.sessions_learned) == (15, 149, 149)
        assert (figures.sessions_learned_twice, figures.duplicates) == (0, 0)
        assert figures.runs.parked == 0

    for role in ROLES:
        faults = outage.faults[role]
        assert set(faults) == set(FAULTS)
        assert 0.2 < sum(faults.values()) / outage.calls[role] < 0.45
