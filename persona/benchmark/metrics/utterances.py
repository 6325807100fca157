"""How many messages it took until the user was satisfied (paper, section 5.1)."""

from __future__ import annotations

from collections.abc import Iterator

from persona.benchmark.metrics.life import Lived
from persona.benchmark.scores import Observation


def measure(life: Lived) -> Iterator[Observation]:
    """Yield utterances, and censored: 1 where the user never was satisfied, else 0."""
    for session in life.sessions:
        yield life.observe(session, session.scene_id, "utterances", session.utterances)
        yield life.observe(session, session.scene_id, "censored", float(session.censored))
