"""How much of the golden persona was learned, slot by slot and without a judge.

The paper asks a judge how similar two personas are (section 5.1); values can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from persona.benchmark.log import Held
from persona.benchmark.metrics.life import Lived, active
from persona.benchmark.scores import Observation
from persona.benchmark.truth import truth
from persona.normalise import bare
from persona.registry import Slot

Pairs = set[tuple[str, str]]


def measure(life: Lived, registry: Mapping[str, Slot]) -> Iterator[Observation]:
    """Yield precision, recall, f1, f1_exact and f1_list after each session, if the setting learns.

    Pairs of a slot and a value are compared, bare of what is spelt now so, now so. The golden
    persona is what holds and may be known, the events of the session included; what is pending
    was not learned. There is no precision before anything was learned, no recall where nothing is
    to be learned, and no f1_list where the golden persona has no slot that is a list.
    """
    if not life.learns:
        return
    for session in life.sessions:
        golden = truth(life.person, session.session).usable
        for metric, value in _scores(active(session), golden, registry):
            yield life.observe(session, session.scene_id, metric, value)


def _scores(
    held: list[Held], golden: Mapping[str, tuple[str, ...]], registry: Mapping[str, Slot]
) -> Iterator[tuple[str, float]]:
    learned, wanted = _learned(held, bare), _golden(golden, bare)
    right = len(learned & wanted)
    if learned:
        yield "precision", right / len(learned)
    if wanted:
        yield "recall", right / len(wanted)
    yield "f1", f1(learned, wanted)
    yield "f1_exact", f1(_learned(held, str), _golden(golden, str))
    lists = [slot for slot in golden if slot in registry and registry[slot].kind == "list"]
    if lists:
        of_slots = [f1(_of(slot, learned), _of(slot, wanted)) for slot in lists]
        yield "f1_list", sum(of_slots) / len(of_slots)


def f1(learned: Pairs, wanted: Pairs) -> float:
    """Return the harmonic mean of precision and recall; 1 where both sets are empty."""
    if not learned and not wanted:
        return 1.0
    return 2 * len(learned & wanted) / (len(learned) + len(wanted))


def _learned(held: list[Held], spelt: Callable[[str], str]) -> Pairs:
    return {(value.slot, spelt(value.value)) for value in held}


def _golden(golden: Mapping[str, tuple[str, ...]], spelt: Callable[[str], str]) -> Pairs:
    return {(slot, spelt(value)) for slot, values in golden.items() for value in values}


def _of(slot: str, pairs: Pairs) -> Pairs:
    return {pair for pair in pairs if pair[0] == slot}
