from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.learning.gate.private_data import holds_contact, holds_secret
from persona.normalise import normalise

SECRETS = [
    "my password's hunter2",
    "hunter2 is my password",
    "hunter2 is my old wifi password",
    "my wifi password hunter2",
    "password → hunter2",
    "my pin's 4821",
    "PIN 4821",
    "mein Passwort heißt Sommer2024",
    "mon mot de passe c'est chat123",
    "мой пароль кот123",
    "hf_abcdefgh",
    "SG.abcdefgh.hijklmnop",
    "npm_abcdefgh",
    "ya29.a0AfH6SM",
    "4111–1111–1111–1111",
    "4111.1111.1111.1111",
    "DE89-3704-0044-0532-0130-00",
    "-----BEGIN RSA PRIVATE KEY-----",
    "sk-proj-abcdefgh",
    "pk_live_4eC39HqL",
    "rk_test_12345678",
    "ghp_16C7e42F",
    "github_pat_11ABCDEF",
    "glpat-xxxxyyyy",
    "xoxb-12345678",
    "AKIAIOSFODNN7EXAMPLE",
    "AIza" + "Sy" * 10,
    "eyJhbGciOiJIUzI1.eyJzdWIiOiIx",
    "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz1",
    "DE89 3704 0044 0532 0130 00",
    "gb82west12345698765432",
    "123-45-6789",
    "my password is hunter2",
    "passwd: hunter2",
    "passphrase = correct horse",
    "PIN 1234 is wrong, pin: 9876",
    "pin code: 9876",
    "api key - abc",
    "api_key=abc",
    "the token is abc",
    "seed phrase: one two three",
    "secret key: abc",
    "mein Passwort lautet geheim",
    "Kennwort ist geheim",
    "zugangscode: 17",
    "la contraseña es gato",
    "mi clave de wifi es gato",
    "mot de passe: chat",
    "mdp est chat",
    "пароль: кот",
    "пин-код: 1234",
    "ключ api: abc",
    "我的密码是abc123",
    "密碼：abc123",
    "口令「abc",
    "暗証番号は1234",
    "パスワードはabc123",
    "비밀번호는 abc123",
    "비번 1234",
    "암호: qwer",
    "use a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6 here",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111111111111111",
    "378282246310005",
    "4222222222222",
    "6304000000000000000",
]
NO_SECRETS = [
    "I pin 20 recipes a day",
    "password managers are my hobby",
    "music is my passion",
    "sg.example is a site",
    "",
    "green tea",
    "task-oriented work",
    "desk-abcdefgh is a brand",
    "sk-abc",
    "likes tokens of affection",
    "a password manager",
    "pins and needles",
    "pinball is great",
    "123-456-789",
    "1123-45-6789",
    "4111 1111 1111 1112",
    "1234567890123",
    "in 2024 and 2025 and 2026",
    "411111111111",
    "41111111111111111111",
    "3.4111111111111111",
    "密码学",
    "パスワード",
    "donaudampfschifffahrtsgesellschaft",
    "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d",
    "eyjafjallajökull.is nice",
]


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_noticed(text: str) -> None:
    assert holds_secret(normalise(text))


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_noticed_in_a_sentence(text: str) -> None:
    assert holds_secret(normalise(f"well, {text} ok"))


@pytest.mark.parametrize("text", NO_SECRETS)
def test_what_only_looks_like_a_secret_is_none(text: str) -> None:
    assert not holds_secret(normalise(text))


