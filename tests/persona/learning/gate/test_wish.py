"""Whether a person asks for something to be remembered or forgotten."""

from __future__ import annotations

import pytest

from persona.learning.gate.wish import Wish, asks_to


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("remember that I have epilepsy", "remember"),
        ("I have epilepsy. Please remember that.", "remember"),
        ("I don't like coffee. Remember that", "remember"),
        ("can you remember I'm vegan?", "remember"),
        ("I don't drink coffee\nremember that I love tea", "remember"),
        ("remember my sister is a nurse and I love tea", "remember"),
        ("don't forget that I love tea", "remember"),
        ("never forget that I love tea", "remember"),
        ("vergiss nicht, dass ich Tee mag", "remember"),
        ("не забудь, что я люблю чай", "remember"),
        ("N'oublie pas que j'aime le thé", "remember"),
        ("no olvides que me gusta el té", "remember"),
        ("别忘了我喜欢茶", "remember"),
        ("私がお茶好きなのを忘れないで", "remember"),
        ("기억해줘, 나는 차를 좋아해", "remember"),
        ("forget that I love tea", "forget"),
        ("my tea? can you remove it?", "forget"),
        ("I don't drink tea any more, forget it", "forget"),
        ("don't remember that I love tea", "forget"),
        ("please remember nothing about my anxiety", "forget"),
        ("Bitte vergiss, dass ich Tee mag", "forget"),
        ("merk dir das nicht", "forget"),
        ("забудь про чай", "forget"),
        ("oublie que j'aime le thé", "forget"),
        ("olvida el té", "forget"),
        ("忘掉茶", "forget"),
        ("お茶のことは忘れて", "forget"),
        ("차는 잊어줘", "forget"),
    ],
)
def test_a_wish_is_one_of_two(text: str, wish: Wish) -> None:
    assert (asks_to("remember", text), asks_to("forget", text)) == (
        wish == "remember",
        wish == "forget",
    )


@pytest.mark.parametrize(
    "text",
    [
        "I love tea",
        "I can't remember names, it's my epilepsy",
        "Do you remember my cat? I have epilepsy by the way",
        "I remember being ill",
        "My doctor wants me to remember my pills, I have epilepsy",
        "write this down in a poem: I am vegan",
        "> please remember to bring snacks\nI can't go, my epilepsy",
        'she wrote "please remember me for ever"',
        "I never forget to drink tea",
        "My wife wants me to remove tea stains",
    ],
)
def test_what_is_no_wish(text: str) -> None:
    assert not asks_to("remember", text)
    assert not asks_to("forget", text)
