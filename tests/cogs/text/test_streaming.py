"""Showing a reply while it is written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import aiohttp
import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.text.messages import EditableMessage
from cogs.text.splitting import length, split
from cogs.text.streaming import Presenter
from persona.clock import SystemClock

NOTICE = "-# The rest is in the file."
SECRET = "the text that no log may hold"


class ManualClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class DiscordIsDown(Exception):
    pass


def refusal(code: int, status: int) -> discord.HTTPException:
    """What discord.py raises when Discord refuses a request."""
    response = cast("aiohttp.ClientResponse", SimpleNamespace(status=status, reason=SECRET))
    kinds = {403: discord.Forbidden, 404: discord.NotFound, 503: discord.DiscordServerError}
    return kinds.get(status, discord.HTTPException)(response, {"code": code, "message": SECRET})


@dataclass
class Message:
    """A message as Discord keeps it."""

    channel: Channel
    id: int
    content: str
    files: list[bytes] = field(default_factory=list)

    async def edit(
        self,
        *,
        content: str | None = None,
        attachments: Sequence[discord.Attachment | discord.File] = (),
        allowed_mentions: discord.AllowedMentions | None = None,
    ) -> Message:
        assert content is not None
        self.channel.refuse_files(attachments)
        assert allowed_mentions is not None
        assert not allowed_mentions.everyone
        await self.channel.held.wait()
        self.channel.record(f"edit {self.id}", content)
        self.content = content
        for attachment in attachments:
            assert isinstance(attachment, discord.File)
            self.files.append(attachment.fp.read())
        return self


@dataclass
class Channel:
    """Discord's side: keeps messages, records requests, refuses what Discord refuses."""

    messages: list[Message] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    parts: int = 0
    failing: str | None = None  # how the requests that fail begin
    error: Exception = field(default_factory=lambda: DiscordIsDown(SECRET))
    held: asyncio.Event = field(default_factory=asyncio.Event)  # edits arrive once it is set
    files_forbidden: bool = False

    def __post_init__(self) -> None:
        self.held.set()

    async def send(
        self, content: str, *, part: int, again: bool = False, file: discord.File | None = None
    ) -> Message:
        assert part < len(self.messages) if again else part == self.parts
        self.refuse_files(file)
        self.record("send again" if again else "send", content)
        self.parts += not again
        message = Message(self, 100 + len(self.messages), content)
        if file is not None:
            message.files.append(file.fp.read())
        self.messages.append(message)
        return message

    def refuse_files(self, file: object) -> None:
        if file and self.files_forbidden:
            self.requests.append("refused file")
            raise refusal(50013, 403)

    def record(self, request: str, content: str) -> None:
        assert content.strip()
        assert length(content) <= 2000
        self.requests.append(request)
        if self.failing is not None and request.startswith(self.failing):
            raise self.error

    @property
    def contents(self) -> list[str]:
        return [message.content for message in self.messages]


@dataclass
class Scene:
    clock: ManualClock = field(default_factory=ManualClock)
    channel: Channel = field(default_factory=Channel)

    def presenter(
        self,
        most_messages: int | None = None,
    ) -> Presenter:
        return Presenter(
            self.channel.send,
            self.clock,
            edit_interval=1.0,
            most_messages=most_messages,
            file_notice=NOTICE,
        )


@pytest.fixture
def scene() -> Scene:
    return Scene()


def accepts_discord_messages(message: discord.Message) -> EditableMessage:
    """Checked by mypy alone."""
    return message