def checked(digits: str) -> str:
    """Return `digits` with the check digit of ISO/IEC 7812, written as the norm explains it."""
    doubled = "0246813579"
    total = sum(
        int(doubled[int(digit)] if place % 2 == 0 else digit)
        for place, digit in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


@given(st.text(string.digits, min_size=12, max_size=18))
def test_numbers_of_cards_are_known_by_their_check_digit(digits: str) -> None:
    number = checked(digits)
    assert holds_secret(number)
    wrong = digits + str((int(number[-1]) + 1) % 10)
    assert not holds_secret(wrong)


@given(st.text(string.digits, min_size=12, max_size=18), st.sampled_from(" -"))
def test_numbers_of_cards_may_be_grouped(digits: str, between: str) -> None:
    number = checked(digits)
    groups = [number[start : start + 4] for start in range(0, len(number), 4)]
    assert holds_secret(between.join(groups))


@pytest.mark.parametrize("length", [11, 19])
def test_shorter_and_longer_numbers_are_no_cards(length: int) -> None:
    assert not holds_secret(checked("4" * length))


CONTACTS = [
    "mei(a)example.com",
    "mei {at} example {dot} com",
    "mei@example。com",
    "0170–123–4567",
    "0170−1234567",
    "my telegram is meilin",
    "my insta is mei.lin",
    "linkedin.com/in/meilin",
    "mei.example.org/me",
    "mei@example.com",
    "mei.lin+x@mail.example.org",
    "mei (at) example (dot) com",
    "mei [at] example [dot] com",
    "mei at example dot com",
    "https://example.com/me",
    "http://example.com",
    "www.example.com",
    "t.me/mei",
    "discord.gg/abc",
    "instagram.com/mei",
    "github.com/mei",
    "x.com/mei",
    "<@123456789>",
    "<@!123456789>",
    "<@!42>",
    "ask @mei_lin",
    "mei#1234",
    "id 123456789012345678",
    "203.0.113.7",
    "2001:db8:0:0:0:1",
    "微信号: mei_2024",
    "my telegram is mei_2024",
    "insta: mei.2024",
    "snapchat mei_2024",
    "카톡 아이디는 mei2024",
    "LINE ID: mei2024",
    "LINE IDはmei2024",
    "我的QQ12345678",
    "wechatid mei2024",
    "12 Green Tea Street",
    "221b Baker St",
    "apt 7b",
    "unit 12",
    "кв. 12",
    "Lindenstraße 7",
    "Hauptstr. 12",
    "Feldweg, 4",
    "calle Mayor 12",
    "rue de Rivoli, 12",
    "улица Ленина, д. 5",
    "12 rue de Rivoli",
    "12 bis, avenue Foch",
    "中山路12号",
    "渋谷区1-2",
    "神南一丁目3-4",
    "3丁目",
    "세종대로 110",
    "강남길12번길 3",
    "555-0123",
    "+1 212 555 0123",
    "(212) 555-0123",
    "212.555.0123",
    "+49 (0)30 1234567",
    "02 1234567",
]
NO_CONTACTS = [
    "my discord is full of bots",
    "either/or",
    "from 1990–1995 and 2001–2005",
    "",
    "green tea",
    "meet at noon",
    "t.me is a site",
    "a @ b",
    "C# 12 is fine",
    "1.2.3",
    "version 1.2.3.4.5",
    "12:30 to 14:00",
    "on the line is everything",
    "signal processing",
    "insta is fun",
    "works on the street",
    "apartment life",
    "unit tests",
    "the Feldweg",
    "calle Mayor",
    "rue de Rivoli",
    "路人",
    "1234 and 567",
    "learns online with python3",
    "the deadline 2024-05-01 is near",
    "a snapdragon8gen3",
    "555 012",
    "from 2019-2024",
    "2019-2024-05",
    "12.03.2024",
    "3/4/24",
    "born 1990 / 1991",
    "1234567890123456",
    "서울로 가요",
    "길 2시",
    "100000 steps",
    "x1234567",
    "1234567x",
]


@pytest.mark.parametrize("text", CONTACTS)
def test_contact_data_is_noticed(text: str) -> None:
    assert holds_contact(normalise(text))


@pytest.mark.parametrize("text", CONTACTS)
def test_contact_data_is_noticed_in_a_sentence(text: str) -> None:
    assert holds_contact(normalise(f"well, {text} ok"))


@pytest.mark.parametrize("text", NO_CONTACTS)
def test_what_only_looks_like_contact_data_is_none(text: str) -> None:
    assert not holds_contact(normalise(text))


@pytest.mark.parametrize(("digits", "expected"), [(6, False), (7, True), (15, True), (16, False)])
def test_a_phone_number_has_seven_to_fifteen_digits(digits: int, expected: bool) -> None:
    number = "0" * digits
    assert holds_contact(number) is expected
    assert holds_contact(f"{number[:2]} {number[2:]}") is expected


def test_dates_beside_a_phone_number_do_not_hide_it() -> None:
    assert holds_contact("on 12.03.2024 call 5550123")
    assert holds_contact("12.03.20245550123")
    assert not holds_contact("from 12.03.2024 13.04.2024")
