"""A small dataset of invented people, and what its lives are asked, for tests of the benchmark."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from persona.benchmark.dataset import Dataset
from persona.benchmark.schema import Api, Event, Manifest, Need, Person, Query, Scene

CAREER = "demographics.career"
INTERESTS = "personality.values_and_interests"
TEMPER = "personality.extraversion_introversion"
STYLES = "preference.styles"
FORMATS = "preference.formats"

ADA = Person(
    person_id="ada",
    language="en",
    region="Ireland",
    hint="Ada bakes and plays chess.",
    slots={
        CAREER: "baker",
        INTERESTS: ("chess", "gardening"),
        TEMPER: "introversion",
        STYLES: ("short answers",),
    },
    events=(
        Event(
            session=4,
            kind="change",
            slot=CAREER,
            before="baker",
            after="librarian",
            said="I work as a librarian.",
        ),
        Event(
            session=6,
            kind="forget",
            slot=INTERESTS,
            before="chess",
            said="Please forget that I love chess.",
        ),
    ),
)
# Nothing of hers ever changes.
BEA = Person(
    person_id="bea",
    language="en",
    region="Canada",
    hint="Bea drives a bus.",
    slots={CAREER: "bus driver", INTERESTS: ("jazz",), FORMATS: ("tables",)},
)

_WEATHER = Api(name="weather", description="Tells the weather.", arguments={"day": "the day"})


def scene(
    person: Person, session: int, *needs: tuple[str, str | None], apis: Sequence[Api] = ()
) -> Scene:
    """Return a scene that needs these slots, each with an item of it or None."""
    return Scene(
        scene_id=f"{person.person_id}-{session:02d}",
        person_id=person.person_id,
        session=session,
        kind="common",
        title="A question",
        description="The person has a question.",
        context="It is urgent.",
        apis=tuple(apis),
        expected_response="A reply that fits.",
        needs=tuple(Need(slot=slot, item=item) for slot, item in needs),
    )


SCENES = (
    scene(ADA, 1, (CAREER, None), (INTERESTS, "chess")),
    scene(ADA, 2, (TEMPER, None), (STYLES, "short answers")),
    scene(ADA, 3, (TEMPER, None), (CAREER, None), apis=[_WEATHER]),
    scene(ADA, 4, (CAREER, None)),
    scene(ADA, 5, (CAREER, None), (INTERESTS, "chess"), (TEMPER, None)),
    scene(ADA, 6, (INTERESTS, "chess"), (INTERESTS, "gardening")),
    scene(ADA, 7, (INTERESTS, "chess"), (INTERESTS, "gardening"), (CAREER, None)),
    *(scene(BEA, session, (CAREER, None), (INTERESTS, "jazz")) for session in range(1, 6)),
)


def dataset(people: Sequence[Person] = (ADA, BEA), scenes: Sequence[Scene] = SCENES) -> Dataset:
    """Return a dataset of these people with one question for each of their scenes."""
    ids = {person.person_id for person in people}
    own = tuple(scene for scene in scenes if scene.person_id in ids)
    queries = {each.scene_id: _query(each) for each in own}
    manifest = Manifest(name="small", track="scripted", source="written by hand", licence="CC0-1.0")
    return Dataset(manifest, tuple(people), own, queries, ())


def plain(people: int, sessions: int) -> Dataset:
    """Return a dataset of people whose lives are alike and in which nothing changes."""
    found = [BEA.model_copy(update={"person_id": f"p{number:03d}"}) for number in range(people)]
    scenes = [
        scene(person, session, (CAREER, None), (INTERESTS, "jazz"))
        for person in found
        for session in range(1, sessions + 1)
    ]
    return dataset(found, scenes)


def _query(asked: Scene) -> Query:
    text = f"What should I do about number {asked.session} of {asked.person_id}?"
    return Query(scene_id=asked.scene_id, personalized=text, neutral=text)


# What a model may answer to be asked no more than necessary, by the field that tells the question.
_FITTING: dict[str, dict[str, Any]] = {
    "updates": {"updates": []},
    "verdict": {"analysis": "It is too general.", "verdict": "continue"},
    "message": {"message": "Tell me more, please."},
    "helpfulness": {"analysis": "Fine.", "helpfulness": 7, "personalization": 5},
    "consistency": {"analysis": "Little is known.", "consistency": 5, "detail": 0},
    "winner": {"analysis": "They are alike.", "winner": "first"},
}


def answer_as_model(request: dict[str, Any]) -> tuple[str, str] | str:
    """Return what a model might answer: the name of a function and its arguments, or a text."""
    choice = request.get("tool_choice")
    if not isinstance(choice, dict):
        said = str(request["messages"][-1]["content"])
        return f"Here is something for most people. It is about: {said[:80]}"
    name = choice["function"]["name"]
    (tool,) = (tool for tool in request["tools"] if tool["function"]["name"] == name)
    asked = set(tool["function"]["parameters"]["properties"])
    fitting = next(answer for field, answer in _FITTING.items() if field in asked)
    return name, json.dumps(fitting)
