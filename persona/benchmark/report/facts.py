"""What a run was: the head of its page."""

from __future__ import annotations

from persona.benchmark.report.reading import Reading
from persona.benchmark.report.wording import MISSING, counted, mean_text, setting_label

_STARTS = {
    "empty": "empty",
    "demographics+personality": "demographics and personality given",
}


def of(reading: Reading) -> list[tuple[str, str]]:
    """Return names and values of what was run, with which settings, on whom."""
    scores = reading.scores
    languages = scores.dataset.languages
    sessions = sum(life.sessions for life in scores.lives)
    lives = sum(life.lives for life in scores.lives)
    listed = ", ".join(f"{name} {count}" for name, count in sorted(languages.items()))
    repeated = counted(scores.repetitions, "repetition", "repetitions")
    return [
        ("People", f"{sum(languages.values()):,}"),
        ("Languages", f"{len(languages)}: {listed}" if languages else MISSING),
        ("Lives", f"{lives:,}, each {repeated} of one person with one setting and model"),
        ("Sessions lived", f"{sessions:,}"),
        ("Settings", "; ".join(map(setting_label, reading.settings)) or MISSING),
        ("Controls", "; ".join(map(setting_label, reading.controls)) or MISSING),
        ("Chat models", ", ".join(scores.models) or MISSING),
        ("Judge", scores.judge),
        ("Persona at the start", _STARTS[scores.start]),
        ("User turns at most", f"{scores.user_turns}; {_censored(reading)}"),
        ("Dataset", f"{scores.dataset.source}; licence {scores.dataset.licence}"),
        ("Dataset hash", scores.dataset_hash),
    ]


def _censored(reading: Reading) -> str:
    found = [
        each
        for setting in reading.settings
        for model in reading.scores.models
        if (each := reading.interval(setting, model, "censored")) is not None
    ]
    if not found:
        return "how many sessions ended unsatisfied was not counted"
    least = mean_text("censored", min(found, key=lambda each: each.mean))
    most = mean_text("censored", max(found, key=lambda each: each.mean))
    if least == most:
        return f"{least} of sessions ended unsatisfied and count as that many"
    return f"{least} to {most} of sessions, by setting, ended unsatisfied and count as that many"
