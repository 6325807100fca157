"""A life as it is measured: its log, and what the dataset says of its person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from persona.benchmark.arms import setting
from persona.benchmark.log import Held, LifeEnd, LifeHeader, LoggedProbe, LoggedSession
from persona.benchmark.schema import Person, Probe, Scene
from persona.benchmark.scores import Observation
from persona.errors import RapportError

Logged = LoggedSession | LoggedProbe | LifeEnd
Found = TypeVar("Found")


class MismatchError(RapportError):
    """A log tells of what its dataset does not hold."""


@dataclass(frozen=True)
class Lived:
    """One life. `scenes` and `probes` are the dataset's by their ids, other persons' included."""

    header: LifeHeader
    person: Person
    logged: tuple[Logged, ...]
    scenes: Mapping[str, Scene]
    probes: Mapping[str, Probe]

    def __post_init__(self) -> None:
        if self.header.person_id != self.person.person_id:
            raise MismatchError(
                f"The life is one of {self.header.person_id}, not of {self.person.person_id}."
            )

    @cached_property
    def learns(self) -> bool:
        """Whether the engine keeps a persona in this setting."""
        return setting(self.header.setting).every is not None

    @property
    def sessions(self) -> Iterable[LoggedSession]:
        """The sessions, in their order."""
        return (record for record in self.logged if isinstance(record, LoggedSession))

    @property
    def answers(self) -> Iterable[LoggedProbe]:
        """The answers to probes, in their order."""
        return (record for record in self.logged if isinstance(record, LoggedProbe))

    def scene(self, session: LoggedSession) -> Scene:
        """Return the scene of a session. Raises `MismatchError` when there is none."""
        return self._one(self.scenes, session.scene_id, "scene")

    def probe(self, answer: LoggedProbe) -> Probe:
        """Return the probe that was answered. Raises `MismatchError` when there is none."""
        return self._one(self.probes, answer.probe_id, "probe")

    def observe(
        self, at: LoggedSession | LoggedProbe, unit: str, metric: str, value: float
    ) -> Observation:
        """Return what was measured `at` a session or a probe."""
        return Observation(
            setting=self.header.setting,
            model=self.header.model,
            repetition=self.header.repetition,
            person_id=self.person.person_id,
            language=self.person.language,
            session=at.session,
            unit=unit,
            metric=metric,
            value=value,
        )

    def _one(self, among: Mapping[str, Found], name: str, kind: str) -> Found:
        if name not in among:
            raise MismatchError(
                f"The run's {kind} {name} is not in the dataset: give the one it was made with."
            )
        return among[name]


def active(session: LoggedSession) -> list[Held]:
    """Return the values that may be used after a session; a pending one may not."""
    return [held for held in session.persona if held.status == "active"]
