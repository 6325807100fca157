"""Who is charged for a model's answer: the life under way, and the role it was asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from persona.benchmark.log import Cost


@dataclass(slots=True)
class Ledger:
    """Costs by role since they were last taken, and the keys of the answers that made them.

    `repetition` tells repeated lives apart.
    """

    repetition: int = 0
    costs: dict[str, Cost] = field(default_factory=dict)
    answers: list[bytes] = field(default_factory=list)

    def take(self) -> dict[str, Cost]:
        """Return the costs, by role in the order of their names, and begin anew."""
        taken, self.costs = dict(sorted(self.costs.items())), {}
        self.answers.clear()
        return taken


@dataclass(frozen=True, slots=True)
class _Account:
    ledger: Ledger
    role: str


_account: ContextVar[_Account | None] = ContextVar("account", default=None)


@contextlib.contextmanager
def charged(ledger: Ledger, role: str) -> Iterator[None]:
    """Charge `ledger` for what models are asked meanwhile, also in tasks begun meanwhile."""
    token = _account.set(_Account(ledger, role))
    try:
        yield
    finally:
        _account.reset(token)


def charge(prompt_tokens: int, completion_tokens: int, answer: bytes) -> None:
    """Note a call, and the key of its answer, where somebody is charged."""
    account = _account.get()
    if account is not None:
        cost = Cost(calls=1, prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)
        costs = account.ledger.costs
        costs[account.role] = costs.get(account.role, Cost()) + cost
        account.ledger.answers.append(answer)


def repetition() -> int:
    """Return the repetition of the life under way, 0 outside of any."""
    account = _account.get()
    return account.ledger.repetition if account is not None else 0


def role() -> str:
    """Return the role that is asked, "" where nobody is charged."""
    account = _account.get()
    return account.role if account is not None else ""
