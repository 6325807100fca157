"""All metrics of a life that need no judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from persona.benchmark.metrics import (
    changes,
    costs,
    forgetting,
    probes,
    slots,
    support,
    utterances,
)
from persona.benchmark.metrics.life import Lived
from persona.benchmark.scores import Observation
from persona.benchmark.settings import Price
from persona.registry import Slot


def measure(
    life: Lived, registry: Mapping[str, Slot], prices: Mapping[str, Price]
) -> Iterator[Observation]:
    """Yield what each metric observes. Raises `MismatchError` if the dataset is another one."""
    yield from utterances.measure(life)
    yield from slots.measure(life, registry)
    yield from changes.measure(life)
    yield from support.measure(life, registry)
    yield from forgetting.measure(life)
    yield from probes.measure(life)
    yield from costs.measure(life, prices)
