from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.normalise import bare, fold, normalise

# What comes apart or together in normal forms, what is unseen, and any text at all.
texts = st.one_of(
    st.text(),
    st.text(
        st.sampled_from(
            "aEsſßİıﬁÅåÅ가ㅏ가Σςµ½´¨\u0301\u0345\u200b\u200c\u200d\u00ad \u3000\n\x85\x1f"
        )
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Green\n\t Tea ", "green tea"),
        ("ＧＲＥＥＮ　ｔｅａ", "green tea"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("cafe\u0301", "café"),
        ("gr\u200bee\u2060n\ufeff \u202etea\u202c", "green tea"),
        ("family\u200dname", "familyname"),
        ("half \ud83d", "half"),
        ("bell\x07", "bell"),
        ("one \u200b two", "one two"),
        ("cafe\u200b\u0301", "café"),
        ("", ""),
        ("\u200b \u200d", ""),
    ],
)
def test_texts_count_as_the_same_in_one_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(texts)
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(texts, texts)
def test_case_width_and_what_is_unseen_make_no_difference(one: str, other: str) -> None:
    plain = normalise(one)
    assert normalise(f"\u200b {plain}\ufeff\n") == plain
    assert normalise(f"{one} \u200b\t{other}") == normalise(f"{one} {other}")
    assert normalise(unicodedata.normalize("NFD", one)) == plain


@given(texts)
def test_a_stored_value_has_single_spaces_and_nothing_unseen_but_joiners(text: str) -> None:
    stored = fold(text)
    assert stored == " ".join(stored.split())
    assert all(
        character in "\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
        for character in stored
    )
    assert fold(stored) == stored
    assert normalise(stored) == normalise(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Green\n Tea\u200b ", "Green Tea"),
        ("Ｍｅｉ", "Ｍｅｉ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        ("\u200d", ""),
        ("\u200c \u200d", ""),
        ("\u2060\x00", ""),
    ],
)
def test_values_are_stored_as_they_are_spelt(value: str, expected: str) -> None:
    assert fold(value) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Green  Tea", "green tea"),
        ("ｇｒｅｅｎ　ｔｅａ", "green tea"),
        ("gr\u200been\u2060 tea", "green tea"),
        ("green-tea", "greentea"),
        ("“Green tea.”", "green tea"),
        ("café au lait", "CAFE\u0301 au lait"),
        ("cafe au lait", "café au lait"),
        ("ёлка", "Елка"),
        ("سَلَام", "سلام"),
        ("שְׁלוֹם", "שלום"),
        ("Łukasz", "lukasz"),
        ("Søren", "SOREN"),
        ("coffee ☕", "coffee"),
        ("~coffee~", "coffee"),
        ("coffee^^", "coffee"),
        ("green tea\u3164", "green tea"),
        ("❤\ufe0f", "❤"),
        ("\u0710\u0711", "\u0710"),  # Syriac
        ("Straße", "STRASSE"),
    ],
)
def test_one_value_in_two_spellings(one: str, other: str) -> None:
    assert bare(one) == bare(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("☕ 🍵", "🍵"),
        ("C", "C#"),
        ("バス", "ハス"),  # Bus and lotus: its points are no ornament.
        ("ข่าว", "ข้าว"),  # News and rice.
        ("tea", "teas"),
        ("🍵", "☕"),
        ("...", "?"),
    ],
)
def test_two_values(one: str, other: str) -> None:
    assert bare(one) != bare(other)


def test_nothing_becomes_empty_by_it() -> None:
    assert bare("...") == normalise("...") == "..."


@given(texts)
def test_texts_in_one_form_are_one_value(text: str) -> None:
    assert bare(text) == bare(normalise(text)) == bare(fold(text))
