"""What has been said in a session so far."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message of the simulated user, and the chatbot's reply."""

    said: str
    reply: str
