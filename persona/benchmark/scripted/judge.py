"""The judge by rules, on the paper's anchors (section 4.4): exact, and without a preference."""

from __future__ import annotations

from collections.abc import Mapping

from persona.benchmark.roles import Better, Values
from persona.benchmark.schema import Person, Query, Scene
from persona.benchmark.scripted.needs import Wrong, unmet, wanted
from persona.benchmark.scripted.reply import is_understood, values_of
from persona.benchmark.truth import Truth
from persona.normalise import bare

_RULES = """\
helpfulness: 10 every need of the scene is met, 7 some, 5 none, 3 not about the question; at most \
7 when something wrong is taken for granted or a function of the scene was not called.
personalization: 10 every need is met, 7 some, 5 none or not about the question, 0 something wrong \
is taken for granted.
similarity: consistency is the share of learned values that are true, detail the share of true \
values that were learned: 0 none, 3 under a third, 5 under two thirds, 7 under nine tenths, 10.
pair: the higher sum of helpfulness and personalization."""


class ScriptedJudge:
    """Scores by the needs of the scene."""

    @property
    def model(self) -> str:
        """Rules."""
        return "rules"

    @property
    def prompts(self) -> Mapping[str, str]:
        """The rules in words."""
        return {"rules": _RULES}

    async def first_reply(
        self, person: Person, truth: Truth, scene: Scene, query: Query, reply: str
    ) -> tuple[int, int]:
        """Return helpfulness and personalization."""
        return _scores(truth, scene, reply)

    async def similarity(self, golden: Values, learned: Values) -> tuple[int, int]:
        """Return consistency and detail."""
        true = {(slot, bare(value)) for slot, values in golden.items() for value in values}
        known = {(slot, bare(value)) for slot, values in learned.items() for value in values}
        both = len(true & known)
        return _anchor(both, len(known)), _anchor(both, len(true))

    async def pair(
        self,
        person: Person,
        truth: Truth,
        scene: Scene,
        query: Query,
        first: str,
        second: str,
    ) -> Better:
        """Return which reply has the higher scores."""
        one, other = (sum(_scores(truth, scene, reply)) for reply in (first, second))
        if one == other:
            return "tie"
        return "first" if one > other else "second"


def _scores(truth: Truth, scene: Scene, reply: str) -> tuple[int, int]:
    if not is_understood(reply):
        return 3, 5
    amiss = unmet(scene, truth, reply)
    needs = len(wanted(scene, truth))
    missing = sum(not isinstance(each, Wrong) for each in amiss)
    met = 10 if not missing else 7 if missing < needs else 5
    is_wrong = len(amiss) > missing
    uncalled = any(not values_of(reply, api.name) for api in scene.apis)
    helpfulness = min(met, 7) if uncalled or is_wrong else met
    return helpfulness, 0 if is_wrong else met


def _anchor(part: int, whole: int) -> int:
    if not part or not whole:
        return 0
    share = part / whole
    return 3 if share < 1 / 3 else 5 if share < 2 / 3 else 7 if share < 0.9 else 10
