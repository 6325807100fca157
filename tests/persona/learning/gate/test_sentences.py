from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.learning.gate.sentences import around, clauses

TEXT = "i am mei, but my sister is not. do you like tea? yes; i do!\ntea it is"


@pytest.mark.parametrize(
    ("quote", "sentences"),
    [
        ("mei", ["i am mei, but my sister is not."]),
        ("is not. do you", ["i am mei, but my sister is not.", "do you like tea?"]),
        ("tea", ["do you like tea?", "tea it is"]),
        ("do! tea", ["yes; i do!", "tea it is"]),
        ("i", ["i am mei, but my sister is not.", "do you like tea?", "yes; i do!", "tea it is"]),
        ("like tea?", ["do you like tea?"]),
        ("yes", ["yes; i do!"]),
        (
            "coffee",
            ["i am mei, but my sister is not.", "do you like tea?", "yes; i do!", "tea it is"],
        ),
    ],
)
def test_the_sentences_a_quote_touches(quote: str, sentences: list[str]) -> None:
    assert around(TEXT, quote) == sentences
    assert around(TEXT, quote, "sentence") == sentences


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("mei", ["i am mei"]),
        ("sister", ["my sister is not."]),
        ("mei, but my sister", ["i am mei", "my sister is not."]),
        ("is not. do you", ["my sister is not.", "do you like tea?"]),
        ("do!", ["i do!"]),
        (", but", ["i am mei", "my sister is not."]),  # nothing but what lies between
    ],
)
def test_the_clauses_a_quote_touches(quote: str, found: list[str]) -> None:
    assert around(TEXT, quote, "clause") == found


def test_clauses_come_by_sentence_with_those_untouched() -> None:
    assert clauses(TEXT, "mei") == [[("i am mei", True), ("my sister is not.", False)]]
    assert clauses(TEXT, "yes") == [[("yes", True), ("i do!", False)]]
    assert clauses(TEXT, "tea") == [[("do you like tea?", True)], [("tea it is", True)]]
    assert clauses("one, two. one, three", "two. one") == [
        [("one", False), ("two.", True)],
        [("one", True), ("three", False)],
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("one. two! three? four", ["one.", "two!", "three?", "four"]),
        ("one... two", ["one...", "two"]),
        ("one… two", ["one…", "two"]),
        ("version 1.2 is out", ["version 1.2 is out"]),
        ("一。二！三？四", ["一。", "二！", "三？", "四"]),
        ("one 😀 two", ["one 😀", "two"]),
        ("one ☕ two", ["one ☕", "two"]),
        ('"one." two', ['"one.', "two"]),
        ("one\ntwo \n\n three", ["one", "two", "three"]),
        ("one", ["one"]),
        ("", [""]),
    ],
)
def test_where_sentences_end(text: str, sentences: list[str]) -> None:
    assert around(text, "nowhere to be found") == sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one, two; three: four", ["one", "two", "three", "four"]),
        ("one - two -- three", ["one", "two", "three"]),
        ("one – two—three", ["one", "two", "three"]),
        ("well-known", ["well-known"]),
        ("一，二、三；四", ["一", "二", "三", "四"]),
        ("我爱 tea 和 rice", ["我爱", "tea", "和", "rice"]),
        ("one but two", ["one", "two"]),
        ("butter and tea", ["butter and tea"]),
        ("tea and i drink", ["tea", "i drink"]),
        ("tea so my cup", ["tea", "my cup"]),
        ("tea and milk", ["tea and milk"]),
        ("tee und ich", ["tee", "ich"]),
        ("thé et je", ["thé", "je"]),
        ("一但是二", ["一", "二"]),
        ("하지만 나는", ["하", "나는"]),
        (", one,, two,", ["one", "two"]),
        (",", [","]),
    ],
)
def test_where_clauses_end(text: str, found: list[str]) -> None:
    assert around(text, "nowhere to be found", "clause") == found


def test_what_only_borders_on_a_quote_is_not_touched() -> None:
    assert around("一。二。三", "一。") == ["一。"]
    assert around("一。二。三", "二。") == ["二。"]
    assert around("一。二。三", "三") == ["三"]


texts = st.lists(
    st.sampled_from(["i", "am", "mei", ".", "? ", ", ", " но ", "\n", " ", "。", "😀 "]), min_size=1
).map("".join)


@given(texts, st.integers(0, 20), st.integers(1, 20))
def test_what_is_quoted_is_all_there(text: str, start: int, length: int) -> None:
    """All but marks and conjunctions is, in its order, in the sentences and clauses found."""
    quote = text.replace("\n", " ")[start : start + length].strip()
    words = [character for character in quote if character.isascii() and character.isalpha()]
    sentences = around(text, quote)
    assert sentences
    assert all(sentence in text for sentence in sentences)
    for found in (sentences, around(text, quote, "clause")):
        rest = iter("".join(found))
        assert all(character in rest for character in words)


@given(texts, texts)
def test_clauses_are_parts_of_the_sentences_around(text: str, quote: str) -> None:
    sentences = around(text, quote)
    by_sentence = clauses(text, quote)
    assert len(by_sentence) == len(sentences)
    for sentence, parts in zip(sentences, by_sentence, strict=True):
        assert all(part in sentence for part, _ in parts)
        assert any(touched for _, touched in parts)
    touched = [part for parts in by_sentence for part, touched in parts if touched]
    assert around(text, quote, "clause") == touched
