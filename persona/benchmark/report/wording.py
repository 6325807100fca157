"""How numbers, settings and metrics are put in words."""

from __future__ import annotations

import re

from persona.benchmark.scores import METRICS, Interval

MISSING = "–"
NOT_RUN = "not run"

SHARES = frozenset(
    {
        "censored", "win_golden", "precision", "recall", "f1", "f1_exact", "f1_list", "stale",
        "unsupported", "forgetting", "probe", "probe_former",
    }
)  # fmt: skip
_COUNTS = frozenset({"prompt_tokens", "completion_tokens"})

_SETTINGS = {
    "none": "No persona",
    "golden": "Golden persona",
    "retrieval": "Conversations retrieval",
    "full_history": "Full history",
    "control-shuffled": "A golden persona wrong in every slot",
    "control-no-learning": "Learning that proposes nothing",
    "control-silent": "Learning, a user who tells nothing",
    "control-silent-none": "No persona, a user who tells nothing",
}
_LEARNING = re.compile(r"persona-k(\d+)(-ask)?")


def setting_label(setting: str) -> str:
    """Return a setting's name in words, such as "Learning, k = 3"."""
    found = _LEARNING.fullmatch(setting)
    if found is not None:
        return f"Learning, k = {found[1]}{', asks' if found[2] else ''}"
    return _SETTINGS.get(setting, setting)


def metric_label(metric: str) -> str:
    """Return a metric's heading with the way it gets better: ↑ or ↓."""
    return with_arrow(METRICS[metric][0], metric)


def with_arrow(heading: str, metric: str) -> str:
    """Return a heading of a metric with the way it gets better; the arrow never stands alone."""
    return f"{heading}\N{NO-BREAK SPACE}{'↑' if METRICS[metric][1] else '↓'}"


def number(metric: str, value: float, *, signed: bool = False) -> str:
    """Return a value of a metric as it is printed; shares in percent."""
    sign = "+" if signed else ""
    if metric in SHARES:
        text = f"{100 * value:{sign}.1f}"
    elif metric in _COUNTS:
        text = f"{value:{sign},.0f}"
    elif metric == "money":
        text = f"{value:{sign}.4f}"
    elif metric == "calls":
        text = f"{value:{sign}.1f}"
    else:
        text = f"{value:{sign}.2f}"
    return without_minus_zero(text)


def without_minus_zero(text: str) -> str:
    """Return a printed number with a true minus sign, and none before a zero."""
    if not text.strip("+-0.,"):
        return text.lstrip("+-")
    return text.replace("-", "−")


def mean_text(metric: str, interval: Interval, *, signed: bool = False) -> str:
    """Return the mean alone, with the percent sign of a share that is no difference."""
    text = number(metric, interval.mean, signed=signed)
    return f"{text} %" if metric in SHARES and not signed else text


def bounds_text(metric: str, interval: Interval, *, signed: bool = False) -> str:
    """Return the 95 % interval in brackets, or that there is none."""
    if interval.low is None or interval.high is None:
        return "no interval"
    low = number(metric, interval.low, signed=signed)
    return f"[{low}, {number(metric, interval.high, signed=signed)}]"


def counted(number_of: int, one: str, many: str) -> str:
    """Return "1 life" or "2,000 lives"."""
    return f"{number_of:,} {one if number_of == 1 else many}"
