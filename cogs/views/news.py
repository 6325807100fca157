"""Beneath the note that something was learned: Show, and Undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import discord

from persona.learning.news import News

from ..errors import reply
from ..host import services_of
from ..pages.controls import Button, show_button
from ..pages.history import changed_lines
from ..pages.layout import Controls
from ..text.catalogue import N_, text
from .pressable import Pressable, Pressed

Action = Literal["show", "undo"]

NOT_YOURS = N_("This is for somebody else.")
GONE = N_("That was erased or forgotten meanwhile.")
UNDONE = N_("Undone. I will not learn it again.")
NOTHING_LEFT = N_("Nothing of it was left to undo.")
LABELS: dict[Action, str] = {"show": N_("Show"), "undo": N_("Undo")}


class NewsButton(
    Pressable,
    Pressed,
    template=(
        r"rapport:news:(?P<action>show|undo):(?P<person>\d+):(?P<scope>dm|user|guild:\d+)"
        r":(?P<epoch>\d+):(?P<first>\d+)-(?P<last>\d+)"
    ),
):
    """Names the versions it is about, and the epoch: after a reset the numbers begin anew."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        person_id, scope = int(self.ids["person"]), self.ids["scope"]
        if interaction.user.id != person_id:
            await reply(interaction, text(locale, NOT_YOURS))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        services = services_of(interaction)
        versions = (int(self.ids[name]) for name in ("epoch", "first", "last"))
        news = await services.news.told(person_id, scope, *versions)
        if news is None:
            await reply(interaction, text(locale, GONE))
            return
        if self.ids["action"] == "show":
            await _show(interaction, news, locale)
            return
        undone = [
            version.number
            for version in reversed(await services.editor.versions(person_id, scope))
            if version.actor == "learner"
            and news.first <= version.number <= news.last
            and await services.editor.undo(person_id, scope, version.number) is not None
        ]
        await reply(interaction, text(locale, UNDONE if undone else NOTHING_LEFT))


async def _show(interaction: discord.Interaction[Any], news: News, locale: str) -> None:
    if not news.count:
        await reply(interaction, text(locale, GONE))
        return
    lines = changed_lines(news.difference, services_of(interaction).registry, locale)
    view = Controls(_button("undo", news, locale), show_button(0, locale))
    await reply(interaction, "\n".join(lines), view=view)


def news_view(news: News, actions: Sequence[Action], locale: str | None) -> discord.ui.View:
    """Return buttons for `actions` on `news`."""
    return Controls(*(_button(action, news, locale) for action in actions))


def _button(action: Action, news: News, locale: str | None) -> Button:
    about = f"{news.person_id}:{news.scope}:{news.epoch}:{news.first}-{news.last}"
    return Button(label=text(locale, LABELS[action]), custom_id=f"rapport:news:{action}:{about}")
