"""The buttons of an answer: Stop while it is written; another one and thumbs once it is there."""

from __future__ import annotations

from typing import Any, Literal

import discord

from ..conversation.parts import Buttons, ViewOf
from ..conversation.places import Channel
from ..conversation.regenerating import GONE, regenerate
from ..errors import reply
from ..host import Host, services_of
from ..pages.controls import Button
from ..pages.layout import Controls
from ..text.catalogue import N_, text
from .pressable import Pressable, Pressed

Opinion = Literal["liked", "disliked"]

STOP = N_("Stop")
NOT_YOURS = N_("That answer was for somebody else.")
FINISHED = N_("This answer is finished already.")
UNANSWERED = N_("This answer cannot be written anew.")

_EMOJI: dict[Opinion, str] = {"liked": "👍", "disliked": "👎"}


def stop_id(turn_id: int) -> str:
    """Return what the button that stops the answer to `turn_id` is known by."""
    return f"rapport:stop:{turn_id}"


async def is_owners(interaction: discord.Interaction[Any], turn_id: int, locale: str) -> bool:
    """Return whether whoever pressed is the one who was answered; say so if not."""
    host = Host.of(interaction.client)
    # Of an incognito answer only this knows, as long as it is written.
    owner = host.writing.owner(turn_id) or await host.services.answers.owner(turn_id)
    if owner == interaction.user.id:
        return True
    await reply(interaction, text(locale, GONE if owner is None else NOT_YOURS))
    return False


class StopButton(Pressable, Pressed, template=r"rapport:stop:(?P<turn>\d+)"):
    """Ends the answer to a message while it is being written."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        turn_id = int(self.ids["turn"])
        if not await is_owners(interaction, turn_id, locale):
            return
        host = Host.of(interaction.client)
        if host.writing.stop(turn_id):
            await interaction.response.defer()
            return
        # It was left there by a crash, or the answer ended in this very moment.
        answer = await host.services.answers.of_turn(turn_id)
        pressed = interaction.message.id if interaction.message else None
        view: discord.ui.View | None = None
        if answer is not None and answer.last_part == pressed and host.settings.answer_buttons:
            view = answer_view(turn_id, answer.liked)
        await interaction.response.edit_message(view=view)
        await reply(interaction, text(locale, FINISHED))


class AgainButton(Pressable, Pressed, template=r"rapport:again:(?P<turn>\d+)"):
    """Has the newest answer written anew."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        turn_id = int(self.ids["turn"])
        if not await is_owners(interaction, turn_id, locale):
            return
        await interaction.response.defer()
        host = Host.of(interaction.client)
        answer = await host.services.answers.of_turn(turn_id)
        channel = interaction.channel
        if answer is None or not isinstance(channel, Channel):
            await reply(interaction, text(locale, UNANSWERED))
            return
        views = views_of(host, turn_id, locale)
        hindrance = await regenerate(host, answer, channel, views)
        if hindrance is not None:
            await reply(interaction, text(locale, hindrance))


class OpinionButton(
    Pressable, Pressed, template=r"rapport:(?P<opinion>liked|disliked):(?P<turn>\d+)"
):
    """A thumb up or down. Pressed again it is taken back."""

    async def press(self, interaction: discord.Interaction[Any], locale: str) -> None:
        turn_id = int(self.ids["turn"])
        if not await is_owners(interaction, turn_id, locale):
            return
        liked = await services_of(interaction).answers.rate(
            interaction.user.id, turn_id, self.ids["opinion"] == "liked"
        )
        await interaction.response.edit_message(view=answer_view(turn_id, liked))


def views_of(host: Host, turn_id: int, locale: str | None) -> ViewOf:
    """Return what makes the buttons of the answer to `turn_id`."""

    def view(buttons: Buttons) -> discord.ui.View | None:
        if buttons == "stop":
            return stop_view(turn_id, locale)
        has_buttons = buttons == "answer" and host.settings.answer_buttons
        return answer_view(turn_id) if has_buttons else None

    return view


def stop_view(turn_id: int, locale: str | None) -> discord.ui.View:
    """Return the button of an answer that is being written."""
    return Controls(Button(label=text(locale, STOP), custom_id=stop_id(turn_id)))


def answer_view(turn_id: int, liked: bool | None = None) -> discord.ui.View:
    """Return the buttons of a finished answer; `liked` is what its person thinks of it."""
    return Controls(
        Button(emoji="🔄", custom_id=f"rapport:again:{turn_id}"),
        _thumb("liked", turn_id, given=liked is True),
        _thumb("disliked", turn_id, given=liked is False),
    )


def _thumb(opinion: Opinion, turn_id: int, *, given: bool) -> Button:
    style = discord.ButtonStyle.success if given else discord.ButtonStyle.secondary
    return Button(emoji=_EMOJI[opinion], style=style, custom_id=f"rapport:{opinion}:{turn_id}")
