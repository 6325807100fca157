"""The scores of a run: what `score` writes and `report` and `compare` read."""

from __future__ import annotations

from math import inf
from typing import Literal

from pydantic import Field

from persona.benchmark.schema import Manifest, Record, Track

# Sessions as the paper groups them (Figure 4).
GROUPS: tuple[tuple[int, int], ...] = ((1, 10), (11, 20), (21, 32))
# What a score over everything is of; longer than any code of a language.
OVERALL = "overall"


class Observation(Record):
    """One measured value: of a session, of a probe, or of the end of a life.

    `unit` is what is paired between settings: the scene, the probe, or "end".
    """

    setting: str
    model: str
    repetition: int
    person_id: str
    language: str
    session: int
    unit: str
    metric: str
    value: float


class Interval(Record):
    """A mean with its 95 % interval over persona clusters; `n` observations in `clusters`.

    The mean weighs every persona alike. The bounds are None with fewer than two clusters.
    """

    mean: float
    low: float | None = None
    high: float | None = None
    clusters: int
    n: int

    @property
    def leaves_out_zero(self) -> bool:
        """Whether a difference of zero is outside the bounds."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def within(self, least: float, greatest: float) -> Interval:
        """Return the interval as far as values can lie, which costs it nothing of the truth."""
        if self.low is None or self.high is None:
            return self
        low, high = max(self.low, least), min(self.high, greatest)
        return self.model_copy(update={"low": low, "high": high})


class Score(Record):
    """One metric of one setting with one chat model.

    `over` says of what: "overall", a session group such as "11-20", a language, or "session 7",
    "since 2" (sessions after a change).
    """

    setting: str
    model: str
    metric: str
    over: str
    interval: Interval


class Difference(Record):
    """`setting` minus `against`, paired by persona and by scene."""

    setting: str
    against: str
    model: str
    metric: str
    over: str
    interval: Interval


class Gap(Record):
    """The best language's mean minus the worst's."""

    setting: str
    model: str
    metric: str
    best: str
    worst: str
    gap: float


class Control(Record):
    """A check that the machinery must pass: what was expected, what was seen, and whether."""

    name: str
    expected: str
    seen: str
    holds: bool


class JudgeReliability(Record):
    """How far the judge can be trusted: shares of `n` trials each; None where not tried."""

    repeat_agreement: Interval | None = None
    position_bias: Interval | None = None
    vague_accepted: Interval | None = None


class Leak(Record):
    """Words of a person's persona in a text that must not tell it."""

    person_id: str
    scene_id: str
    field: str
    slot: str
    found: str


class Life(Record):
    """What there is of the lives of one setting with one chat model."""

    setting: str
    model: str
    lives: int
    whole: int
    sessions: int
    failures: dict[str, int] = Field(default_factory=dict)


class Scores(Record):
    """Everything that is reported about a run, the machine's own times apart.

    `judge` holds the judge's model and `judge_prompts` its prompts in full, by their names.
    `lives_hash` and `observations_hash` tell whether these are still what was scored, `audited`
    counts the texts that were searched for `leaks`.
    """

    track: Track
    dataset: Manifest
    dataset_hash: str
    settings: tuple[str, ...]
    models: tuple[str, ...]
    repetitions: int
    start: Literal["empty", "demographics+personality"]
    user_turns: int
    judge: str
    judge_prompts: dict[str, str]
    lives: tuple[Life, ...]
    lives_hash: str = ""
    observations_hash: str = ""
    scores: tuple[Score, ...]
    differences: tuple[Difference, ...]
    gaps: tuple[Gap, ...]
    controls: tuple[Control, ...]
    reliability: JudgeReliability
    leaks: tuple[Leak, ...]
    audited: int


# Between which values a metric lies; shares, where nothing is said.
BOUNDS: dict[str, tuple[float, float]] = {
    "helpfulness": (0, 10),
    "personalization": (0, 10),
    "similarity": (0, 10),
    "calls": (0, inf),
    "prompt_tokens": (0, inf),
    "completion_tokens": (0, inf),
    "money": (0, inf),
}


def bounds(metric: str, user_turns: int) -> tuple[float, float]:
    """Return the least and the greatest value of a metric in a run of so many `user_turns`."""
    if metric == "utterances":
        return 1, user_turns
    return BOUNDS.get(metric, (0, 1))


# What is measured, in the order of the tables: a heading, whether higher is better, and what it is.
METRICS: dict[str, tuple[str, bool, str]] = {
    "helpfulness": ("Helpfulness", True, "judge's 0 to 10 for the first reply"),
    "personalization": ("Personalization", True, "judge's 0 to 10 for the first reply"),
    "similarity": ("Profile similarity", True, "judge's 0 to 10 for the learned persona"),
    "utterances": ("Utterances", False, "the user's messages until satisfied"),
    "censored": ("Never satisfied", False, "share of sessions"),
    "win_golden": ("Win rate against golden", True, "first replies, both positions, ties half"),
    "precision": ("Slot precision", True, "learned values that are true"),
    "recall": ("Slot recall", True, "true values that were learned"),
    "f1": ("Slot F1", True, "normalised; values of lists count singly"),
    "f1_exact": ("Slot F1, exact", True, "letter by letter"),
    "f1_list": ("List F1", True, "slots that are lists"),
    "stale": ("Stale values", False, "changed values that are still held as they were"),
    "unsupported": ("Unsupported values", False, "learned values that nobody said"),
    "forgetting": ("Forgetting obeyed", True, "neither held nor used once it was to be forgotten"),
    "probe": ("Probes", True, "multiple choice about the person"),
    "probe_former": ("Former value chosen", False, "of the probes that offer one"),
    "calls": ("Calls", False, "of models for replies and learning, a session"),
    "prompt_tokens": ("Tokens read", False, "a session"),
    "completion_tokens": ("Tokens written", False, "a session"),
    "money": ("Cost", False, "a session, by the prices in the settings"),
}
