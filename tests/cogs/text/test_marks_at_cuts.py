"""What Discord shows of text around a cut: quotes, marks, spoilers, fences within a line, links."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.text.splitting import MESSAGE_LIMIT, Splitter, length, split

WORDS = " ".join(f"word{number}" for number in range(60))


def shown(parts: list[str]) -> str:
    """All letters and digits, in order."""
    return "".join(re.findall(r"\w+", "".join(parts)))


def revealed(part: str) -> str:
    """What a reader sees of a message without uncovering spoilers."""
    without_code = re.sub(r"(?<!`)`[^`\n]+`(?!`)", "", part)
    return re.sub(r"\|\|.*?\|\|", "", without_code, flags=re.DOTALL)


@pytest.mark.parametrize("mark", ["**", "*", "__", "_", "~~", "***"])
def test_a_cut_is_rather_outside_of_marks(mark: str) -> None:
    for before in range(100, 190, 3):
        text = f"{('plain ' * 40)[:before].strip()} {mark}some marked words{mark} {WORDS}"
        parts = split(text, 200)
        assert any(f"{mark}some marked words{mark}" in part for part in parts), before


@pytest.mark.parametrize("mark", ["**", "*", "__", "_", "~~", "||", "***"])
def test_marks_too_long_for_a_message_are_closed_and_opened_again(mark: str) -> None:
    parts = split(f"Look: {mark}{WORDS}{mark}. And more.", 200)
    assert len(parts) > 2
    assert all(part.count(mark) == 2 for part in parts)
    assert all(part.startswith(mark) for part in parts[1:])
    assert all(part.endswith(mark) for part in parts[:-1])
    assert all(length(part) <= 200 for part in parts)
    assert shown(parts).replace("_", "") == shown([f"Look {WORDS} And more"])


def test_nested_marks_are_closed_in_order() -> None:
    parts = split(f"||**{WORDS}**||", 200)
    assert all(part.startswith("||**") and part.endswith("**||") for part in parts)


@pytest.mark.parametrize(
    "text", ["2 * 3 * 4 ", "snake_case_name ", "a ** b ", "\\*\\* ", "`**` ", "https://x.org/a_b_ "]
)
def test_what_is_no_mark_is_left_alone(text: str) -> None:
    parts = split(text * 100, 200)
    assert "".join("".join(parts).split()) == "".join((text * 100).split())


SECRETS = st.lists(st.sampled_from(["secret", "secret\n", "\nsecret", "secret.\n\n"]), min_size=1)
PIECES = st.one_of(
    st.sampled_from(
        [
            "plain ",
            "plain. ",
            "\n\n",
            "\n- plain ",
            "**plain** ",
            "`a || b` ",
            "> plain\n",
            "漢字。",
        ]
    ),
    st.builds("||{}|| ".format, SECRETS.map(" ".join)),
    st.builds("\n||```py\n{}\n```||\n".format, SECRETS.map("\n".join)),
)


@given(st.lists(PIECES, max_size=15).map("".join), st.integers(200, 260))
@settings(max_examples=60)
def test_no_cut_reveals_a_spoiler_also_while_it_is_written(text: str, limit: int) -> None:
    splitter = Splitter(limit)
    finished: list[str] = []
    for character in text:
        splitter.add(character)
        parts = splitter.parts()
        assert all(length(part) <= limit for part in parts)
        assert not any("secret" in revealed(part) for part in parts)
        assert parts[: len(finished)] == finished
        finished = parts[:-1]
    assert "".join(splitter.parts()).count("secret") == text.count("secret")


def test_a_paragraph_added_behind_an_open_spoiler_is_seen() -> None:
    splitter = Splitter()
    splitter.add("The murderer is ||the but")
    splitter.add_paragraph("Sorry.")
    assert splitter.parts() == ["The murderer is ||the but||\n\nSorry."]


def test_an_operator_hides_nothing() -> None:
    assert split("Write a || b and c.") == ["Write a || b and c."]


CODE = "\n".join(f"line {number}" for number in range(60))
QUOTED_CODE = CODE.replace("\n", "\n> ")


@pytest.mark.parametrize(
    "text", [f"> Look:\n> ```py\n> {QUOTED_CODE}\n> ```\n> Done.", f"> ```py\n> {QUOTED_CODE}"]
)
def test_code_in_a_quote_is_closed_and_opened_again_in_the_quote(text: str) -> None:
    parts = split(text, 200)
    assert len(parts) > 2
    assert all(length(part) <= 200 for part in parts)
    assert all(part.startswith("> ```py\n> line") for part in parts[1:])
    assert all(part.endswith("\n> ```") for part in parts[:-1])
    assert all(line.startswith("> ") for part in parts for line in part.split("\n"))
    assert all(part.count("```") == 2 for part in parts)


def test_a_quote_of_all_the_rest_goes_on() -> None:
    parts = split(f">>> {WORDS}\n\n```py\n{CODE}\n```\n\nDone.", 200)
    assert len(parts) > 4
    assert all(part.startswith(">>> ") for part in parts)
    assert all(part.count("```") in (0, 2) for part in parts)
    assert sum(part.startswith(">>> ```py\nline") for part in parts) >= 2


def test_a_quoted_line_goes_on_quoted() -> None:
    parts = split(f"> {WORDS}\nDone.", 200)
    assert all(part.startswith("> ") for part in parts)
    assert parts[-1].endswith("\nDone.")
    assert split(f"> **{WORDS}**", 200)[1].startswith("> **word")


def test_behind_a_quote_nothing_is_quoted() -> None:
    parts = split(f"> short\n{WORDS}\n\n{WORDS}", 200)
    assert [part.startswith(">") for part in parts] == [True] + [False] * (len(parts) - 1)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("Here: ```py\n", "\n```"), ("Here:```\n", "```\nSee?"), ("```c\n", "``` and more")],
)
def test_a_fence_within_a_line_counts(opening: str, closing: str) -> None:
    parts = split(f"{opening}{CODE}{closing}", 200)
    language = opening.strip().rpartition("```")[2]
    assert len(parts) > 2
    assert all(part.count("```") == 2 for part in parts)
    assert all(part.startswith(f"```{language}\nline ") for part in parts[1:])
    assert all(part.endswith("\n```") for part in parts[:-1])
    assert shown(parts).count("line") == 60


@pytest.mark.parametrize(
    "text",
    ["Use ``` for code.", "A ```block``` in a line", "``` `", "a ```b c", "x ``` y ```z``` w"],
)
def test_a_run_within_a_line_is_not_always_a_fence(text: str) -> None:
    assert split(text) == [text]
    assert split(f"{text}\nmore") == [f"{text}\nmore"]


@pytest.mark.parametrize(
    "link",
    [
        *(
            "[some words](https://example.org/{})",
            "<https://example.org/{}>",
            "[a](<https://x/{}>)",
        ),
        *("https://example.org/{}", "[a](https://example.org/x_(y)/{})"),
    ],
)
@pytest.mark.parametrize("size", [40, 110, 150])
def test_a_link_is_never_cut_that_fits_into_a_message(link: str, size: int) -> None:
    whole = link.format("x" * size)
    for before in range(0, 200, 7):
        parts = split(f"{('plain ' * 40)[:before]} {whole} {WORDS}", 200)
        assert any(whole in part for part in parts), before


def test_a_heading_stays_with_its_text() -> None:
    for before in range(90, 190):
        text = f"{('plain ' * 40)[:before].strip()}\n\n## Heading\n\n{WORDS[:150]}\n\n{WORDS}"
        assert any("## Heading\n\nword0" in part for part in split(text, 200)), before


def test_lists_are_cut_between_items() -> None:
    items = [f"{number}. First of {number}\n   second line\n   third" for number in range(1, 30)]
    parts = split("\n".join(items), 200)
    assert [item for part in parts for item in re.split(r"\n(?=\d)", part)] == items


def test_the_head_of_a_table_stays_with_its_first_row() -> None:
    for before in range(90, 190):
        rows = "\n".join(f"| {number} | value |" for number in range(30))
        table = f"| a | b |\n|---|---|\n{rows}"
        parts = split(f"{('plain ' * 40)[:before].strip()}\n{table}", 200)
        assert any("| a | b |\n|---|---|\n| 0 | value |" in part for part in parts), before


SOUP = st.lists(
    st.sampled_from(
        [
            *("||", "**", "*", "__", "~~", "`", "```", "```py\n", "\n```\n", "> ", ">>> ", "\n> "),
            *(
                "\n",
                "\n\n",
                "word ",
                "word",
                " ",
                "- ",
                "# ",
                "[a](https://x.org/y)",
                "漢字。",
                "👍🏽",
            ),
            *("|", "\n> ```\n> ", "x" * 60, "word " * 20, "||\n", "\r\n", "~~~\n", "  "),
        ]
    ),
    max_size=40,
).map("".join)


@given(SOUP, st.integers(200, 230))
@settings(max_examples=150)
def test_soup_fits_and_stays_stable(text: str, limit: int) -> None:
    whole = split(text, limit)
    assert all(part.strip() and length(part) <= limit for part in whole)
    assert shown(whole).count("word") >= text.count("word")
    splitter = Splitter(limit)
    for end, character in enumerate(text, 1):
        splitter.add(character)
        finished = splitter.parts()[:-1]
        assert finished == whole[: len(finished)]
        if end % 50 == 0:
            assert splitter.parts() == split(text[:end], limit)


@pytest.mark.parametrize(
    "piece",
    ["||", "|| ", "**a ", "``` ", "||`", "> ", ">", "> ```\n", "_a", "```||", "a ```\n", "[](("],
)
@pytest.mark.parametrize("before", ["", "||", "> ```\n"])
@pytest.mark.timeout(60)  # Seconds suffice; what grows with the square takes many minutes.
def test_64000_odd_characters_come_to_an_end(piece: str, before: str) -> None:
    text = f"{before}{piece * (64_000 // len(piece))}b"
    parts = split(text)
    assert all(part.strip() and length(part) <= MESSAGE_LIMIT for part in parts)
