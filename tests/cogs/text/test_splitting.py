"""Splitting a reply into Discord messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cogs.text.splitting import MESSAGE_LIMIT, Splitter, length, split

FENCE = re.compile(r"(?P<indent> {0,3})(?P<run>`{3,}|~{3,})(?P<info>.*)")
ITEM = re.compile(r"^ *(?:-|1\.) ", re.MULTILINE)
DEEP_FENCE = re.compile(r"^ {4}(?:```|~~~)", re.MULTILINE)
FAMILY = "👩‍👩‍👧‍👦"


@dataclass
class Reading:
    """What a reader of plain CommonMark fences finds in a text."""

    prose: str = ""  # without white space
    code: list[str] = field(default_factory=list)  # lines
    infos: list[str] = field(default_factory=list)
    balanced: bool = True

    def add(self, text: str) -> Reading:
        run = ""
        for line in text.split("\n"):
            match = FENCE.fullmatch(line)
            if run:
                if match and match["run"].startswith(run) and not match["info"].strip():
                    run = ""
                else:
                    self.code.append(line)
            elif match and not (match["run"][0] == "`" and "`" in match["info"]):
                run = match["run"]
                self.infos.append(match["info"].strip())
            else:
                self.prose += "".join(line.split())
        self.balanced = self.balanced and not run
        return self


def read(*texts: str) -> Reading:
    reading = Reading()
    for text in texts:
        reading.add(text)
    return reading


def assert_sound(text: str, limit: int) -> list[str]:
    """Check what holds for every split and return the parts."""
    parts = split(text, limit)
    assert all(part.strip() for part in parts)
    assert all(length(part) <= limit for part in parts)
    assert all(read(part).balanced for part in parts)
    whole, shown = read(text.replace("\r\n", "\n")), read(*parts)
    assert shown.prose == whole.prose
    # Lines longer than a message are torn, and blank lines at the very end may be dropped.
    assert "".join(shown.code).rstrip() == "".join(whole.code).rstrip()
    assert set(shown.infos) == set(whole.infos)
    return parts


PROSE_WORDS = st.sampled_from(
    [
        *("word", "e.g.", "Done.", "Really?!", "$5.", "-", "#", "1.", ">", "~", "`", "``", "["),
        *("你好，", "世界。", "真的吗？！", "漢" * 30, "x" * 70, "あ゙", "क्षि", "e\u0301\u0323"),
        *(FAMILY, "👍🏽", "🇩🇪🇫🇷🇯🇵", "1️⃣", "\U0001d54f" * 25),
        *("https://example.com/a_(b)?q=1", "[a link](https://x.org/y)", "`inline code`"),
        *("``a`b``", "**bold**", "<@123456789>", "<:name:123456789>", "\u3000", " "),
    ]
)
LINE_STARTS = st.sampled_from(["", "", "", "- ", "  - ", "1. ", "# ", "> ", "   "])
PROSE = st.builds(
    "{}{}".format, LINE_STARTS, st.lists(PROSE_WORDS, min_size=1, max_size=14).map(" ".join)
)
CODE = st.sampled_from(
    [
        *("x = 1", "", "    ", "    return x", "\tif a:", "# 注釋漢字", "👍👍🏽", "y" * 70),
        *("``", "`", "~~", "a ``` b", "print('a b c d e f g h i j k l')", "- item", "# no title"),
    ]
)


@st.composite
def fenced(draw: st.DrawFn) -> str:
    character = draw(st.sampled_from("`~"))
    run = character * draw(st.integers(3, 5))
    indent = " " * draw(st.integers(0, 3))
    info = draw(st.sampled_from(["", "python", "c++", "js title"]))
    other = "~" if character == "`" else "`"
    # In a list item the last of these would close the block.
    deeper = f"    {run}" if len(indent) < 2 else "    "
    inner = st.sampled_from([run[:-1], f"{run}x", other * 3, deeper])
    lines = draw(st.lists(st.one_of(CODE, CODE, CODE, inner), max_size=15))
    closing = [draw(st.sampled_from([f"{indent}{run}", f"{run}{character}", f"{run}  "]))]
    is_closed = draw(st.integers(0, 5)) > 0
    return "\n".join([f"{indent}{run}{info}", *lines, *(closing if is_closed else [])])


@st.composite
def markdown(draw: st.DrawFn, blocks: int = 8) -> str:
    pieces = draw(st.lists(st.one_of(PROSE, PROSE, fenced(), st.just("\n\n")), max_size=blocks))
    text = "".join(piece + draw(st.sampled_from(["\n", "\n\n"])) for piece in pieces)
    # The reader above knows no lists, in which such a line can close a block.
    assume(not (ITEM.search(text) and DEEP_FENCE.search(text)))
    return text.replace("\n", "\r\n") if draw(st.integers(0, 9)) == 0 else text


LIMITS = st.one_of(st.integers(40, 200), st.sampled_from([40, 41, 64]))


@given(markdown(), LIMITS)
@settings(max_examples=300)
def test_parts_fit_and_keep_everything(text: str, limit: int) -> None:
    assert_sound(text, limit)


@given(markdown(blocks=5), LIMITS)
@settings(max_examples=60)
def test_no_prefix_changes_a_finished_part(text: str, limit: int) -> None:
    whole = split(text, limit)
    counts = [0]
    for end in range(len(text) + 1):
        parts = split(text[:end], limit)
        finished = parts[:-1]
        assert finished == whole[: len(finished)]
        counts.append(len(parts))
    assert counts == sorted(counts), "A posted part would have to be deleted."


@given(st.text(st.sampled_from("`~ \n\r-1.a漢。#>[](<\u0301\u200d🇩👍\ud83d\ude00\t"), max_size=150))
@settings(max_examples=150)
def test_character_soup_stays_stable(text: str) -> None:
    for limit in (2, 5, 11, 16, 40):
        whole = split(text, limit)
        assert all(part.strip() and length(part) <= limit for part in whole)
        for end in range(len(text)):
            finished = split(text[:end], limit)[:-1]
            assert finished == whole[: len(finished)]


@given(markdown(), LIMITS, st.lists(st.integers(1, 40), max_size=80))
@settings(max_examples=100)
def test_splitter_agrees_with_split(text: str, limit: int, sizes: list[int]) -> None:
    splitter = Splitter(limit)
    ends = [min(end, len(text)) for end in accumulate(sizes)]
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        splitter.add(text[start:end])
        assert splitter.parts() == split(text[:end], limit)


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \t\r\n\u3000\u2028", "\n" * 5000])
def test_blank_text_has_no_parts(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("ab", 2), ("漢字", 2), ("👍", 2), ("👍🏽", 4), ("\ud83d", 1)]
)
def test_length_counts_utf_16(text: str, units: int) -> None:
    assert length(text) == units


def test_a_limit_without_room_for_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="1 code units"):
        split("text", 1)


def test_what_fits_is_not_cut() -> None:
    assert split("x" * MESSAGE_LIMIT) == ["x" * MESSAGE_LIMIT]
    assert split(f"{'x' * MESSAGE_LIMIT}\n\n  \n") == ["x" * MESSAGE_LIMIT]
    assert [length(part) for part in split("👍" * 1001)] == [2000, 2]


HAN = "漢字" * 13


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(("aaaa bbbb. cccc\ndd ee", "\n\n", "fff ggg hhh iii jjj"), id="paragraph"),
        pytest.param(("aaaa bbbb. cccc dddd", "\n", "ee. ff ggg hhh iii jjj"), id="line"),
        pytest.param(("aaaa bbbb cccc dddd eeee.", " ", "ffff ggg hhh iii jjj"), id="sentence"),
        pytest.param(("aaaa bbbb cccc dddd 3. eeee fff ggg hhh", " ", "iii jjj"), id="space"),
        pytest.param((f"{HAN[:10]}，{HAN[:10]}。", "", HAN), id="Chinese sentence"),
        pytest.param((f"{HAN[:19]}「好！」", "", HAN), id="Chinese quotation"),
        pytest.param((f"{HAN[:9]}。{HAN[:19]}，", "", HAN), id="Chinese clause"),
        pytest.param(("a" * 39, " ", "b" * 40), id="between long words"),
        pytest.param(("aaaa bbbb cccc dddd", "\n", "```\neeee ffff gggg hh\n```"), id="code"),
    ],
)
def test_the_best_place_in_the_second_half_wins(parts: tuple[str, str, str]) -> None:
    first, between, second = parts
    assert split(f"{first}{between}{second}", 40) == [first, second]


@pytest.mark.parametrize(
    "unbroken",
    [
        *("`inline code here`", "``code ` here``", "[a link text](https://x.org/y)"),
        *("https://example.com/a-b.c?d", "<:some_emoji:123456789>", "<@1234567890123456>"),
    ],
)
@pytest.mark.parametrize("around", [("", " "), ("漢字", "漢字")])
def test_links_and_inline_code_stay_whole(unbroken: str, around: tuple[str, str]) -> None:
    for before in range(5, 60):
        text = f"{'x' * before} {around[0]}{unbroken}{around[1]} and something more behind it"
        assert any(unbroken in part for part in split(text, 80)), before


@pytest.mark.parametrize(
    "cluster", [FAMILY, "👍🏽", "e\u0301\u0323", "🇩🇪", "1️⃣", "क्षि", "\ud83d\ude00"]
)
def test_what_is_seen_as_one_character_stays_whole(cluster: str) -> None:
    for before in range(40):
        parts = split("x" * before + cluster * 40, 40)
        assert sum(part.count(cluster) for part in parts) == 40, before


def test_no_message_turns_prose_into_a_list_or_a_fence() -> None:
    for before in range(20, 45):
        for marker in ("- b", "# b", "1. b", "> b", "```b", "~~~b"):
            parts = split(f"{'a' * before} {marker} c d e f g h i j k l m n o p q r s t", 50)
            assert not parts[-1].startswith(marker), (before, marker)


def code_lines(count: int) -> list[str]:
    return [f"    line_{number} = 'some value'  # {number}" for number in range(count)]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        *(("```python", "```"), ("~~~", "~~~"), ("~~~~~ruby", "~~~~~"), ("   ```", "   ```")),
        *(("````md", "````"), ("```", "``````"), ("```js title=x", "```   ")),
    ],
)
def test_a_long_code_block_is_closed_and_opened_again(opening: str, closing: str) -> None:
    lines = code_lines(300)
    text = "\n".join(["Here it is:", "", opening, *lines, closing, "", "That was it."])
    parts = assert_sound(text, MESSAGE_LIMIT)
    assert len(parts) == 6
    assert read(*parts).code == lines
    assert all(opening in part.split("\n") for part in parts)
    assert all(length(part) > MESSAGE_LIMIT * 0.9 for part in parts[1:-1])


def test_a_fence_inside_a_longer_fence_is_code() -> None:
    inner = ["```python", *code_lines(100), "```"]
    parts = assert_sound("\n".join(["````markdown", *inner, "````"]), MESSAGE_LIMIT)
    assert read(*parts).code == inner
    assert all(part.startswith("````markdown\n") and part.endswith("\n````") for part in parts)


@pytest.mark.parametrize("indent", ["  ", "   ", "    "])
@pytest.mark.parametrize("opening", ["1. Do this:\n\n{}```sh", "1. ```sh"])
def test_a_fence_inside_a_list(indent: str, opening: str) -> None:
    lines = [f"{indent}echo {number}" for number in range(400)]
    text = "\n".join([opening.format(indent), *lines, f"{indent}```", "2. Then that."])
    parts = split(text)
    assert len(parts) > 2
    for part in parts[1:]:
        assert part.lstrip().startswith("```sh\n")
    assert all(part.count("```") == 2 for part in parts)
    assert parts[-1].endswith("```\n2. Then that.")
    assert [line for part in parts for line in part.split("\n") if "echo" in line] == lines


def test_four_spaces_make_no_fence_outside_a_list() -> None:
    assert split("Text\n\n    ```\n    x") == ["Text\n\n    ```\n    x"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("```", ["```\n```"], id="only a fence"),
        pytest.param("```python\n", ["```python\n```"], id="only an opening line"),
        pytest.param("```python\n\n", ["```python\n\n```"], id="an empty line"),
        pytest.param("~~~~\nx", ["~~~~\nx\n~~~~"], id="unclosed"),
        pytest.param("a\n```\nb\n``", ["a\n```\nb\n``\n```"], id="closing fence on its way"),
        pytest.param("``` not `a` fence", ["``` not `a` fence"], id="backticks in the info string"),
        pytest.param("a\n  ```x\n  b", ["a\n  ```x\n  b\n  ```"], id="indented"),
        pytest.param("```\nb\n~~~", ["```\nb\n~~~\n```"], id="the other fence"),
    ],
)
def test_fences_in_one_part(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_crlf_comes_out_as_lf() -> None:
    lines = code_lines(100)
    text = "\r\n".join(["Text", "", "```python", *lines, "```", "", "End"])
    parts = assert_sound(text, MESSAGE_LIMIT)
    assert parts == split(text.replace("\r\n", "\n"))
    assert split("a\rb\r\n\rc") == ["a\nb\n\nc"]


def test_added_fences_count_for_every_length() -> None:
    for size in range(1960, 2010):
        for text in (f"```python\n{'x' * size}\n```", f"{'a' * size}\n```js\nfoo\n```\nend"):
            assert_sound(text, MESSAGE_LIMIT)


def test_a_code_line_that_fits_is_never_torn() -> None:
    for size in range(960, 1000):
        lines = ["a" * 990, "b" * size, "", "c" * 500]
        assert read(*split("\n".join(["```", *lines, "```"]))).code == lines


def test_one_line_of_5000_characters() -> None:
    assert [length(part) for part in split("x" * 5000)] == [2000, 2000, 1000]
    parts = assert_sound(f"```py\n{'x' * 5000}\n```", MESSAGE_LIMIT)
    assert len(parts) == 3


def test_a_very_long_info_string() -> None:
    short, long, huge = "i" * 500, "i" * 1900, "i" * 5000
    code = "\n".join(code_lines(100))
    parts = assert_sound(f"```{short}\n{code}\n```\nEnd", MESSAGE_LIMIT)
    assert all(part.startswith(f"```{short}\n") for part in parts)
    for info in (long, huge):
        parts = split(f"Text\n```{info}\n{code}\n```\nEnd")
        assert all(length(part) <= MESSAGE_LIMIT for part in parts)
        assert all(part.count("```") == 2 for part in parts if part != "Text")
        assert sum(part.count("i") for part in parts) == (f"{info}{code}").count("i")
        assert parts[-1].endswith("```\nEnd")


def test_a_code_block_is_not_begun_at_the_end_of_a_part() -> None:
    for size in range(1900, 2000):
        parts = assert_sound(f"{'a' * size}\n```python\n{'b' * 900}\n```", MESSAGE_LIMIT)
        assert parts == ["a" * size, f"```python\n{'b' * 900}\n```"], size


@pytest.mark.parametrize(
    "piece",
    [
        *("x", "word ", "漢字漢字。", "👍🏽", "🇩", "\u0301", "`", "` ", "~", "[", "[](", "<", "- "),
        *(".", "\n", "a\n", "a\r\n", "```\n", "```\nx\n```\n", f"```{'i' * 1900}\n```\n"),
        *("```\ncode\n\n", "text\n\n", f"```\nx\n```{' ' * 3000}\n", "https://example.com/a "),
    ],
)
@pytest.mark.parametrize("before", ["", "a", "```\n"])
@pytest.mark.timeout(60)  # Seconds suffice; what grows with the square takes many minutes.
def test_200000_characters_come_to_an_end(piece: str, before: str) -> None:
    text = f"{before}{piece * (200_000 // len(piece))}b"
    parts = split(text)
    assert all(part.strip() and length(part) <= MESSAGE_LIMIT for part in parts)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", "Sorry."),
        ("Half a sent\r", "Half a sent\n\nSorry."),
        ("A paragraph.\n\n", "A paragraph.\n\nSorry."),
        ("```py\nx = 1", "```py\nx = 1\n```\n\nSorry."),
        ("```py\nx = 1\n``", "```py\nx = 1\n``\n```\n\nSorry."),
        ("```py\nx = 1\r", "```py\nx = 1\n```\n\nSorry."),
        ("```py\nx = 1\n```", "```py\nx = 1\n```\n\nSorry."),
    ],
)
def test_a_paragraph_is_added_outside_code(text: str, whole: str) -> None:
    splitter = Splitter()
    splitter.add(text)
    splitter.add_paragraph("Sorry.")
    assert splitter.parts() == [whole]


def test_a_paragraph_is_added_at_any_length() -> None:
    for size in range(20, 100):
        short_lines = "x\n" * (size // 2)
        for text in (f"```\n{'x' * size}", f"```\n{short_lines}\n\n", "word " * size):
            splitter = Splitter(40)
            splitter.add(text)
            before = splitter.parts()
            splitter.add_paragraph("Sorry.")
            parts = splitter.parts()
            assert parts[: len(before) - 1] == before[:-1]
            assert len(parts) >= len(before)
            assert all(length(part) <= 40 and read(part).balanced for part in parts)
            assert parts[-1].split("\n")[-1] == "Sorry."
