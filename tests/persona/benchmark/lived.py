"""A small life to measure: one person, and sessions of which each test tells its own part."""

from __future__ import annotations

from collections.abc import Iterable

from persona.benchmark.log import Cost, Held, LifeHeader, LoggedSession, LoggedTurn
from persona.benchmark.metrics.life import Lived, Logged
from persona.benchmark.schema import Event, Need, Person, Probe, Scene, Value
from persona.benchmark.scores import Observation

CAREER = "demographics.career"
INTERESTS = "personality.values_and_interests"
STYLES = "preference.styles"


def person(slots: dict[str, Value], *events: Event) -> Person:
    return Person(
        person_id="p1", language="en", region="Ireland", hint="A baker.", slots=slots, events=events
    )


def change(session: int, slot: str, before: str | None, after: str | None) -> Event:
    return Event(
        session=session, kind="change", slot=slot, before=before, after=after, said="It changed."
    )


def forget(session: int, slot: str, before: str) -> Event:
    return Event(session=session, kind="forget", slot=slot, before=before, said="Forget it.")


def scene(session: int, *needs: str) -> Scene:
    return Scene(
        scene_id=f"s{session}",
        person_id="p1",
        session=session,
        kind="common",
        title="A meal",
        description="A meal is to be planned.",
        context="There are six guests.",
        expected_response="A plan.",
        needs=tuple(Need(slot=slot) for slot in needs),
    )


def probe(probe_id: str, answer: int, former: int | None = None) -> Probe:
    return Probe(
        probe_id=probe_id,
        person_id="p1",
        session=3,
        slot=CAREER,
        question="What do I do?",
        options=("a", "b", "c", "d"),
        answer=answer,
        former=former,
    )


def held(slot: str, value: str, *, basis: str = "stated", status: str = "active") -> Held:
    return Held.model_validate({"slot": slot, "value": value, "basis": basis, "status": status})


def session(
    number: int,
    *persona: Held,
    said: str = "Hello.",
    turns: tuple[LoggedTurn, ...] | None = None,
    utterances: int = 1,
    censored: bool = False,
    costs: dict[str, Cost] | None = None,
) -> LoggedSession:
    return LoggedSession(
        session=number,
        scene_id=f"s{number}",
        turns=turns or (LoggedTurn(kind="query", said=said, reply="Yes.", satisfied=True),),
        utterances=utterances,
        censored=censored,
        persona=persona,
        costs=costs or {},
    )


def life(
    of: Person,
    *logged: Logged,
    setting: str = "persona-k3",
    scenes: Iterable[Scene] = (),
    probes: Iterable[Probe] = (),
) -> Lived:
    return Lived(
        header=LifeHeader(setting=setting, model="m1", repetition=1, person_id="p1"),
        person=of,
        logged=logged,
        scenes={given.scene_id: given for given in scenes},
        probes={given.probe_id: given for given in probes},
    )


def seen(observations: Iterable[Observation]) -> dict[tuple[int, str], float]:
    """Return values by session and metric, of which there must be one each."""
    found: dict[tuple[int, str], float] = {}
    for observation in observations:
        key = (observation.session, observation.metric)
        assert key not in found
        found[key] = observation.value
    return found


def observed(
    person_id: str,
    value: float,
    *,
    metric: str = "utterances",
    setting: str = "none",
    session: int = 1,
    unit: str | None = None,
    language: str = "en",
    repetition: int = 1,
    model: str = "m1",
) -> Observation:
    """Return what was measured of a person in one session."""
    return Observation(
        setting=setting,
        model=model,
        repetition=repetition,
        person_id=person_id,
        language=language,
        session=session,
        unit=f"{person_id}-{session}" if unit is None else unit,
        metric=metric,
        value=value,
    )
