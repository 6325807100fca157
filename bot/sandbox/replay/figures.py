"""The figures a replay ends with: counted in the database, and in the simulated Discord."""

from __future__ import annotations

import json
from collections import Counter

from pydantic import BaseModel

from persona.store.database import Database


class Runs(BaseModel):
    """Learning runs by how they ended."""

    applied: int = 0
    empty: int = 0
    refused: int = 0
    parked: int = 0


class Figures(BaseModel):
    """What a replay came to. `refusals` counts the gate's codes, `runs` how learning runs ended."""

    people: int
    sessions: int
    messages_in: int
    replies: int
    duplicates: int
    sessions_learned: int
    sessions_learned_twice: int
    runs: Runs
    refusals: dict[str, int]
    items: int
    prompt_tokens: int
    completion_tokens: int
    errors: int


async def count(database: Database, *, said: int, duplicates: int, errors: int) -> Figures:
    """Return the figures of everything in `database`.

    `said` is how many messages were played. `duplicates` and `errors` are what was seen on the
    simulated Discord; messages without an answer and runs that never ended are added to the errors.
    """
    queries = database.queries
    async with database.read() as connection:
        counted = dict(await queries.count_conversations(connection))
        runs = {row["state"]: row["number"] async for row in queries.count_runs(connection)}
        refused = [json.loads(row["refusals"]) async for row in queries.list_refusals(connection)]
        twice = await queries.count_learned_twice(connection)
    unfinished = runs.pop("running", 0) + runs.pop("waiting", 0)
    errors += max(0, said - counted["replies"]) + unfinished
    return Figures(
        **counted,
        duplicates=duplicates,
        sessions_learned_twice=twice,
        runs=Runs(**runs),
        refusals=dict(sorted(sum(map(Counter, refused), Counter[str]()).items())),
        errors=errors,
    )
