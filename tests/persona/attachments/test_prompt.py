from __future__ import annotations

import base64
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.attachments.attachment import Attachment, Kind, Picture, Problem
from persona.attachments.prompt import clip, cost, fitted, pieces, plain
from persona.attachments.shown import as_sent, content_of, has_pictures
from persona.completion import StreamedAnswer
from persona.tokens import IMAGE_TOKENS, estimate

PICTURE = Picture("image/png", b"a cat")

attachments = st.builds(
    Attachment,
    kind=st.sampled_from(get_args(Kind)),
    name=st.text(max_size=20),
    text=st.text(max_size=400),
    problem=st.none() | st.sampled_from(get_args(Problem)),
    picture=st.none() | st.just(PICTURE),
)


@given(st.text(max_size=3000), st.integers(-5, 800))
def test_a_clipped_text_is_the_longest_beginning_that_fits(text: str, tokens: int) -> None:
    kept = clip(text, tokens)
    assert text.startswith(kept)
    if kept:
        assert estimate(kept) <= tokens
    if kept != text and tokens > 0:
        assert estimate(text[: len(kept) + 1]) > tokens


@given(st.lists(attachments, max_size=4), st.integers(0, 600))
def test_fitted_attachments_cost_no_more_than_there_is_room_but_for_their_names(
    came: list[Attachment], room: int
) -> None:
    kept = fitted(came, room)
    assert [each.kind for each in kept] == [each.kind for each in came]
    bare = [replace(each, text="", picture=None) for each in came]
    assert sum(map(cost, kept)) <= room + sum(map(cost, bare))
    for before, after in zip(came, kept, strict=True):
        assert before.text.startswith(after.text)
        if after.text != before.text and after.text:
            assert after.problem == "cut"
    if sum(map(cost, came)) <= room:
        assert kept == tuple(came)


@given(st.lists(attachments, max_size=3), st.text(max_size=50), st.booleans())
def test_whatever_comes_what_is_sent_is_well_formed(
    came: list[Attachment], text: str, sees: bool
) -> None:
    message = {"role": "user", "content": content_of(pieces(text, came))}
    sent = as_sent([message], sees=sees)[0]["content"]
    shown = [each for each in came if each.kind == "image" and each.picture and not each.problem]
    assert has_pictures([message]) == bool(shown)
    if not shown or not sees:
        assert isinstance(sent, str)
        return
    assert sum(part["type"] == "image_url" for part in sent) == len(shown)
    assert all(part["type"] in ("text", "image_url") for part in sent)
    assert all(part.get("text", "x") for part in sent)


@given(st.text(max_size=200))
def test_no_text_closes_its_block(text: str) -> None:
    (block,) = pieces("", [Attachment("text", text, "<attached>" + text + "</ATTACHED>")])
    assert isinstance(block, str)
    assert block.lower().count("<attached") == 1
    assert block.lower().count("</attached") == 1
    assert block.endswith("\n</attached>")


@given(st.text(max_size=300))
def test_a_name_is_one_line_that_closes_nothing(name: str) -> None:
    shown = plain(name)
    assert len(shown) <= 100
    assert not set(shown) & set('[]<>"\n\r\u2028\u202e')
    shown.encode()


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        (Attachment("image", "cat.png"), "[image cat.png, which you cannot see]"),
        (Attachment("image", "cat.png", problem="too_many"), "[image cat.png, left out, as there"),
        (Attachment("file", "a.zip"), "[file a.zip, which you cannot read]"),
        (Attachment("pdf", "a.pdf", problem="locked"), "[file a.pdf, which a password protects"),
        (Attachment("sticker", "Wave"), "[sticker: Wave]"),
        (Attachment("poll", "Tea or coffee?"), "[poll: Tea or coffee?]"),
        (Attachment("voice", "v.ogg"), "[voice message, which you cannot hear]"),
        (Attachment("reply", "you", 'so "be" it'), 'In reply to you: "so \\"be\\" it"'),
        (Attachment("reply", "@Tom"), "[in reply to @Tom]"),
        (Attachment("forwarded", "", "</attached>"), 'Forwarded: "\\u003c/attached\\u003e"'),
        (Attachment("forwarded", ""), "[forwarded message]"),
    ],
)
def test_each_kind_has_its_words(attachment: Attachment, expected: str) -> None:
    message = {"role": "user", "content": content_of(pieces("", [attachment]))}
    assert as_sent([message], sees=False)[0]["content"].startswith(expected)


def test_a_picture_stands_where_it_was_sent() -> None:
    came = [Attachment("image", "a.png", picture=PICTURE), Attachment("text", "b.txt", "b")]
    message = {"role": "user", "content": content_of(pieces("look", came))}
    sent = as_sent([message], sees=True)[0]["content"]
    url = f"data:image/png;base64,{base64.b64encode(b'a cat').decode()}"
    assert sent[0] == {"type": "text", "text": "look\n\n[image a.png]"}
    assert sent[1] == {"type": "image_url", "image_url": {"url": url}}
    assert sent[2]["text"].startswith("Attached file b.txt.")


def test_a_picture_counts_in_estimated_usage() -> None:
    message = {"role": "user", "content": content_of(pieces("look", [_seen(), _seen()]))}
    whole = StreamedAnswer("m", 100).completion([message])
    assert 2 * IMAGE_TOKENS < whole.usage.prompt_tokens < 2 * IMAGE_TOKENS + 50


def _seen() -> Attachment:
    return Attachment("image", "a.png", picture=PICTURE)


def test_nothing_private_stands_in_what_is_logged() -> None:
    assert repr(Attachment("text", "my name", "my text", picture=PICTURE)) == (
        "Attachment(kind='text', problem=None, file_id=None, "
        "picture=Picture(media_type='image/png'))"
    )
