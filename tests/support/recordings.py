"""Recorded conversations, which are no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[3] / "shared" / "data"

VARIABLE = "RAPPORT_TEST_MEMORYBANK"
MEMORYBANK = Path(os.environ.get(VARIABLE, _BESIDE / "memorybank"))
XPERSONA_VARIABLE = "RAPPORT_TEST_XPERSONA"
XPERSONA = Path(os.environ.get(XPERSONA_VARIABLE, _BESIDE / "xpersona"))

needs_memorybank = pytest.mark.skipif(
    not MEMORYBANK.exists(),
    reason=f"the recorded conversations are not at {MEMORYBANK}; {VARIABLE} names another place",
)
needs_xpersona = pytest.mark.skipif(
    not XPERSONA.exists(),
    reason=f"the recorded dialogues are not at {XPERSONA}; {XPERSONA_VARIABLE} names another place",
)
