"""Named places where a test kills the process that learns, corrects or erases: nothing is lost.

In a bot that runs they do nothing.
"""

from __future__ import annotations

import os
import signal
from typing import Literal, get_args

LearningFailpoint = Literal[
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

CorrectionFailpoint = Literal["correct.kept", "correct.written", "correct.after"]

ErasureFailpoint = Literal[
    "erase.before",
    "erase.locked",
    "erase.destroyed",
    "erase.purged",
    "erase.copies",
    "erase.deleted",
    "erase.committed",
    "erase.after",
]

LEARNING: tuple[LearningFailpoint, ...] = get_args(LearningFailpoint)
CORRECTION: tuple[CorrectionFailpoint, ...] = get_args(CorrectionFailpoint)
ERASURE: tuple[ErasureFailpoint, ...] = get_args(ErasureFailpoint)

_deadly = os.environ.get("RAPPORT_FAILPOINT")


def reach(name: LearningFailpoint | CorrectionFailpoint | ErasureFailpoint) -> None:
    """Die here if the environment variable RAPPORT_FAILPOINT says so."""
    if _deadly == name:
        os.kill(os.getpid(), signal.SIGKILL)