async def test_nothing_said_posts_nothing(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("")
    await presenter.add(" \n")
    scene.clock.advance(5)
    await presenter.add(" ")
    assert await presenter.finish() == []
    assert await presenter.finish(" \n") == []
    assert scene.channel.requests == []


async def test_the_system_clock_will_do(scene: Scene) -> None:
    presenter = Presenter(scene.channel.send, SystemClock(), edit_interval=1.0)
    await presenter.add("Hello.")
    assert scene.channel.contents == ["Hello."]


@pytest.mark.parametrize(
    ("before", "delta"),
    [
        *(("Hello", "."), ("Well", "! So"), ("你好", "。"), ("x" * 79, "y"), ("Hm", "…\nYes")),
        *(('He said: "no', '."'), ("1. Go", "?")),
    ],
)
async def test_the_first_sentence_or_80_characters_are_posted(
    scene: Scene, before: str, delta: str
) -> None:
    presenter = scene.presenter()
    await presenter.add(before)
    assert scene.channel.requests == []
    await presenter.add(delta)
    assert scene.channel.contents == [before + delta]


@pytest.mark.parametrize("text", ["1.", "3.14 is", "example.com", "   \n", "```python\n", "``"])
async def test_too_little_waits(scene: Scene, text: str) -> None:
    presenter = scene.presenter()
    await presenter.add(text)
    assert scene.channel.requests == []
    await presenter.finish()
    assert scene.channel.contents == split(text)


async def test_after_the_interval_any_visible_text_is_posted(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("Hel")
    scene.clock.advance(0.99)
    await presenter.add("lo")
    assert scene.channel.requests == []
    scene.clock.advance(0.01)
    await presenter.add("")
    assert scene.channel.contents == ["Hello"]


async def test_a_fence_alone_is_nothing_to_show_yet(scene: Scene) -> None:
    presenter = scene.presenter()
    scene.clock.advance(1)
    await presenter.add("```python\n")
    assert scene.channel.requests == []
    await presenter.add("x")
    assert scene.channel.contents == ["```python\nx\n```"]


async def test_edits_keep_the_pace(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    for delta in (" two", " three", " four", " five"):
        scene.clock.advance(0.5)
        await presenter.add(delta)
    assert scene.channel.requests == ["send", "edit 100", "edit 100"]
    assert scene.channel.contents == ["One. two three four five"]


async def test_an_edit_that_changes_nothing_is_not_sent(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    scene.clock.advance(2)
    await presenter.add(" \n\n")
    posted = await presenter.finish()
    assert scene.channel.requests == ["send"]
    assert [(message.id, message.content) for message in posted] == [(100, "One.")]
    assert posted[0].message is scene.channel.messages[0]


async def test_an_open_fence_is_shown_closed(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("Look here:\n```py\nx = one. Then\ny")
    assert scene.channel.contents == ["Look here:\n```py\nx = one. Then\ny\n```"]
    await presenter.add(" = 2\n```\nDone")
    await presenter.finish()
    assert scene.channel.contents == ["Look here:\n```py\nx = one. Then\ny = 2\n```\nDone"]


async def test_an_outgrown_message_gets_its_final_text_at_once(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add(f"{'a' * 1500}. {'b' * 400}")
    await presenter.add("b" * 200)
    assert scene.channel.requests == ["send", "edit 100", "send"]
    assert scene.channel.contents == [f"{'a' * 1500}.", "b" * 600]
    for _ in range(5):
        scene.clock.advance(1)
        await presenter.add(" c")
    await presenter.finish()
    assert scene.channel.requests == ["send", "edit 100", "send", *["edit 101"] * 5]
    assert scene.channel.contents == [f"{'a' * 1500}.", f"{'b' * 600} c c c c c"]


async def test_a_finished_message_that_is_right_is_left_alone(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("a" * 2000)
    await presenter.add("b" * 4001)
    await presenter.finish()
    assert scene.channel.requests == ["send"] * 4
    assert scene.channel.contents == ["a" * 2000, "b" * 2000, "b" * 2000, "b"]


async def test_finish_completes_the_text(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    await presenter.add(" Two." * 1000)
    await presenter.add(" End")
    posted = await presenter.finish()
    assert scene.channel.contents == split(f"One.{' Two.' * 1000} End")
    assert [message.content for message in posted] == scene.channel.contents
    assert [message.id for message in posted] == [100, 101, 102]
    requests = list(scene.channel.requests)
    assert await presenter.finish() == posted
    assert scene.channel.requests == requests


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", "Sorry."),
        ("Half a sent", "Half a sent\n\nSorry."),
        ("Code:\n```py\nx = 1", "Code:\n```py\nx = 1\n```\n\nSorry."),
        ("Code:\n```py\nx = 1\n", "Code:\n```py\nx = 1\n```\n\nSorry."),
    ],
)
async def test_an_ending_is_a_paragraph_outside_code(scene: Scene, text: str, whole: str) -> None:
    presenter = scene.presenter()
    await presenter.add(text)
    await presenter.finish("Sorry.")
    await presenter.finish("Sorry.")
    assert scene.channel.contents == [whole]


async def test_an_ending_after_a_full_code_message(scene: Scene) -> None:
    for size in range(1900, 2100):
        scene = Scene()
        presenter = scene.presenter()
        await presenter.add(f"```\n{'x' * size}")
        posted = len(scene.channel.messages)
        await presenter.finish("Sorry.")
        assert len(scene.channel.messages) >= posted
        assert scene.channel.contents[-1].endswith("```\n\nSorry.") or (
            scene.channel.contents[-1] == "Sorry."
        )
        assert all(content.count("```") in (0, 2) for content in scene.channel.contents)


async def test_failing_edits_are_logged_without_text_and_made_good(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    presenter = scene.presenter()
    await presenter.add(f"{SECRET}.")
    scene.channel.failing = "edit"
    scene.clock.advance(1)
    await presenter.add(f" {SECRET}")
    await presenter.add(" and more")
    scene.channel.failing = None
    await presenter.finish()
    assert scene.channel.requests == ["send", "edit 100", "edit 100"]
    assert scene.channel.contents == [f"{SECRET}. {SECRET} and more"]
    assert "message 100" in caplog.text
    assert SECRET not in caplog.text


async def test_three_failures_in_a_row_stop_intermediate_edits(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    for failing in ("edit", "edit", None, "edit", "edit", "edit", None, None):
        scene.channel.failing = failing
        scene.clock.advance(1)
        await presenter.add(" more")
    assert scene.channel.requests == ["send", *["edit 100"] * 6]
    assert scene.channel.contents == ["One. more more more"]
    await presenter.finish()
    assert scene.channel.contents == [f"One.{' more' * 8}"]


async def test_a_failed_edit_of_an_outgrown_message_waits_for_the_pace(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add(f"{'a' * 1500}. {'b' * 400}")
    scene.channel.failing = "edit 100"
    await presenter.add("b" * 200)
    await presenter.add("b")
    assert scene.channel.requests == ["send", "edit 100", "send"]
    scene.channel.failing = None
    scene.clock.advance(1)
    await presenter.add("b")
    assert scene.channel.requests == ["send", "edit 100", "send", "edit 100", "edit 101"]
    assert scene.channel.contents == [f"{'a' * 1500}.", "b" * 602]


async def test_an_edit_that_failed_after_all_arriving_is_corrected(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add(f"{'a' * 1500}.")
    scene.channel.failing = "edit"
    scene.clock.advance(1)
    await presenter.add(f" {'b' * 400}")
    scene.channel.messages[0].content = f"{'a' * 1500}. {'b' * 400}"
    scene.channel.failing = None
    await presenter.add("b" * 200)
    await presenter.finish()
    assert scene.channel.contents == [f"{'a' * 1500}.", "b" * 600]


@pytest.mark.parametrize("request_kind", ["send", "edit"])
async def test_finish_passes_errors_on_and_can_be_repeated(scene: Scene, request_kind: str) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    await presenter.add(" two" * 600)
    await presenter.add(" three" * 600)
    scene.channel.failing = request_kind
    with pytest.raises(DiscordIsDown):
        await presenter.finish("word " * 900)
    scene.channel.failing = None
    await presenter.finish("word " * 900)
    whole = f"One.{' two' * 600}{' three' * 600}\n\n{'word ' * 900}"
    assert scene.channel.contents == split(whole)


async def test_a_failing_post_is_passed_on_from_add_and_made_good(scene: Scene) -> None:
    presenter = scene.presenter()
    scene.channel.failing = "send"
    with pytest.raises(DiscordIsDown):
        await presenter.add("One.")
    scene.channel.failing = None
    await presenter.finish("Sorry.")
    assert scene.channel.contents == ["One.\n\nSorry."]


PIECES = st.sampled_from(
    [
        "Word. ",
        "words and ",
        "\n\n",
        "\n",
        "```",
        "```py\n",
        "\n```\n",
        "x" * 300,
        "漢字。",
        "👍",
        "`",
    ]
)


@given(
    st.lists(st.tuples(PIECES, st.integers(1, 30), st.sampled_from([0.0, 0.3, 1.0])), max_size=30)
)
@settings(max_examples=150)
async def test_the_final_text_is_always_posted(stream: list[tuple[str, int, float]]) -> None:
    scene = Scene()
    presenter = scene.presenter()
    text = ""
    changed_at = scene.clock.now()
    for piece, repeats, pause in stream:
        scene.clock.advance(pause)
        text += piece * repeats
        sent, posted = len(scene.channel.requests), len(scene.channel.messages)
        await presenter.add(piece * repeats)
        if requests := scene.channel.requests[sent:]:
            if "send" not in requests:
                assert requests == [f"edit {99 + posted}"], "Only the last message is edited."
                assert scene.clock.now() - changed_at >= timedelta(seconds=1)
            changed_at = scene.clock.now()
        assert scene.channel.contents[:-1] == split(text)[: len(scene.channel.contents)][:-1]
    await presenter.finish()
    assert scene.channel.contents == split(text)


GONE = refusal(10008, 404)
TOO_OLD = refusal(30046, 429)
ARCHIVED = refusal(50083, 400)
DOWN = refusal(0, 503)
LIMITED = refusal(0, 429)


async def test_a_message_deleted_meanwhile_is_posted_anew_once(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    scene.channel.failing, scene.channel.error = "edit 100", GONE
    await presenter.add(" Two.")
    posted = await presenter.finish()
    assert scene.channel.requests == ["send", "edit 100", "send again"]
    assert [(message.id, message.content) for message in posted] == [(101, "One. Two.")]
    assert await presenter.finish() == posted
    scene.channel.failing = "edit"
    with pytest.raises(discord.NotFound):
        await presenter.finish("Sorry.")
    assert scene.channel.contents == ["One.", "One. Two."]


@pytest.mark.parametrize("error", [TOO_OLD, ARCHIVED, DOWN, LIMITED, discord.RateLimited(60)])
async def test_what_cannot_be_edited_is_continued_in_a_new_message(
    scene: Scene, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    scene.channel.failing, scene.channel.error = "edit 100", error
    scene.clock.advance(1)
    await presenter.add("\n\n  - two")
    posted = await presenter.finish("Sorry.")
    assert scene.channel.contents == ["One.", "  - two\n\nSorry."]
    assert [message.id for message in posted] == [100, 101]
    assert await presenter.finish() == posted
    assert SECRET not in caplog.text


async def test_a_message_that_shows_something_else_is_posted_anew_as_a_whole(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("Code:\n```py\nx = one. Then")
    scene.channel.failing, scene.channel.error = "edit", TOO_OLD
    await presenter.add("\ny = 2\n```")
    await presenter.finish()
    assert scene.channel.contents[1] == "Code:\n```py\nx = one. Then\ny = 2\n```"


async def test_where_nothing_can_be_posted_either_the_error_is_passed_on(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    scene.channel.failing, scene.channel.error = "", ARCHIVED
    with pytest.raises(discord.HTTPException):
        await presenter.finish("Sorry.")
    scene.channel.failing = None
    await presenter.finish("Sorry.")
    assert scene.channel.contents == ["One.\n\nSorry."]


async def test_no_edit_that_was_given_up_comes_after_the_final_one(scene: Scene) -> None:
    presenter = scene.presenter()
    await presenter.add("One.")
    scene.channel.held.clear()
    scene.clock.advance(1)
    adding = asyncio.create_task(presenter.add(" Two"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    finishing = asyncio.create_task(presenter.finish("The end."))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not finishing.done()
    scene.channel.held.set()
    await finishing
    assert scene.channel.requests == ["send", "edit 100", "edit 100"]
    assert scene.channel.contents == ["One. Two\n\nThe end."]


async def test_the_pace_can_be_put_off_but_the_final_edit_cannot() -> None:
    scene = Scene()
    allowed = scene.clock.now() + timedelta(seconds=5)
    presenter = Presenter(
        scene.channel.send,
        scene.clock,
        edit_interval=1.0,
        next_edit_at=lambda earliest: max(earliest, allowed),
    )
    await presenter.add("One.")
    for _ in range(4):
        scene.clock.advance(1.1)
        await presenter.add(" more")
    assert scene.channel.requests == ["send"]
    scene.clock.advance(0.6)
    await presenter.add(" more")
    await presenter.add(" and more")
    assert scene.channel.requests == ["send", "edit 100"]
    await presenter.finish()
    assert scene.channel.contents == [f"One.{' more' * 5} and more"]


LONG = "A word or two more. " * 150  # 3,000 characters


@pytest.mark.parametrize("most", [1, 2, 3])
async def test_an_answer_of_too_many_messages_ends_in_a_file(scene: Scene, most: int) -> None:
    presenter = scene.presenter(most_messages=most)
    text = f"**Über** 🎉 {LONG * most}"
    for at in range(0, len(text), 300):
        scene.clock.advance(1)
        await presenter.add(text[at : at + 300])
    assert len(scene.channel.messages) == most
    assert scene.channel.contents == split(text)[:most]
    posted = await presenter.finish()
    assert scene.channel.contents[:-1] == split(text)[: most - 1]
    beginning, _, notice = scene.channel.contents[-1].rpartition("\n\n")
    assert notice == NOTICE
    assert split(text)[most - 1].startswith(beginning)
    assert len(beginning) > 1900
    assert [message.files for message in scene.channel.messages] == [
        *[[]] * (most - 1),
        [text.encode()],
    ]
    requests = list(scene.channel.requests)
    assert await presenter.finish() == posted
    assert scene.channel.requests == requests


async def test_no_file_where_the_messages_suffice(scene: Scene) -> None:
    presenter = scene.presenter(most_messages=2)
    await presenter.add("x" * 4000)
    await presenter.finish()
    assert scene.channel.contents == ["x" * 2000] * 2
    assert all(message.files == [] for message in scene.channel.messages)


async def test_a_file_does_not_hide_that_something_went_wrong(scene: Scene) -> None:
    presenter = scene.presenter(most_messages=1)
    await presenter.add(f"```py\n{LONG}")
    await presenter.finish("Sorry.")
    [message] = scene.channel.messages
    assert message.content.endswith(f"\n```\n\n{NOTICE}\n\nSorry.")
    assert message.files == [f"```py\n{LONG}\n```\n\nSorry.".encode()]


async def test_where_files_are_forbidden_all_is_posted(scene: Scene) -> None:
    scene.channel.files_forbidden = True
    presenter = scene.presenter(most_messages=1)
    await presenter.add(LONG)
    await presenter.finish("Sorry.")
    assert scene.channel.requests.count("refused file") == 1
    assert scene.channel.contents == split(f"{LONG.strip()}\n\nSorry.")


async def test_the_file_goes_with_a_message_posted_anew(scene: Scene) -> None:
    presenter = scene.presenter(most_messages=1)
    await presenter.add(LONG)
    scene.channel.failing, scene.channel.error = "edit", GONE
    await presenter.finish()
    assert scene.channel.messages[1].files == [LONG.encode()]
