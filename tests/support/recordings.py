"""Recorded conversations, which are no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "RAPPORT_TEST_MEMORYBANK"
MEMORYBANK = Path(
    os.environ.get(VARIABLE, Path(__file__).parents[3] / "shared" / "data" / "memorybank")
)

needs_memorybank = pytest.mark.skipif(
    not MEMORYBANK.exists(),
    reason=f"the recorded conversations are not at {MEMORYBANK}; {VARIABLE} names another place",
)
