from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from persona.learning.gate.support import is_supported, names, position, same_words
from persona.normalise import normalise


@pytest.mark.parametrize(
    ("value", "quotes"),
    [
        ("green tea", ["I love  Green Tea"]),
        ("GREEN TEA", ["i love green tea"]),
        ("tea", ["I", "love tea"]),
        ("climbing", ["I climb a lot"]),
        ("climber", ["climbing is fun"]),
        ("night nurse", ["I am a nurse"]),  # half of it
        ("nurse at night", ["I am a nurse"]),  # short words do not count
        ("night nurse", ["nurse", "at night"]),
        ("tea and rice", ["rice with tea"]),  # two of three
        ("27", ["I am 27"]),
        ("27 years", ["27 it is"]),
        ("at 5", ["it is 5"]),
        ("C#", ["I write c# all day"]),
        ("go", ["I go there"]),
        ("徒步", ["我喜欢徒步"]),
        ("喜欢徒步旅行", ["我喜欢徒步"]),
        ("茶", ["我爱喝茶"]),
        ("抹茶", ["抹茶ラテが好き"]),
        ("등산", ["등산을 좋아해요"]),
        ("등산하기", ["등산 좋아"]),
        ("программист", ["работаю программистом"]),
        ("喝tea", ["I drink tea"]),
        ("茶 green", ["我爱喝茶"]),
        ("go on", ["on we all go"]),
    ],
)
def test_a_value_in_the_persons_words_is_supported(value: str, quotes: list[str]) -> None:
    assert is_supported(value, quotes)


@pytest.mark.parametrize(
    ("value", "quotes"),
    [
        ("surgeon", ["I am a nurse"]),
        ("green tea", []),
        ("", []),
        ("green coffee cups", ["I love green tea"]),  # one of three
        ("28", ["I am 27"]),
        ("27 years old", ["I am 28 years old"]),
        ("2", ["I am 27"]),
        ("7", ["I am 27"]),
        ("tea 27", ["tea at 270"]),
        ("徒步", ["我喜欢游泳"]),
        ("徒步", ["徒劳步行"]),
        ("喜欢徒步旅行者", ["徒劳旅游"]),
        ("茶", ["我爱喝咖啡"]),
        ("등산", ["수영을 좋아해요"]),
        ("등산", ["등"]),
        ("등", ["수영"]),
        ("...", ["I am a nurse"]),
        ("x", ["I am a nurse"]),
        ("commerce", ["comedy"]),
        ("abc", ["abd"]),
    ],
)
def test_an_invented_value_is_not(value: str, quotes: list[str]) -> None:
    assert not is_supported(value, quotes)


@given(st.text(min_size=1), st.text(), st.text())
def test_what_is_said_word_for_word_is_supported(value: str, before: str, after: str) -> None:
    assume(normalise(value))  # What is nothing is refused before.
    said = f"{before} {value} {after}"
    assert is_supported(value, [said]) or normalise(value) not in normalise(said)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_supports_itself_alone(one: int, other: int) -> None:
    assert is_supported(str(one), [f"I have {other} of them"]) == (one == other)
    assert is_supported(f"{one} cups", [f"{other} cups"]) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("green tea", "Tea,  GREEN", True),
        ("climbing", "climber", True),
        ("green tea", "green", False),
        ("green", "green tea", False),
        ("green tea", "green coffee", False),
        ("徒步", "徒步", True),
        ("徒步", "步徒", False),
        ("등산을", "등산", True),
        ("", "", True),
        ("!", " ! ", True),
        ("!", "?", False),
        ("!", "tea", False),
        ("tea", "!", False),
        ("27", "270", False),
        ("270", "270a", False),
        ("C++", "C", True),
    ],
)
def test_values_of_the_same_words_are_the_same(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) is same
    assert same_words(other, one) is same


words = st.lists(
    st.sampled_from(["green", "tea", "27", "徒步", "등산", "по", "!", "a"]), max_size=5
)


@given(words)
def test_order_makes_no_difference(said: list[str]) -> None:
    assert same_words(" ".join(said), " ".join(sorted(said)))


@pytest.mark.parametrize(
    ("value", "text", "place"),
    [
        ("Green Tea", "i love green tea", 7),
        ("tea", "tea or tea", 0),
        ("tea lover", "i love tea", 7),  # a word as it is stands before one that is like it
        ("tea lovers", "lover, i say", 0),
        ("love of tea", "tea is my love", 0),
        ("climbing trees", "a climber of trees", 13),
        ("climbing", "a climber", 2),
        ("surgeon", "a nurse", 7),
        ("", "a nurse", 0),
        ("surgeon", "", 0),
        ("徒步旅行", "我喜欢徒步", 3),
        ("徒步旅行", "旅行或徒步", 0),
        ("徒步旅行", "我喜欢", 3),
        ("茶和咖啡", "我爱咖啡", 2),
        ("徒步旅行", "徒步和徒步", 0),
        ("등산하기", "나는 등산을", 3),
        ("green tea", "tea green tea", 4),
    ],
)
def test_a_value_is_placed_where_it_is_first_said(value: str, text: str, place: int) -> None:
    assert position(value, text) == place


@given(st.text(), st.text())
def test_a_place_is_within_the_text(value: str, text: str) -> None:
    said = normalise(text)
    assert 0 <= position(value, said) <= len(said)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("teas", "tea", True),
        ("ten", "tea", False),
        ("te", "tea", False),
        ("abcdef", "abcdxx", True),  # two thirds
        ("abcdef", "abcxxx", False),
        ("abcdefg", "abcdexx", True),  # two thirds, rounded up: five of seven
        ("abcdefg", "abcdxxx", False),
        ("abcd", "abcx", True),  # three at least
        ("abcd", "abxx", False),
        ("abc", "abcxyz", True),
        ("270", "2701", False),
        ("2701", "270", False),
        ("270", "270a", False),
        ("270a", "270", False),
        ("徒步", "徒步旅", True),
        ("등산을", "등산이", True),
        ("등산", "등불", False),
        ("등", "등산", False),
    ],
)
def test_inflected_words_share_their_beginning(one: str, other: str, same: bool) -> None:
    """Punctuation keeps one from being found in the other as it is."""
    assert is_supported(f"{one} !", [f"? {other}"]) is same


@pytest.mark.parametrize(
    ("text", "value", "named"),
    [
        ("not mei", "Mei", True),
        ("not teaching", "teacher", False),  # another form of one word may be another word
        ("no nurse any more", "nurse in Bonn", True),
        ("never in bonn", "nurse in Bonn", True),
        ("not in time", "nurse in Bonn", False),
        ("not nursing babies", "nurses baby", True),  # but hardly of most words
        ("not nursing cats", "nurses baby", False),
        ("不去看书了", "看书", True),
        ("not meyers", "Meyer", False),
        ("마이어가 아니고", "마이어", True),
        ("", "Mei", False),
        ("not a cat of the neighbours", "the sea wolf", False),  # short words are in all texts
        ("不喝茶的人", "茶 咖啡", True),
    ],
)
def test_a_text_names_a_value_by_it_or_a_word_of_it(text: str, value: str, named: bool) -> None:
    assert names(text, value) is named
