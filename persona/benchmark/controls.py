"""The controls: what must come out whatever the models, or the machinery is at fault.

A shuffled persona is no better than none; a learner that returns nothing equals none; a user who
reveals nothing equals none; golden is not worse than persona.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from persona.benchmark.arms import CONTROLS
from persona.benchmark.schema import Track
from persona.benchmark.scores import METRICS, Control, Interval, Observation
from persona.benchmark.statistics import paired

_METRICS = ("utterances", "helpfulness", "personalization")
_GOLDEN_METRICS = ("utterances", "personalization")

Values = dict[tuple[str, str], float]
Measured = Mapping[tuple[str, str], Values]


def gather(observations: Iterable[Observation]) -> dict[tuple[str, str], Values]:
    """Return what the controls look at: by setting and metric the values by person and unit.

    Repetitions and models of a run are different units.
    """
    found: dict[tuple[str, str], Values] = {}
    for each in observations:
        if each.metric in _METRICS:
            unit = f"{each.model}/{each.repetition}/{each.unit}"
            found.setdefault((each.setting, each.metric), {})[each.person_id, unit] = each.value
    return found


def check(track: Track, settings: Iterable[str], measured: Measured) -> Iterator[Control]:
    """Yield the controls that were run, and whether they hold.

    Where one of the lives is missing, those that there are count. On the scripted track what is
    equal must be equal to the last digit; models answer differently when they are asked twice, so
    there the 95 % interval of the difference must hold 0.
    """
    run = set(settings)
    if {CONTROLS[0], "none"} <= run:
        yield _no_better("shuffled persona", CONTROLS[0], "none", measured)
    if {CONTROLS[1], "none"} <= run:
        yield _equal("learner that returns nothing", CONTROLS[1], "none", measured, track)
    if {CONTROLS[2], CONTROLS[3]} <= run:
        yield _equal("user who reveals nothing", CONTROLS[2], CONTROLS[3], measured, track)
    for name in sorted(run):
        if name.startswith("persona-") and "golden" in run:
            yield _no_better(f"{name} against golden", name, "golden", measured, _GOLDEN_METRICS)


def _no_better(
    name: str,
    setting: str,
    than: str,
    measured: Measured,
    metrics: Iterable[str] = _METRICS,
) -> Control:
    seen: list[str] = []
    holds = True
    for metric in metrics:
        gain = _gain(setting, than, metric, measured)
        if gain is None:
            continue
        seen.append(f"{metric} {_signed(gain)}")
        least = gain.mean if gain.low is None else gain.low
        holds = holds and least <= 0
    expected = f"{setting} is no better than {than}"
    return Control(name=name, expected=expected, seen=_told(seen), holds=holds and bool(seen))


def _equal(name: str, setting: str, other: str, measured: Measured, track: Track) -> Control:
    seen: list[str] = []
    holds = True
    for metric in _METRICS:
        gain = _gain(setting, other, metric, measured)
        if gain is None:
            continue
        seen.append(f"{metric} {_signed(gain)}")
        low, high = gain.low, gain.high
        if track == "scripted" or low is None or high is None:
            ours, theirs = measured[setting, metric], measured[other, metric]
            both = ours.keys() & theirs.keys()
            holds = holds and bool(both) and all(ours[unit] == theirs[unit] for unit in both)
        else:
            holds = holds and low <= 0 <= high
    expected = f"{setting} equals {other}"
    return Control(name=name, expected=expected, seen=_told(seen), holds=holds and bool(seen))


def _gain(setting: str, other: str, metric: str, measured: Measured) -> Interval | None:
    """Return by how much `setting` is better than `other`, also where less is better."""
    ours = measured.get((setting, metric), {})
    theirs = measured.get((other, metric), {})
    if METRICS[metric][1]:
        return paired(ours, theirs)
    return paired(theirs, ours)


def _signed(gain: Interval) -> str:
    if gain.low is None or gain.high is None:
        return f"{gain.mean:+.3f}"
    return f"{gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"


def _told(seen: list[str]) -> str:
    return f"gain in {', '.join(seen)}" if seen else "nothing to compare"
