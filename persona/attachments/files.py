"""From the bytes of a file to what can be told of it."""

from __future__ import annotations

import asyncio

from persona.attachments.attachment import Attachment, Kind, Picture, Problem
from persona.attachments.content import decoded, image_type, is_pdf
from persona.attachments.pdf import PdfReader
from persona.attachments.prompt import clip
from persona.attachments.settings import AttachmentSettings

# No character is less than a quarter of a token.
_TOKEN_CHARACTERS = 4


class Files:
    """Opens files, within the limits of the settings."""

    def __init__(self, settings: AttachmentSettings) -> None:
        self._settings = settings
        self._pdfs = PdfReader(settings)

    @property
    def most_bytes(self) -> int:
        """What is larger is not worth downloading."""
        return max(self._settings.image_bytes, self._settings.file_bytes)

    async def open(self, name: str, content: bytes, *, room: int, file_id: int) -> Attachment:
        """Return what is in the file, its text cut to `room` tokens."""
        media_type = image_type(content)
        if media_type is not None:
            if len(content) > self._settings.image_bytes:
                return Attachment("image", name, problem="too_large", file_id=file_id)
            return Attachment("image", name, file_id=file_id, picture=Picture(media_type, content))
        is_document = is_pdf(content)
        text = None if is_document else await asyncio.to_thread(decoded, content)
        if text is None and not is_document:
            return Attachment("file", name, file_id=file_id)
        kind: Kind = "pdf" if is_document else "text"
        if len(content) > self._settings.file_bytes:
            return Attachment(kind, name, problem="too_large", file_id=file_id)
        problem: Problem | None = None
        if text is None:
            text, problem = await self._pdfs.read(content, max(1, room * _TOKEN_CHARACTERS))
        elif not text.strip():
            text, problem = "", "no_text"
        kept = clip(text, room)
        if len(kept) < len(text):
            problem = "cut"
        return Attachment(kind, name, kept, problem, file_id)
