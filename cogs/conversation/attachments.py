"""Reading what came with a Discord message besides words; what fails is told, never fatal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence

import discord

from persona.attachments.attachment import Attachment, Kind, Problem
from persona.attachments.prompt import cost, plain

from ..host import Host
from ..text.catalogue import N_, text
from .addressing import readable_text, spoken_text

logger = logging.getLogger(__name__)

_QUOTED_CHARACTERS = 500
_DOWNLOADS_AT_ONCE = 4

_SENTENCES: Mapping[Problem, str] = {
    "too_large": N_("{name} is too large for me."),
    "too_many": N_(
        "Those are more pictures than I look at in one message (at most {number}), so I left out "
        "{name}."
    ),
    "not_downloaded": N_("I could not download {name}. Please send it again."),
    "damaged": N_("I could not read {name}. It may be damaged."),
    "locked": N_("{name} is protected by a password, so I cannot read it."),
    "no_text": N_("I found no text in {name}."),
    "cut": N_("{name} is long, so I read only its beginning."),
    "slow": N_("{name} takes too long to read, so I read only its beginning."),
}


class AttachmentReader:
    """Reads messages, few files at a time."""

    def __init__(self, host: Host) -> None:
        self._files = host.services.files
        self._settings = host.services.settings.attachments
        self._sees = host.services.settings.models.chat.sees
        self._downloads = asyncio.Semaphore(_DOWNLOADS_AT_ONCE)

    async def read(
        self, message: discord.Message, bot: discord.ClientUser
    ) -> tuple[Attachment, ...]:
        """Return what came with `message`: what it replies to or forwards, and its files."""
        found: list[Attachment] = []
        replied_to = await _replied_to(message)
        if replied_to is not None:
            found.append(_reply(message, replied_to, bot))
        files = list(message.attachments)
        stickers = list(message.stickers)
        for snapshot in message.message_snapshots:
            forwarded = readable_text(snapshot.content, {}, set())
            if forwarded:
                found.append(Attachment("forwarded", text=forwarded))
            files += snapshot.attachments
            stickers += snapshot.stickers
        found += await self._open_all(files, message.id)
        found += [Attachment("sticker", sticker.name) for sticker in stickers]
        if message.poll is not None:
            found.append(Attachment("poll", str(message.poll.question)))
        return tuple(found)

    def problems(self, locale: str | None, attachments: Sequence[Attachment]) -> Iterator[str]:
        """Yield a sentence for each thing that could not be read, or not in full."""
        for attachment in attachments:
            if attachment.problem is not None:
                name = discord.utils.escape_markdown(plain(attachment.name))
                yield text(
                    locale,
                    _SENTENCES[attachment.problem],
                    name=name,
                    number=self._settings.images,
                )

    async def _open_all(
        self, files: Sequence[discord.Attachment], message_id: int
    ) -> list[Attachment]:
        found: list[Attachment] = []
        room, pictures = self._settings.text_tokens, self._settings.images
        deadline = asyncio.get_running_loop().time() + self._settings.download_seconds
        for file in files:
            attachment = self._unopened(file)
            if attachment is None:
                attachment = await self._open(file, room, deadline, message_id)
            if attachment.kind == "image" and attachment.picture is not None:
                if not pictures:
                    attachment = Attachment(
                        "image", file.filename, problem="too_many", file_id=file.id
                    )
                pictures = max(0, pictures - 1)
            elif attachment.text:
                room = max(0, room - cost(attachment))
            found.append(attachment)
        return found

    def _unopened(self, file: discord.Attachment) -> Attachment | None:
        """Return what is known of a file that is not worth downloading, or None when it is."""
        name, declared = file.filename, file.content_type or ""
        if file.is_voice_message():
            return Attachment("voice", name, file_id=file.id)
        if declared.startswith(("audio/", "video/")):
            return Attachment("file", name, file_id=file.id)
        is_image = declared.startswith("image/") and not declared.startswith("image/svg")
        if is_image and not self._sees:
            return Attachment("image", name, file_id=file.id)
        if file.size > self._files.most_bytes:
            kind: Kind = "image" if is_image else "file"
            return Attachment(kind, name, problem="too_large", file_id=file.id)
        return None

    async def _open(
        self, file: discord.Attachment, room: int, deadline: float, message_id: int
    ) -> Attachment:
        try:
            async with asyncio.timeout_at(deadline), self._downloads:
                content = await file.read()
        except (discord.DiscordException, TimeoutError, OSError) as error:
            # Links expire, and people delete what they sent.
            logger.info(
                "attachment not downloaded",
                extra={"message_id": message_id, "reason": type(error).__name__},
            )
            kind: Kind = "image" if (file.content_type or "").startswith("image/") else "file"
            return Attachment(kind, file.filename, problem="not_downloaded", file_id=file.id)
        opened = await self._files.open(file.filename, content, room=room, file_id=file.id)
        if opened.picture is not None and not self._sees:
            return Attachment("image", file.filename, file_id=file.id)
        return opened


async def _replied_to(message: discord.Message) -> discord.Message | None:
    """Return the message that `message` replies to, if it is in the same channel and readable."""
    reference = message.reference
    if (
        message.type is not discord.MessageType.reply
        or reference is None
        or reference.message_id is None
        or reference.channel_id != message.channel.id
    ):
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if isinstance(reference.resolved, discord.DeletedReferencedMessage):
        return None
    try:
        return await message.channel.fetch_message(reference.message_id)
    except discord.HTTPException as error:
        logger.info("reply not read", extra={"message_id": message.id, "code": error.code})
        return None


def _reply(
    message: discord.Message, replied_to: discord.Message, bot: discord.ClientUser
) -> Attachment:
    author = replied_to.author
    if author.id == bot.id:
        who = "you"
    elif author.id == message.author.id:
        who = "themselves"
    else:
        who = f"@{author.display_name}"
    said = spoken_text(replied_to, bot)
    files = " ".join(f"[file {plain(file.filename)}]" for file in replied_to.attachments)
    quoted = " ".join(filter(None, (said, files)))
    if len(quoted) > _QUOTED_CHARACTERS:
        quoted = quoted[: _QUOTED_CHARACTERS - 1] + "…"
    return Attachment("reply", who, quoted)
