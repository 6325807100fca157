from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.normalise import normalise
from persona.personalization.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My dog's name: REX-2!", ["my", "dog", "s", "name", "rex", "2"]),
        ("Straße ＡＢＣ", ["strasse", "abc"]),
        ("我喜歡爬山。", ["我喜", "喜歡", "歡爬", "爬山"]),
        ("山が好き", ["山が", "が好", "好き"]),
        ("등산을 좋아해", ["등산", "산을", "좋아", "아해"]),
        ("ฉันชอบ", ["ฉั", "ัน", "นช", "ชอ", "อบ"]),
        ("मुझे कुत्ते पसंद हैं", ["मुझे", "कुत्ते", "पसंद", "हैं"]),
        ("أحب الجبال", ["أحب", "الجبال"]),
        ("我用 Python 寫", ["我用", "python", "寫"]),
        ("👍🏽 … ❤️", []),
        ("", []),
    ],
)
def test_words_of_any_language(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_every_letter_and_digit_is_in_a_word(text: str) -> None:
    found = words(text)
    letters = {character for character in normalise(text) if character.isalnum()}
    assert letters <= set("".join(found))
    assert not any(character.isspace() for word in found for character in word)
    assert words(text) == found
