from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.learning.gate.look_alike import mixes_scripts


@pytest.mark.parametrize(
    "text",
    [
        "pаypal",  # a Cyrillic а
        "the οne",  # a Greek ο
        "Мei",  # a Cyrillic М
        "MΑX",  # a Greek Α
        "ԝorld",  # a Cyrillic ԝ
        "Ꭺdam",  # a Cherokee Ꭺ
        "տmile",  # an Armenian տ
        "ｐаypal",  # full width beside Cyrillic
        "𝐩аypal",  # a mathematical letter beside Cyrillic
        "green tea or tеa",
        "a1а",
        "a_а",
    ],
)
def test_a_word_of_letters_that_look_alike_is_noticed(text: str) -> None:
    assert mixes_scripts(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "green tea",
        "Москва and Paris",
        "α-tester",
        "東京タワーへ",
        "Kポップ",
        "BTS팬",
        "T恤",
        "naïve café",
        "ｓｈｏｒｔ answers",
        "𝐛𝐨𝐥𝐝 words",
        "1984年",
        "дом2",
        "4G",
        "Ελληνικά",
        "Հայերեն",
        "ABCדגש",
        "𗀀𗀁",  # Tangut, whose letters have no names
    ],
)
def test_honest_words_pass(text: str) -> None:
    assert not mixes_scripts(text)


@given(
    st.lists(st.sampled_from(["plain", "слово", "λέξη", "հայ", "字", "かな", "한글", "42", "!"]))
)
def test_whole_words_of_any_script_may_stand_beside_each_other(words: list[str]) -> None:
    assert not mixes_scripts(" ".join(words))


@given(
    st.text("abcXYZ", min_size=1),
    st.text("абвЭЮЯ", min_size=1),
    st.text("abcабв字かな7", max_size=5),
)
def test_no_word_of_two_scripts_passes(latin: str, cyrillic: str, rest: str) -> None:
    assert mixes_scripts(f"so {rest}{latin}{cyrillic} it is")
