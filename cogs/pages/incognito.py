"""/privacy incognito: on and off by turns, for whoever asks, in the conversation they ask in."""

from __future__ import annotations

from typing import Any

import discord

from ..errors import reply
from ..host import Host, whose
from ..locales import locale_for
from ..text.catalogue import N_, text

ON = N_(
    "This conversation is incognito now. I keep nothing of what you say here or of my answers, "
    "learn nothing from it, and use nothing I know about you. I remember it only while it goes on: "
    "it is gone when you use `/privacy incognito` again, or when I am restarted. What is written "
    "on Discord itself stays there, and the language model still reads each message to answer it."
)
OFF = N_(
    "This conversation is not incognito any more. I have dropped what was said, and begin anew "
    "with your next message."
)
NOT_HERE = N_("Use this in a thread where we talk, or in direct messages.")


async def toggle(interaction: discord.Interaction[Any]) -> None:
    """Turn it on, or off if it is on, and tell the person alone."""
    # Whoever sends a large file in the same thread is waited for, but Discord does not wait.
    await interaction.response.defer(ephemeral=True)
    locale, host = await locale_for(interaction), Host.of(interaction.client)
    place = interaction.channel
    if not isinstance(place, discord.Thread | discord.DMChannel):
        await reply(interaction, text(locale, NOT_HERE))
        return
    incognito, (person_id, scope) = host.services.incognito, whose(interaction)
    # What Discord told of before is stored before; what it tells of next comes after.
    async with host.arrivals[place.id]:
        if await incognito.is_on(person_id, place.id):
            await incognito.end(person_id, place.id)
            shown = OFF
        else:
            await incognito.begin(person_id, place.id, scope)
            shown = ON
    await reply(interaction, text(locale, shown))
