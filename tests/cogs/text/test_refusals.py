"""Every reason for not keeping something has a text for the person."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import persona
from cogs.text.catalogue import languages
from cogs.text.refusals import REFUSALS, refused
from persona.errors import EDIT_PROBLEMS, EditError
from persona.registry import Registry

ENGINE = Path(persona.__file__).parent
GATE = ENGINE / "learning" / "gate"


def calls(path: Path, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def texts(node: ast.Call) -> list[str]:
    return [
        argument.value
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def gate_codes() -> set[str]:
    """Return every code that a rule of the gate gives."""
    found: set[str] = set()
    for path in sorted(GATE.glob("*.py")):
        for call in calls(path, "Refusal", "_marked", "_refuse"):
            found.update(texts(call)[:1])
    return {code for code in found if code.isidentifier()}


def edit_codes() -> set[str]:
    """Return every code that `EditError` is raised with in so many words."""
    return {
        keyword.value.value
        for folder in (ENGINE, ENGINE.parent / "cogs")
        for path in sorted(folder.rglob("*.py"))
        for call in calls(path, "EditError")
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
        if isinstance(keyword.value.value, str)
    }


def test_the_codes_are_found() -> None:
    assert {"locked", "too_long", "quoted_text", "hypothetical", "question"} <= gate_codes()
    assert {"gone", "no_value", "erased", "changed"} <= edit_codes()


def test_every_code_has_a_text_and_no_other() -> None:
    assert edit_codes() <= EDIT_PROBLEMS | gate_codes()
    assert set(REFUSALS) == gate_codes() | EDIT_PROBLEMS


@pytest.mark.parametrize("slot", [None, "preference.gone", "demographics.name", "demographics.age"])
@pytest.mark.parametrize("code", [*sorted(REFUSALS), "from_a_later_release"])
def test_every_refusal_is_a_sentence(code: str, slot: str | None) -> None:
    for locale in ("en-US", *languages()):
        sentence = refused(EditError("reason", code=code, slot=slot), Registry(), locale)
        assert sentence
        assert len(sentence) <= 600
        assert "{" not in sentence


def test_a_refusal_names_the_field_and_its_limits() -> None:
    def said(code: str, slot: str) -> str:
        return refused(EditError("reason", code=code, slot=slot), Registry(), "en-US")

    assert said("too_long", "demographics.age") == "Age holds at most 20 characters."
    assert said("too_many", "demographics.languages").startswith(
        "Languages is full: it holds 10 values."
    )
    mbti = "personality.thinking_feeling"
    assert said("wrong_kind", mbti) == "Thinking or feeling takes one of: thinking, feeling."
    assert said("wrong_kind", "demographics.name") == "Name cannot be written like that."
