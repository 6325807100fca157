"""The Discord messages one answer stands in, and the buttons beneath it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Literal

import discord

from persona.answers import Answers, Part
from persona.turns import Turn

from .places import Channel
from .typing import Typing

logger = logging.getLogger(__name__)

_QUIET = discord.AllowedMentions.none()

# What the buttons are for: ending the answer while it is written, what comes after it, or nothing.
Buttons = Literal["stop", "answer", "none"]
ViewOf = Callable[[Buttons], discord.ui.View | None]


class PostedPart:
    """One message of the answer, as the presenter edits it."""

    def __init__(
        self,
        parts: AnswerParts,
        number: int,
        message: discord.Message | discord.PartialMessage,
        buttons: Buttons,
    ) -> None:
        self._parts = parts
        self.number = number
        self.message = message
        self.buttons = buttons

    @property
    def id(self) -> int:
        """Return the snowflake of the message."""
        return self.message.id

    async def edit(self, **changes: Any) -> None:
        """Replace the text of the message, and its buttons where others are due."""
        await self._parts.edit(self, **changes)


class AnswerParts:
    """Posts the parts of one answer, and keeps the right buttons on each.

    The nonce names the message answered and the part, so Discord itself drops a second copy. What
    stands there already, from before a crash or from an answer that is written anew, is written
    over; what is left over of it is taken back by `settle`.
    """

    def __init__(
        self,
        turn: Turn,
        channel: Channel,
        answers: Answers,
        typing: Typing,
        posted: Sequence[Part],
        *,
        view: ViewOf,
        quote: bool = False,
    ) -> None:
        """`posted` is what stands there, `view` makes the buttons.

        With `quote` the first part is a Discord reply.
        """
        self._turn = turn
        self._channel = channel
        self._answers = answers
        self._typing = typing
        self._view = view
        self._quote = quote
        own = [part for part in posted if part.turn_id == turn.message_id]
        self._begun = {part.number: part.part_id for part in own}
        self._others = [part.part_id for part in posted if part not in own]
        self._parts: list[PostedPart] = []
        self._last: Buttons | None = None

    def close(self, *, answered: bool) -> None:
        """From now on show what is due at the end: without an answer, no buttons."""
        self._last = "answer" if answered else "none"

    async def __call__(
        self, content: str, *, part: int, again: bool = False, file: discord.File | None = None
    ) -> PostedPart:
        """Post `content` as the message number `part`, counted from 0.

        With `again` the message posted before as that number cannot be edited any more; this one
        stands below all others.
        """
        await self._typing.end()
        number = len(self._parts)
        buttons = self._due(number, count=number + 1)
        view = self._view(buttons)
        begun = None if again else await self._over_begun(content, part, view, file)
        message = begun or await self._post(content, part, view, file, again=again)
        posted = PostedPart(self, number, message, buttons)
        self._parts.append(posted)
        if begun is None:
            await self._answers.note_part(self._turn, number, message.id)
        return posted

    async def edit(self, part: PostedPart, **changes: Any) -> None:
        """Change a message, and its buttons where others are due."""
        buttons = self._due(part.number, count=len(self._parts))
        if buttons != part.buttons:
            changes["view"] = self._view(buttons)
        await part.message.edit(**(changes | {"allowed_mentions": _QUIET}))
        part.buttons = buttons

    async def settle(self) -> None:
        """Mend the buttons, and take back what is left over of what stood there before."""
        for part in self._parts:
            if part.buttons != self._due(part.number, count=len(self._parts)):
                try:
                    await self.edit(part)
                except discord.HTTPException as error:
                    # Who presses a wrong one is told so, and that mends it.
                    logger.info("buttons not mended", extra={"part": part.id, "code": error.code})
        shown = {part.id for part in self._parts}
        for part_id in [*self._begun.values(), *self._others]:
            if part_id not in shown:
                with contextlib.suppress(discord.HTTPException):
                    await self._channel.get_partial_message(part_id).delete()
                await self._answers.drop_part(self._turn, part_id)

    def _due(self, number: int, *, count: int) -> Buttons:
        if self._last is None:
            return "stop" if number == 0 else "none"
        return self._last if number == count - 1 else "none"

    async def _over_begun(
        self, content: str, part: int, view: discord.ui.View | None, file: discord.File | None
    ) -> discord.Message | None:
        """Write over what stands there from before; None where nothing does, or not any more."""
        if part not in self._begun:
            return None
        begun = self._channel.get_partial_message(self._begun[part])
        with contextlib.suppress(discord.NotFound):
            return await begun.edit(
                content=content,
                view=view,
                attachments=[file] if file else [],
                allowed_mentions=_QUIET,
            )
        return None

    async def _post(
        self,
        content: str,
        part: int,
        view: discord.ui.View | None,
        file: discord.File | None,
        *,
        again: bool,
    ) -> discord.Message:
        options: dict[str, Any] = {"view": view} if view is not None else {}
        if file is not None:
            options["file"] = file
        if part == 0 and self._quote:
            options["reference"] = self._channel.get_partial_message(
                self._turn.message_id
            ).to_reference(fail_if_not_exists=False)
            options["mention_author"] = False
        sent = await self._channel.send(
            content,
            allowed_mentions=_QUIET,
            nonce=f"{self._turn.message_id}-{part}{'a' if again else ''}",
            **options,
        )
        if sent.content.strip() != content.strip():
            # Discord knew the nonce and returned what was posted before a crash.
            return await sent.edit(content=content, view=view, allowed_mentions=_QUIET)
        return sent
