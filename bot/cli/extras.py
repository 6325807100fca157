"""Optional parts, and what to install for them."""

from __future__ import annotations

from importlib.util import find_spec

from persona.errors import RapportError


def require_sandbox() -> None:
    """Raise a sentence saying what to install when SimCord is not there."""
    if find_spec("simcord") is None:
        raise RapportError(
            "This needs a simulated Discord: install requirements/try.txt of Rapport's folder."
        )
