"""What a file is, by what is in it: names and declared types may lie."""

from __future__ import annotations

import codecs
import re

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
# Readers of PDF look for its mark this far in.
_PDF_WITHIN = 1024

# Line ends, tabs and form feeds, and the escape that begins a colour in the log of a terminal.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def image_type(content: bytes) -> str | None:
    """Return the media type of a picture that models take, or None when it is none."""
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def is_pdf(content: bytes) -> bool:
    """Return whether it says that it is a PDF."""
    return b"%PDF-" in content[:_PDF_WITHIN]


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8 or, with its mark, UTF-16; None when it is no text."""
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _BINARY.search(text) else text.replace("\r\n", "\n").replace("\r", "\n")
