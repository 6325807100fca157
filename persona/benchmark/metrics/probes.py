"""Multiple choice about the person: whether the right option was chosen, or the former one."""

from __future__ import annotations

from collections.abc import Iterator

from persona.benchmark.metrics.life import Lived
from persona.benchmark.scores import Observation


def measure(life: Lived) -> Iterator[Observation]:
    """Yield probe: 1 for the right option, 0 for another or none.

    Where the value from before an event is among the options, yield probe_former too: 1 if it was
    chosen, else 0.
    """
    for answer in life.answers:
        probe = life.probe(answer)
        right = answer.chosen == probe.answer
        yield life.observe(answer, probe.probe_id, "probe", float(right))
        if probe.former is not None:
            former = answer.chosen == probe.former
            yield life.observe(answer, probe.probe_id, "probe_former", float(former))
