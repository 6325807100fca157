from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.attachments.attachment import Attachment, Picture
from persona.attachments.content import decoded, image_type, is_pdf
from persona.attachments.files import Files
from persona.attachments.settings import AttachmentSettings
from tests.support.pdfs import pdf


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"plain\ttext\n", "plain\ttext\n"),
        ("\ufeffwith a mark\r\nof bytes\r".encode(), "with a mark\nof bytes\n"),
        ("Größe 大".encode("utf-16"), "Größe 大"),
        ("Größe".encode("utf-16-be"), None),
        (b"\xfe\xff" + "Größe".encode("utf-16-be"), "Größe"),
        (b"\xff\xfeodd", None),
        ("Größe".encode("latin-1"), None),
        (b"with a \x00 in it", None),
        (b"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        (b"bell \x07", None),
        (b"", ""),
    ],
)
def test_what_is_text(content: bytes, expected: str | None) -> None:
    assert decoded(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\x89PNG\n", None),
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF88a", None),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"RIFF1234WAVEfmt ", None),
        (b"<svg onload='x'/>", None),
        (b"", None),
    ],
)
def test_what_is_a_picture(content: bytes, expected: str | None) -> None:
    assert image_type(content) == expected


@given(st.binary(max_size=200))
def test_whatever_is_in_it_can_be_looked_at(content: bytes) -> None:
    image_type(content)
    is_pdf(content)
    text = decoded(content)
    if text is not None:
        text.encode()
        assert "\x00" not in text


async def test_files_keep_to_their_limits() -> None:
    files = Files(AttachmentSettings(image_bytes=10_000, file_bytes=2_000))
    png = b"\x89PNG\r\n\x1a\n"

    async def opened(content: bytes, room: int = 100) -> Attachment:
        return await files.open("name", content, room=room, file_id=7)

    picture = Attachment("image", "name", file_id=7, picture=Picture("image/png", png))
    assert await opened(png) == picture
    assert (await opened(png + b"x" * 10_000)).problem == "too_large"
    assert await opened(b"a word") == Attachment("text", "name", "a word", None, 7)
    assert await opened(b"a" * 2001) == Attachment("text", "name", "", "too_large", 7)
    assert await opened(b" \n") == Attachment("text", "name", "", "no_text", 7)
    assert await opened(b"\x00") == Attachment("file", "name", file_id=7)
    assert (await opened(b"word " * 300)).problem == "cut"
    assert await opened(b"word", room=0) == Attachment("text", "name", "", "cut", 7)
    assert await opened(pdf("a page")) == Attachment("pdf", "name", "a page", None, 7)
    assert (await opened(pdf("a page") + b" " * 2000)).problem == "too_large"
    assert files.most_bytes == 10_000
