from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.learning.gate.borrowed import own_words, quotations


def kept(text: str) -> str:
    return " ".join(own_words(text).split())


@pytest.mark.parametrize(
    "borrowed",
    [
        "```\nname = 'Tom'\n```",
        "```python\nprint('I am Tom')```",
        "```\nnever closed, I am Tom",
        "~~~\nI am Tom\n~~~",
        "Translate to French: I am Tom",
        "please proofread this sentence: I am Tom.",
        "Tom wrote: I am Tom",
        "Übersetze ins Englische: ich bin Tom",
        "Traduce al inglés: soy Tom",
        "Traduis en anglais : je suis Tom",
        "Переведи на английский: я Том",
        "翻译成英文：我是汤姆",
        "英語に訳してください：私はトムです",
        "영어로 번역해줘: 나는 톰이야",
        "> I am Tom",
        "  > I am Tom\n\t> and I love tea",
        ">>> I am Tom\nand so on\n\nto the end",
        "  >>> I am Tom\nto the end",
        "[12:30] Tom: I am Tom",
        "(12:30) Tom: I am Tom",
        "12:30 Tom: I am Tom",
        "12.30 - Tom: I am Tom",
        "12:30:59 am Tom: I am Tom",
        "9:05 PM Tom：I am Tom",
        "<Tom> I am Tom",
        "  <Tom the Great>\tI am Tom",
        "Tom — Today at 12:30",
        "Tom - yesterday I said so",
        "Tom — 12/03/2026",
        "Tom — HEUTE um 12:30",
        "Fwd: dinner\nI am Tom",
        "---- Forwarded message ----\nI am Tom\n\nand I love tea",
        "[Forwarded]\nI am Tom",
        "转发: 大家好\n我是汤姆",
        "From: Tom\nI am Tom",
        "On Monday Tom wrote:\nI am Tom",
    ],
)
def test_words_of_others_are_taken_out(borrowed: str) -> None:
    assert kept(borrowed) == ""
    assert kept(f"Hello there\n{borrowed}") == "Hello there"


@pytest.mark.parametrize(
    "own",
    [
        "I am Mei > Tom",
        "fix me a tea: I love it",
        "~~I am Mei~~",
        "a -> b",
        "1 < 2 > 0",
        "at 12:30 I eat: rice",
        "12:30 is when I eat",
        "<3 I love tea",
        "<@123456789> hello",
        "<#general> hello",
        "I am Mei - I love tea",
        "a `code` word",
        "let me forward you something",
        "I come from: nowhere",
        "Mei: I love tea",
        ">",
    ],
)
def test_the_persons_own_words_stay(own: str) -> None:
    expected = "" if own == ">" else own
    assert kept(own) == expected


def test_what_follows_a_quoted_line_is_the_persons_own() -> None:
    assert kept("before\n> I am Tom\nafter") == "before after"
    assert kept("before ```I am Tom``` after") == "before after"
    assert kept("[12:30] Tom: I am Tom\nafter") == "after"


def test_what_follows_a_forwarded_head_is_somebodys() -> None:
    assert own_words("one\ntwo\nFwd: x\nthree\nfour") == "one\ntwo"


def test_lines_stay_apart() -> None:
    assert own_words("one\n two \n\nthree") == "one\n two \n\nthree"


def test_taking_out_does_not_join_words() -> None:
    assert own_words("green```x```tea").split() == ["green", "tea"]


# Lines with whatever quotes, fences and logs people and machines write.
lines = st.lists(
    st.sampled_from(
        ["> a", ">>> b", "```", "``", "`c`", "d", "[12:30] e: f", "Fwd: g", "<h> i", '"j k l"', ""]
    )
).map("\n".join)


@given(st.one_of(lines, st.text()))
def test_nothing_is_added(text: str) -> None:
    own = own_words(text)
    rest = iter(text)
    assert all(character in rest for character in own if not character.isspace())


@given(lines)
def test_no_quoted_line_and_no_closed_fence_is_left(text: str) -> None:
    own = own_words(text)
    assert "```" not in own
    assert not any(line.lstrip(" \t").startswith(">") for line in own.split("\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("nothing at all", []),
        ("`I am Tom`", ["i am tom"]),
        ("`a`, ``b ` c`` and `d`", ["a", "b ` c", "d"]),
        ("`one\ntwo`", ["one two"]),
        ('"I am Tom"', ["i am tom"]),
        ("“I am Tom”", ["i am tom"]),
        ("„Ich bin Tom“", ["ich bin tom"]),
        ("«je suis Tom»", ["je suis tom"]),
        ("‹je suis Tom›", ["je suis tom"]),
        ("「我喜欢喝绿茶和咖啡」", ["我喜欢喝绿茶和咖啡"]),
        ("『我喜欢喝绿茶和咖啡』", ["我喜欢喝绿茶和咖啡"]),
        ("'I am Tom, really'", ["i am tom, really"]),
        ("'I am Tom'", []),  # too short to tell from an apostrophe
        ("don't say I can't do what I won't", []),
        ('"I AM  Tom"', ["i am tom"]),
        ('"green tea"', []),  # a title or emphasis
        ('"tea"', []),
        ('"aaaaaaaaaaaaaaaa"', []),
        ("「我喜欢喝绿茶」", []),  # six characters
        ("「我喜欢喝绿茶吧」", ["我喜欢喝绿茶吧"]),  # seven
        ("「もう 抹茶ラテが好きです」", []),  # two words
        ('"I am Tom\nand you"', []),
        ('"a b c" and "d e f"', ["a b c", "d e f"]),
        ('`x y` "a b c"', ["x y", "a b c"]),
    ],
)
def test_code_and_quotations_are_found(text: str, expected: list[str]) -> None:
    assert quotations(text) == expected


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("fwd:\n“I am Kim.\nI love tea”\nI am Mei", "\nI am Mei"),
        ("hello\nfwd:\n\n「茶が好き」\n私はメイ", "hello\n\n私はメイ"),
        ("fwd:\n“I am Kim” he said\nand “I love tea”", ""),
        ("fwd:\nI am Kim\n“I love tea”\nI am Mei", ""),
        ("fwd:\n“I am Kim\nI am Mei", ""),
    ],
)
def test_a_forwarded_message_in_quotation_marks_ends_with_them(text: str, own: str) -> None:
    assert own_words(text) == own
