"""A person, a scene and a dialogue that the tests of the model track speak of."""

from __future__ import annotations

import json
from typing import Any

from persona.benchmark.dialogue import Exchange
from persona.benchmark.schema import Api, Event, Need, Person, Query, Scene

PERSON = Person(
    person_id="ingrid",
    language="no",
    region="Norway",
    hint="An old lighthouse keeper who writes crosswords",
    slots={
        "demographics.name": "Ingrid Solheim",
        "demographics.career": "lighthouse keeper",
        "personality.values_and_interests": ("crosswords", "herring"),
        "preference.styles": ("dry wit",),
    },
    events=(
        Event(
            session=3,
            kind="change",
            slot="demographics.career",
            before="lighthouse keeper",
            after="ferry pilot",
            said="I pilot the ferry these days.",
        ),
        Event(
            session=4,
            kind="forget",
            slot="personality.values_and_interests",
            before="herring",
            said="Please forget that business with the herring.",
        ),
    ),
)

SCENE = Scene(
    scene_id="ingrid-s03",
    person_id="ingrid",
    session=3,
    kind="common",
    title="A quiet evening",
    description="The person has an evening to fill.",
    context="It rains, and the power may fail.",
    apis=(
        Api(name="weather", description="Tells the weather.", arguments={"day": "which day"}),
        Api(name="playMusic", description="Plays music."),
    ),
    expected_response="Suggests something that suits what the person likes to do.",
    needs=(Need(slot="personality.values_and_interests", item="crosswords"),),
)

QUERY = Query(
    scene_id="ingrid-s03",
    personalized="What does a ferry pilot with a love of crosswords do tonight?",
    neutral="What shall I do tonight?",
)

DIALOGUE = (Exchange(said="What shall I do tonight?", reply="Watch the telly, perhaps?"),)


def system_of(request: dict[str, Any]) -> str:
    """Return what the request's system message says."""
    said: str = request["messages"][0]["content"]
    return said


def data_of(request: dict[str, Any]) -> Any:
    """Return the data a request quotes."""
    return json.loads(request["messages"][1]["content"])
