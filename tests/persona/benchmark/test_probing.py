"""How a probe is put, and what an answer chooses."""

from __future__ import annotations

import pytest

from persona.benchmark.probing import chosen, probe_text
from tests.persona.benchmark.made import CAREER, probe

PROBE = probe(3, CAREER, "a baker", "a vet", "a nurse", "a cook")


def test_a_probe_is_a_question_with_lettered_options() -> None:
    assert probe_text(PROBE) == (
        "Which of these is true of me?\nA) a baker\nB) a vet\nC) a nurse\nD) a cook"
    )


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        ("B", 1),
        ("D) a cook", 3),
        ("**C**", 2),
        ("(B), not A", 1),
        ("答案是C。", 2),
        ("Ｂ", 1),
        ("C'est B.", 1),
        ("D’après moi, B", 1),
        ("Désolé : B", 1),
        ("E or F, or B", 1),
        ("B2 is C", 2),
        ("Désolé, je ne sais pas.", None),
        ("A", 0),
        ("A is right.", 0),
        ("A good question! B", 1),
        ("You are a nurse.", 2),
        ("A cook", 3),
        ("a bakery", None),
        ("a vet, or a cook", None),
        ("Não a B, e sim C", 1),
        ("H", None),
        ("BAKER", None),
        ("", None),
    ],
)
def test_the_option_named_first_is_chosen(reply: str, place: int | None) -> None:
    assert chosen(PROBE, reply) == place
