"""`rapport try` without a terminal: the story, from the outside."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import rapport

MARKS = (
    "Thread 1",
    "May I remember you?",
    "Mei presses “Remember me”",
    "Thread 2",
    "Thread 3",
    "the bot learns",
    "/persona show",
    "- Name: Mei",
    "Thread 4: the same question",
    "Hi Mei",
    "/persona reset",
    "Mei presses “Erase everything”",
    "I have forgotten everything",
    "/persona show",
    "I know nothing about you here.",
)


async def test_the_story_is_told_in_order(tmp_path: Path) -> None:
    ended = await rapport("try", folder=tmp_path)
    assert ended.code == 0, ended.err
    at = 0
    for mark in MARKS:
        found = ended.out.find(mark, at)
        assert found >= 0, f"{mark!r} is missing after {ended.out[at - 80 : at]!r}"
        at = found + len(mark)
    assert "offline model" in ended.out
    assert ended.err == ""
    assert list(tmp_path.iterdir()) == []


async def test_settings_of_the_machine_do_not_change_the_story(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[learning]\nevery = 7\n")
    ended = await rapport("try", folder=tmp_path, RAPPORT_LEARNING__ENABLED="false")
    assert ended.code == 0, ended.err
    assert "- Name: Mei" in ended.out


async def test_the_two_replies_to_one_question_differ(tmp_path: Path) -> None:
    ended = await rapport("try", folder=tmp_path)
    question = "What could I do on my day off?"
    parts = ended.out.split(question)
    before, after = parts[1], parts[-1]
    assert "Mei, " not in before.split("-# offline")[0]
    assert "Hi Mei" in after.split("-# offline")[0]
    assert len(after.split("-# offline")[0]) < len(before.split("-# offline")[0])
