"""What a run may cost, in tokens and in money."""

from __future__ import annotations

from collections.abc import Mapping

from persona.benchmark.errors import BudgetReached
from persona.benchmark.settings import Price


class Spending:
    """Adds up what was asked of models, and says when it is enough."""

    def __init__(
        self,
        prices: Mapping[str, Price],
        *,
        most_tokens: int | None = None,
        most_money: float | None = None,
    ) -> None:
        self._prices = prices
        self._most_tokens = most_tokens
        self._most_money = most_money
        self.calls = 0
        self.kept = 0
        self.tokens = 0
        self.money = 0.0

    def add(self, model: str, prompt_tokens: int, completion_tokens: int) -> None:
        """Note a call that was paid for."""
        price = self._prices.get(model, Price())
        self.calls += 1
        self.tokens += prompt_tokens + completion_tokens
        self.money += price.of(prompt_tokens, completion_tokens)

    def check(self) -> None:
        """Raise `BudgetReached` when one of the limits is."""
        if self._most_tokens is not None and self.tokens >= self._most_tokens:
            raise BudgetReached(
                f"Stopped: {self.tokens:,} tokens were used so far, and --max-tokens allows "
                f"{self._most_tokens:,}. Run it again with more to go on."
            )
        if self._most_money is not None and self.money >= self._most_money:
            raise BudgetReached(
                f"Stopped: {self.money:.2f} was spent so far, and --max-cost allows "
                f"{self._most_money:.2f}. Run it again with more to go on."
            )
