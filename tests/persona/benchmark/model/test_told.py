"""What counts as telling a person's values word for word."""

from __future__ import annotations

import pytest

from persona.benchmark.model.told import told
from persona.benchmark.schema import Event, Person
from persona.registry import Registry

REGISTRY = Registry()

PERSON = Person(
    person_id="p",
    language="zh",
    region="Singapore",
    hint="x",
    slots={
        "demographics.name": "Mei-Lin 陈",
        "demographics.age": "34",
        "demographics.career": "Hebamme",
        "personality.thinking_feeling": "feeling",
        "personality.values_and_interests": ("养猫", "C++", "서울"),
    },
    events=(
        Event(session=3, kind="change", slot="demographics.career",
              before="Hebamme", after="Imkerin", said="Ich imkere."),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Guten Morgen, MEI-LIN!", ("demographics.name",)),
        ("Meilenstein", ()),
        ("I am 34.", ("demographics.age",)),
        ("In 1934 and in 340 days", ()),
        ("Als Hebamme arbeiten", ("demographics.career",)),
        ("Ich bin Imkerin.", ("demographics.career",)),
        ("Hebammenschule", ()),
        ("我喜欢养猫啊", ("personality.values_and_interests",)),
        ("서울에서 만나요", ("personality.values_and_interests",)),
        ("I write C++20", ("personality.values_and_interests",)),
        ("I write C++, mostly", ("personality.values_and_interests",)),
        ("I have a feeling about it", ()),
        ("陈", ()),
    ],
)
def test_values_are_found_as_whole_words(text: str, slots: tuple[str, ...]) -> None:
    assert told(PERSON, REGISTRY, "nothing here", text) == slots


def test_slots_are_named_once() -> None:
    assert told(PERSON, REGISTRY, "Hebamme", "Imkerin, 34") == (
        "demographics.age",
        "demographics.career",
    )
