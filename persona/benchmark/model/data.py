"""What prompts of the model track are made of: people, scenes and dialogues as plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from persona.benchmark.dialogue import Exchange
from persona.benchmark.schema import Person, Scene
from persona.benchmark.truth import Truth
from persona.registry import Registry


def hashes(prompts: Mapping[str, str]) -> dict[str, str]:
    """Return a short name for the version of each prompt, to be kept with a dataset."""
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in prompts.items()}


def person_of(person: Person, truth: Truth) -> dict[str, Any]:
    """Return what is true of a person."""
    return {"language": person.language, "region": person.region, "persona": truth.usable}


def whole_person_of(person: Person, truth: Truth) -> dict[str, Any]:
    """Return what is true of a person, with what they want forgotten and what is over."""
    return {
        **person_of(person, truth),
        "wants_forgotten": truth.forgotten,
        "no_longer_true": truth.former,
    }


def scene_of(scene: Scene) -> dict[str, Any]:
    """Return what a scene is about, without the functions that can be called in it."""
    return {
        "title": scene.title,
        "description": scene.description,
        "context": scene.context,
        "expected_response": scene.expected_response,
    }


def dialogue_of(turns: Sequence[Exchange]) -> list[dict[str, str]]:
    """Return who said what, in order."""
    return [line for turn in turns for line in ({"person": turn.said}, {"assistant": turn.reply})]


def slots_of(registry: Registry) -> list[dict[str, Any]]:
    """Return the slots a persona has, and what each holds."""
    found: list[dict[str, Any]] = []
    for slot in registry.values():
        described: dict[str, Any] = {"slot": slot.name, "holds": slot.hint}
        if slot.kind == "list":
            described["values"] = f"a list of at most {slot.max_items}"
        elif slot.kind == "choice":
            described["values"] = f"one of: {', '.join(slot.choices)}"
        else:
            described["values"] = "one"
        found.append(described | {"longest_value_in_characters": slot.max_length})
    return found
