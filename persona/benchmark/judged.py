"""What the judge says of a life: first replies, the learned persona, pairs (paper, 4.4 and 5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from persona.benchmark.log import LoggedSession
from persona.benchmark.metrics.life import Lived, active
from persona.benchmark.roles import Judge
from persona.benchmark.schema import Query
from persona.benchmark.scores import Observation
from persona.benchmark.truth import truth

# The unit of what is measured once, when a life has ended.
END = "end"


@dataclass(frozen=True, slots=True)
class Judging:
    """A judge, and the queries of the dataset by scene."""

    judge: Judge
    queries: Mapping[str, Query]

    async def replies(self, life: Lived) -> list[Observation]:
        """Return helpfulness and personalization of the first reply of each session."""
        found: list[Observation] = []
        for session in life.sessions:
            scene = life.scene(session)
            now = truth(life.person, session.session)
            query = self.queries[scene.scene_id]
            helpful, personal = await self.judge.first_reply(
                life.person, now, scene, query, first_reply(session)
            )
            found.append(life.observe(session, scene.scene_id, "helpfulness", helpful))
            found.append(life.observe(session, scene.scene_id, "personalization", personal))
        return found

    async def similarity(self, life: Lived) -> list[Observation]:
        """Return how like the golden persona the learned one is at the end of a life.

        It is the mean of consistency and detail; the paper does not say how it combines them.
        """
        sessions = list(life.sessions)
        if not life.learns or not sessions:
            return []
        learned: dict[str, list[str]] = {}
        for held in active(sessions[-1]):
            learned.setdefault(held.slot, []).append(held.value)
        golden = truth(life.person, sessions[-1].session).usable
        consistency, detail = await self.judge.similarity(golden, learned)
        value = (consistency + detail) / 2
        return [life.observe(sessions[-1], END, "similarity", value)]

    async def pairs(self, life: Lived, golden: Mapping[str, str]) -> list[Observation]:
        """Return how the first replies do against those with the golden persona, by scene.

        Each pair is judged in both positions: 1 for a win, 0.5 for a tie, 0 for a loss.
        """
        found: list[Observation] = []
        for session in life.sessions:
            scene = life.scene(session)
            other = golden.get(scene.scene_id)
            if other is None:
                continue
            now = truth(life.person, session.session)
            about = (life.person, now, scene, self.queries[scene.scene_id])
            ours = first_reply(session)
            before = await self.judge.pair(*about, ours, other)
            after = await self.judge.pair(*about, other, ours)
            value = (_WON[before] + 1 - _WON[after]) / 2
            found.append(life.observe(session, scene.scene_id, "win_golden", value))
        return found


_WON = {"first": 1.0, "tie": 0.5, "second": 0.0}


def first_reply(session: LoggedSession) -> str:
    """Return the reply to the query of a session."""
    return next(turn.reply for turn in session.turns if turn.kind == "query")


def first_replies(sessions: Iterable[LoggedSession]) -> dict[str, str]:
    """Return the first replies of a life by scene."""
    return {session.scene_id: first_reply(session) for session in sessions}
