"""The settings a run compares: the paper's (section 5.1), any other k, and the controls.

A setting's name says what it is: none, golden, retrieval, full_history, persona-k3,
persona-k3-ask, control-shuffled, control-no-learning, control-silent, control-silent-none.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from persona.errors import SettingsError
from persona.settings import Inferred, Strategy

# The paper's settings, and `ask` beside `use` for what nobody stated.
DEFAULT_SETTINGS = (
    "none",
    "golden",
    "retrieval",
    "full_history",
    "persona-k1",
    "persona-k3",
    "persona-k5",
    "persona-k3-ask",
)

CONTROLS = ("control-shuffled", "control-no-learning", "control-silent", "control-silent-none")

# The paper's Table 1 did best with it.
_CONTROL_EVERY = 3

_PERSONA = re.compile(r"persona-k([1-9]\d?)(-ask)?")

Golden = Literal["own", "shuffled"]


@dataclass(frozen=True, slots=True)
class Setting:
    """How replies are personalized in a life, and what of its surroundings is a control.

    `every` is the paper's k, None where nothing is learned. `golden` says whose truth is handed
    in. Without `learner` the optimizer proposes nothing; without `reveals` the simulated user
    never tells anything of themselves.
    """

    name: str
    strategy: Strategy
    every: int | None = None
    inferred: Inferred = "use"
    golden: Golden | None = None
    learner: bool = True
    reveals: bool = True

    @property
    def is_control(self) -> bool:
        """Whether it is there to test the machinery, not to be compared."""
        return self.name in CONTROLS


_FIXED = {
    "none": Setting("none", "none"),
    "golden": Setting("golden", "golden", golden="own"),
    "retrieval": Setting("retrieval", "retrieval"),
    "full_history": Setting("full_history", "full_history"),
    "control-shuffled": Setting("control-shuffled", "golden", golden="shuffled"),
    "control-no-learning": Setting(
        "control-no-learning", "persona", every=_CONTROL_EVERY, learner=False
    ),
    "control-silent": Setting("control-silent", "persona", every=_CONTROL_EVERY, reveals=False),
    "control-silent-none": Setting("control-silent-none", "none", reveals=False),
}


def setting(name: str) -> Setting:
    """Return the setting of that name. Raises `SettingsError` naming those there are."""
    if name in _FIXED:
        return _FIXED[name]
    found = _PERSONA.fullmatch(name)
    if found is None or int(found[1]) > 50:
        raise SettingsError(
            f"There is no setting {name!r}. Settings: {', '.join(_FIXED)}, and persona-kN or "
            "persona-kN-ask with N from 1 to 50."
        )
    return Setting(
        name, "persona", every=int(found[1]), inferred="ask" if found[2] is not None else "use"
    )


def in_order(names: Set[str]) -> tuple[str, ...]:
    """Return settings in the order of the tables, whenever each was added to a run.

    Raises `SettingsError` for a name that is none.
    """
    first = ("none", "golden", "retrieval", "full_history")
    known = {name: setting(name) for name in names}

    def place(name: str) -> tuple[bool, int, int, bool]:
        rank = first.index(name) if name in first else len(first)
        number = CONTROLS.index(name) if name in CONTROLS else known[name].every or 0
        return name in CONTROLS, rank, number, known[name].inferred == "ask"

    return tuple(sorted(known, key=place))
