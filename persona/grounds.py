"""What an answer rests on, as its person may ask later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from persona.settings import Strategy

# Why nothing of the persona stood in the prompt; "" when something did.
Withheld = Literal["", "strategy", "consent", "public", "empty"]


@dataclass(frozen=True, slots=True)
class Grounds:
    """How an answer was personalized: by which strategy, and with which slots of the persona.

    `withheld` says why there were none: the strategy uses none, the person has not agreed, others
    read along, or nothing is known.
    """

    strategy: Strategy
    slots: tuple[str, ...] = ()
    withheld: Withheld = ""


NO_GROUNDS = Grounds("none", withheld="strategy")
