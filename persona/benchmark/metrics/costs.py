"""What running the bot costs: its replies and its learning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from persona.benchmark.log import Cost
from persona.benchmark.metrics.life import Lived
from persona.benchmark.scores import Observation
from persona.benchmark.settings import Price

# The simulated user and the simulated functions are the benchmark's own, not the bot's.
ROLES = ("chat", "optimizer")


def measure(life: Lived, prices: Mapping[str, Price]) -> Iterator[Observation]:
    """Yield calls, prompt_tokens and completion_tokens of each session, and money if priced.

    `prices` are by the chat model's name without its endpoint; the bot learns with the model that
    it replies with.
    """
    price = prices.get(life.header.model.rpartition("/")[2])
    for session in life.sessions:
        cost = sum((session.costs.get(role, Cost()) for role in ROLES), Cost())
        for metric in ("calls", "prompt_tokens", "completion_tokens"):
            yield life.observe(session, session.scene_id, metric, getattr(cost, metric))
        if price is not None:
            yield life.observe(session, session.scene_id, "money", _money(price, cost))


def _money(price: Price, cost: Cost) -> float:
    return price.of(cost.prompt_tokens, cost.completion_tokens)
