from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.learning.gate import lexicon
from persona.learning.gate.lexicon import Key, means_nothing, pattern


@pytest.fixture
def read_anew() -> Iterator[None]:
    """The words are read once in a process; a test of the reading needs them read again."""
    importlib.reload(lexicon)
    yield
    importlib.reload(lexicon)


@pytest.mark.usefixtures("read_anew")
@pytest.mark.parametrize(
    "value",
    ["unknown", "不知道", "不明", "모름", "unbekannt", "desconocido", "inconnu", "неизвестно"],
)
def test_the_words_of_every_language_are_read(value: str) -> None:
    assert lexicon.pattern("nothing").fullmatch(value)


@pytest.mark.usefixtures("read_anew")
@pytest.mark.parametrize("text", ["因为我喜欢", "でも私は", "그래서저는"])
def test_words_written_together_are_found_within_others(text: str) -> None:
    assert lexicon.pattern("self_words").search(text)


@pytest.mark.parametrize("key", get_args(Key))
def test_every_key_has_words_and_none_matches_nothing(key: Key) -> None:
    assert pattern(key).search("") is None
    assert pattern(key).search(" ") is None


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("remember", "please remember this"),
        ("forget", "please forget this"),
        ("hypothetical", "imagine i lived there"),
        ("third_party", "she is a nurse"),
        ("self_words", "as for me"),
        ("self_words", "我喜欢徒步"),
        ("self_words", "ich mag tee"),
        ("negated", "never"),
        ("ended", "no longer"),
        ("sensitive", "糖尿病"),
        ("sensitive", "diabetes"),
        ("sensitive", "hiv陽性です"),
    ],
)
def test_words_are_found_in_a_sentence(key: Key, text: str) -> None:
    assert pattern(key).search(text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("self_words", "theme"),
        ("self_words", "mel"),
        ("sensitive", "begay"),
        ("sensitive", "archivist"),
        ("sensitive", "edna"),
        ("remember", ""),
    ],
)
def test_words_with_spaces_between_them_are_found_whole(key: Key, text: str) -> None:
    assert pattern(key).search(text) is None


def test_a_pattern_is_made_once() -> None:
    assert pattern("nothing") is pattern("nothing")


@pytest.mark.parametrize("value", ["unknown", "n/a", "none", "not specified", "不明"])
@pytest.mark.parametrize(
    "around", ["{}", " {} ", "({})", "[{}].", "<{}>", "'{}'", '"{}"!?', "-{}—"]
)
def test_a_value_that_says_nothing_may_stand_in_marks(value: str, around: str) -> None:
    assert means_nothing(around.format(value))


@pytest.mark.parametrize("value", ["", "tea", "unknown artists", "xxunknown", "none of your tea"])
def test_a_value_that_says_something_is_one(value: str) -> None:
    assert not means_nothing(value)


@given(st.text(" .!?-–—_()[]{}<>\"'"), st.text(" .!?-–—_()[]{}<>\"'"))
def test_any_marks_may_stand_around_nothing(before: str, after: str) -> None:
    assert means_nothing(f"{before}unknown{after}")
    assert not means_nothing(f"{before}tea{after}")
