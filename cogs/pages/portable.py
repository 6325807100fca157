"""/persona export and /persona import, and the file with everything."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from functools import partial
from typing import Any

import discord

from persona.errors import EditError
from persona.portable import LARGEST, CannotImport, Imported, PortablePersona, Problem, Reason, read
from persona.services import Services

from ..cog import JSON
from ..errors import reply
from ..host import services_of, whose
from ..locales import locale_for
from ..text.catalogue import N_, text
from ..text.refusals import refused as why_refused
from ..text.splitting import split
from .words import MORE, jump_url, slot_label

EXPORTED = N_(
    "Here is what I know about you here. Keep the file to yourself; `/persona import` reads it."
)
NOTHING = N_("I know nothing about you here, so there is nothing to export.")
NOT_AGREED = N_("First agree that I remember you: `/privacy show` has the button.")
IMPORTED = N_("Values taken over: {count}. They count as written by you.")
UNDO = N_("`/persona history` can take all of it back.")
NOT_TAKEN = N_("Not taken over:")
PROBLEMS: dict[Problem, str] = {
    "too_large": N_("This file is too large: at most {limit} KB can be imported."),
    "not_json": N_("This is no JSON file. Give me one that `/persona export` made."),
    "other_format": N_("This JSON file is not a persona. Give me one that `/persona export` made."),
    "newer_version": N_("This file was made by a newer version of me, which I cannot read yet."),
    "malformed": N_(
        "This file was changed so that I cannot read it. Give me one as `/persona export` made it."
    ),
}
REASONS: dict[Reason, str] = {
    "unknown_slot": N_("there is no such field here"),
    "known": N_("known already"),
    "taken": N_("the file has another value for it, which came first"),
}
# Beyond this, Discord may refuse a file.
_LARGEST_FILE = 8 * 1024 * 1024
_SHOWN = 80  # characters of a value
_REFUSED = 20  # values


async def export(interaction: discord.Interaction[Any]) -> None:
    """Give whoever asks the persona of where they ask, as a file."""
    await interaction.response.defer(ephemeral=True)
    locale, services = await locale_for(interaction), services_of(interaction)
    persona = await services.portable.export(
        *whose(interaction), link=jump_url, label=partial(text, locale)
    )
    if not persona.items and not persona.locked:
        await reply(interaction, text(locale, NOTHING))
        return
    await send_file(
        interaction, "rapport-persona.json", persona.model_dump(mode="json"), text(locale, EXPORTED)
    )


async def everything(services: Services, person_id: int) -> dict[str, JSON]:
    """Return the person's personas by scope, as the export of each."""
    portable = services.portable
    return {
        scope: (await portable.export(person_id, scope, link=jump_url)).model_dump(mode="json")
        for scope in await portable.scopes(person_id)
    }


async def import_(interaction: discord.Interaction[Any], file: discord.Attachment) -> None:
    """Take over what a file says about whoever brings it, and tell them what was not."""
    await interaction.response.defer(ephemeral=True)
    locale, services = await locale_for(interaction), services_of(interaction)
    person_id, scope = whose(interaction)
    if not await services.consent.agreed(person_id):
        await reply(interaction, text(locale, NOT_AGREED))
        return
    try:
        persona = await _read(file, scope)
    except CannotImport as error:
        await reply(interaction, text(locale, PROBLEMS[error.problem], limit=LARGEST // 1024))
        return
    try:
        # Fetching the file took its time: what the person decided meanwhile is checked once more.
        imported = await services.portable.import_(person_id, scope, persona)
    except EditError as error:
        await reply(interaction, why_refused(error, services.registry, locale))
        return
    for part in split(_outcome(imported, services, locale)):
        await reply(interaction, part)


async def _read(file: discord.Attachment, scope: str) -> PortablePersona:
    """Return the persona in `file`, of which no more is fetched than may be imported."""
    if file.size > LARGEST:
        raise CannotImport("too_large")
    if not file.filename.lower().endswith(".json"):
        raise CannotImport("not_json")
    return await asyncio.to_thread(read, await file.read(), scope)


def _outcome(imported: Imported, services: Services, locale: str | None) -> str:
    lines = [text(locale, IMPORTED, count=imported.values)]
    if imported.version is not None:
        lines[0] += f" {text(locale, UNDO)}"
    if imported.refused:
        lines += ["", text(locale, NOT_TAKEN)]
    for refused in imported.refused[:_REFUSED]:
        label = slot_label(services.registry, refused.slot, locale)
        reason = (
            why_refused(refused.reason, services.registry, locale)
            if isinstance(refused.reason, EditError)
            else text(locale, REASONS[refused.reason])
        )
        value = refused.value if len(refused.value) <= _SHOWN else f"{refused.value[:_SHOWN]}…"
        shown = discord.utils.escape_markdown(f"{label}: {' '.join(value.split())}")
        lines.append(f"- {shown} ({reason})")
    if len(imported.refused) > _REFUSED:
        lines.append(text(locale, MORE, count=len(imported.refused) - _REFUSED))
    return "\n".join(lines)


async def send_file(
    interaction: discord.Interaction[Any], name: str, content: JSON, shown: str
) -> None:
    """Send `content` as a file of JSON that only its author sees."""
    data = await asyncio.to_thread(_encoded, content)
    if len(data) > _LARGEST_FILE:
        name, data = f"{name}.gz", await asyncio.to_thread(gzip.compress, data)
    await interaction.followup.send(
        shown,
        file=discord.File(io.BytesIO(data), name),
        ephemeral=True,
        allowed_mentions=discord.AllowedMentions.none(),
    )


def _encoded(content: JSON) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()
