"""“Remember this” in the menu of a message: its author wants me to know what it says."""

from __future__ import annotations

from typing import Any

import discord

from persona.changes import Overtaken
from persona.errors import EditError
from persona.history import Diff, diff
from persona.learning.remember import Wish

from .cog import JSON, RapportCog
from .conversation.addressing import is_from_person, spoken_text
from .errors import reply
from .host import AnyBot, me_of, whose
from .locales import locale_for
from .pages.controls import UNDO, WRITE, add_button, show_button, version_button
from .pages.history import changed_lines
from .pages.pausing import paused
from .pages.showing import agreed, show_notice, why_not
from .text.catalogue import N_, text

ONLY_OWN = N_("I remember only what you said yourself.")
NO_TEXT = N_("There are no words in that message.")
REMEMBERED = N_("I remember it:")
KNOWN_ALREADY = N_("I know that already.")

Asked = discord.Interaction[Any]


class RememberMenu(RapportCog):
    """Has the optimizer read one message, as its author asks."""

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return nothing: what it learns is in the personas."""
        return {}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases what there is."""
        return {}

    def __init__(self, bot: AnyBot) -> None:
        super().__init__(bot)
        self.add_menu("Remember this", self._remember)

    async def _remember(self, interaction: Asked, message: discord.Message) -> None:
        reading = self._read(interaction, message)
        try:
            await self._host.remembering.run(message.id, reading)
        except Overtaken:
            error = EditError("The message was edited or deleted.", code="changed")
            locale = await locale_for(interaction)
            await show_notice(interaction, why_not(interaction, error, locale))

    async def _read(self, interaction: Asked, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True)
        locale = await locale_for(interaction)
        if message.author.id != interaction.user.id or not is_from_person(message):
            await reply(interaction, text(locale, ONLY_OWN))
            return
        said = spoken_text(message, me_of(self._bot))
        if not said:
            await reply(interaction, text(locale, NO_TEXT))
            return
        if not await agreed(interaction, locale):
            return
        pause = await paused(interaction, locale)
        if pause is not None:
            await reply(interaction, pause)
            return
        person_id, scope = whose(interaction)
        await self._services.budget.check(person_id)
        wish = Wish(person_id, scope, message.id, said, message.created_at)
        try:
            version = await self._services.remember.remember(wish)
        except EditError as error:
            write = add_button(locale, WRITE)
            await show_notice(interaction, why_not(interaction, error, locale), write)
            return
        await self._say(interaction, version, locale)

    async def _say(self, interaction: Asked, version: int | None, locale: str) -> None:
        """Say what was remembered; more words for what was known already change no value."""
        services, undo = self._services, None
        said = [text(locale, KNOWN_ALREADY)]
        access = await services.personas.find(*whose(interaction))
        versions = await services.editor.versions(*whose(interaction))
        numbered = {each.number: each.items for each in versions}
        if access is not None and version in numbered:
            difference = diff(numbered.get(version - 1, {}), numbered[version])
            if difference != Diff((), (), ()):
                undo = version_button("undo", access.epoch, version, "show", locale, UNDO)
                lines = changed_lines(difference, services.registry, locale)
                said = [text(locale, REMEMBERED), *lines]
        await show_notice(interaction, "\n".join(said), undo, show_button(0, locale))


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(RememberMenu(bot))
