"""A quiet note when something was learned: how much, and a button that shows it to its owner.

It stands where it was learned, as long as that place is open; else beneath the next answer.
"""

from __future__ import annotations

import contextlib
import logging

import discord
from discord.ext import commands

from persona.changes import Overtaken
from persona.learning.news import News
from persona.turns import Turn

from .cog import JSON, RapportCog
from .conversation.places import Channel
from .conversation.readers import others_read
from .host import AnyBot
from .locales import locale_in
from .pages.history import changed_lines
from .text.catalogue import P_, plural
from .views.news import Action, NewsButton, news_view

logger = logging.getLogger(__name__)

LEARNED = P_(
    "-# {name}, I learned {count} thing about you.",
    "-# {name}, I learned {count} things about you.",
)


class LearningNews(RapportCog):
    """Tells people what was learned about them."""

    items = (NewsButton,)

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return nothing: what was learned is in the personas."""
        return {}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases what there is."""
        return {}

    async def cog_load(self) -> None:
        await super().cog_load()
        self._services.learner.listeners.append(self._learned)

    async def cog_unload(self) -> None:
        await super().cog_unload()
        self._services.learner.listeners.remove(self._learned)

    @commands.Cog.listener()
    async def on_rapport_answered(self, turn: Turn, channel: Channel) -> None:
        """What could not be told where it was learned is told here."""
        if turn.incognito:
            return  # Nothing that is known comes up there.
        news = await self._news(turn.person_id, turn.scope)
        if news is not None:
            await self._tell(news, channel)

    async def _learned(self, person_id: int, scope: str) -> None:
        news = await self._news(person_id, scope)
        if news is None or news.thread_id is None:
            return
        channel = await self._place(news.thread_id)
        incognito = await self._services.incognito.is_on(person_id, news.thread_id)
        if channel is not None and not incognito:
            await self._tell(news, channel)

    async def _news(self, person_id: int, scope: str) -> News | None:
        news = await self._services.news.untold(person_id, scope)
        if not self._host.settings.learning_notes or news is None:
            return None
        if news.count:
            return news
        await self._services.news.mark(news, told=True)  # The person undid all of it already.
        return None

    async def _place(self, thread_id: int) -> Channel | None:
        """Return the thread or direct message while it is open: a note would open it again."""
        try:
            channel = self._bot.get_channel(thread_id)
            channel = channel or await self._bot.fetch_channel(thread_id)
        except (discord.HTTPException, discord.InvalidData) as error:
            logger.info("no place for a note", extra={"reason": type(error).__name__})
            return None
        if isinstance(channel, discord.Thread) and (channel.archived or channel.locked):
            return None
        return channel if isinstance(channel, Channel) else None

    async def _tell(self, news: News, channel: Channel) -> None:
        """Tell it, unless its person has it erased before it is posted."""
        with contextlib.suppress(Overtaken):
            await self._services.under_way.run(news.person_id, self._post(news, channel))

    async def _post(self, news: News, channel: Channel) -> None:
        guild = channel.guild if isinstance(channel, discord.Thread) else None
        locale = await locale_in(self._host, news.person_id, guild)
        note = plural(locale, LEARNED, news.count, name=f"<@{news.person_id}>")
        actions: tuple[Action, ...] = ("show",)
        if not await others_read(self._services.sharing, channel, news.person_id):
            lines = changed_lines(news.difference, self._services.registry, locale)
            note, actions = "\n".join([note, *lines]), ("undo",)
        # Noted first: told twice is worse than told with the next answer.
        if not await self._services.news.mark(news, told=True):
            return
        try:
            await channel.send(
                note,
                view=news_view(news, actions, locale),
                silent=True,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.HTTPException as error:
            logger.info("note not posted", extra={"code": error.code})
            await self._services.news.mark(news, told=False)


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(LearningNews(bot))
