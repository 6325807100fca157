"""Which scene comes in which session of a life (paper, 4.2).

Ten common and ten own scenes, of which three to five come back two to four times, at most 32
sessions: thirty and a half on average.
"""

from __future__ import annotations

import random

from persona.benchmark.schema import MOST_SESSIONS

OF_EACH_KIND = 10
SCENES = 2 * OF_EACH_KIND
_FEWEST_REPEATS, _MOST_REPEATS = 9, MOST_SESSIONS - SCENES


def lay_out(chance: random.Random) -> list[int]:
    """Return the number of the scene in each session; a scene's first session has it new."""
    sessions = list(range(SCENES))
    repeats = chance.randint(_FEWEST_REPEATS, _MOST_REPEATS)
    number = chance.choice([n for n in (3, 4, 5) if 2 * n <= repeats <= 4 * n])
    times = [2] * number
    for _ in range(repeats - 2 * number):
        times[chance.choice([place for place, time in enumerate(times) if time < 4])] += 1
    for scene, time in zip(chance.sample(range(SCENES), number), times, strict=True):
        for _ in range(time):
            sessions.insert(chance.randint(sessions.index(scene) + 1, len(sessions)), scene)
    return sessions
