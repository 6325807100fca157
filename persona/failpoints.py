"""Named places in learning where a test kills the process, to see that nothing is lost.

In a bot that runs they do nothing.
"""

from __future__ import annotations

import os
import signal
from typing import Literal, get_args

Failpoint = Literal[
    "claim.before",
    "claim.leased",
    "claim.written",
    "claim.after",
    "access.after",
    "read.after",
    "ask.before",
    "ask.after",
    "judge.after",
    "commit.before",
    "commit.checked",
    "commit.items",
    "commit.version",
    "commit.finished",
    "commit.learned",
    "commit.written",
    "commit.after",
    "postpone.before",
    "postpone.written",
    "postpone.after",
]

FAILPOINTS: tuple[Failpoint, ...] = get_args(Failpoint)

_deadly = os.environ.get("RAPPORT_FAILPOINT")


def reach(name: Failpoint) -> None:
    """Die here if the environment variable RAPPORT_FAILPOINT says so."""
    if _deadly == name:
        os.kill(os.getpid(), signal.SIGKILL)
