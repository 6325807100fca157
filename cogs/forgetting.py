"""What is known of a person: collected for them, or forgotten, all of it with proof."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import discord

from .cog import JSON, RapportCog
from .host import AnyBot, Host

logger = logging.getLogger(__name__)

FORMAT = "rapport-everything"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """How much was erased, by kind, and what was found by looking afterwards, by table.

    Nothing it should be, unless `anew`: the person wrote again meanwhile, and is known anew.
    """

    erased: Mapping[str, int]
    left: Mapping[str, int]
    anew: bool = False


def _extensions(bot: discord.Client) -> Iterator[RapportCog]:
    cogs = bot.cogs.values() if isinstance(bot, AnyBot) else ()
    return (cog for cog in cogs if isinstance(cog, RapportCog))


async def collect(bot: discord.Client, person_id: int) -> dict[str, JSON]:
    """Return everything that is known of the person, by kind."""
    found: dict[str, JSON] = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": Host.of(bot).services.clock.now().isoformat(),
    }
    for extension in _extensions(bot):
        found |= await extension.export_person(person_id)
    return found


async def withdraw(bot: discord.Client, person_id: int) -> int:
    """Take the person's yes back, stop learning, and forget what was learned, in every scope.

    Returns the number of values erased.
    """
    services = Host.of(bot).services
    await services.learner.cancel(person_id)
    return await services.consent.withdraw(person_id)


async def forget(bot: discord.Client, person_id: int) -> Proof:
    """Stop all that is under way for the person, erase everything, and look whether it is gone.

    Raises `StoreError` when a database is out of reach; it may be repeated.
    """
    services = Host.of(bot).services
    counted: Counter[str] = Counter()
    for extension in _extensions(bot):
        counted.update(await extension.erase_person(person_id))
    await services.learner.cancel(person_id)
    before = await services.erasure.epoch(person_id)
    erased = await services.erasure.erase(person_id)
    counted.update(erased.records)
    counted["keys"] += erased.keys
    left = await services.erasure.left(person_id)
    now = await services.erasure.epoch(person_id)
    # What was left out would still be of the epoch before.
    anew = bool(left) and now is not None and now > (before or 0)
    if left and not anew:
        logger.error("erasure incomplete", extra={"person_id": person_id, "left": left})
    else:
        logger.info("person erased", extra={"records": sum(erased.records.values())})
    return Proof(counted, left, anew)
