"""Colours, markers and type of the figures: the same setting looks the same everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

# Each colour on a light page and on a dark one, by the name of its CSS variable. Learning is blue,
# golden orange and no persona green, as in the paper's Figure 3.
PALETTE: dict[str, tuple[str, str]] = {
    "paper": ("#fffffe", "#171b21"),
    "ink": ("#1c2127", "#e8eaed"),
    "muted": ("#5a636e", "#a3adb8"),
    "grid": ("#e1e5ea", "#2e353e"),
    "s-none": ("#2e8b57", "#5fc48a"),
    "s-golden": ("#d9780f", "#f2a34a"),
    "s-k1": ("#5aa9e6", "#9bd0fa"),
    "s-k3": ("#1f63b5", "#5b9df0"),
    "s-k5": ("#173a6b", "#dce4ff"),
    "s-ask": ("#0f8b8d", "#4dd0cf"),
    "s-retrieval": ("#7d4fa8", "#bb93e3"),
    "s-history": ("#b8456b", "#ee86a9"),
    "s-other": ("#6b6459", "#c2b8a8"),
}


def light(name: str) -> str:
    """Return the colour of that name on a light page."""
    return PALETTE[name][0]


@dataclass(frozen=True, slots=True)
class Look:
    """How a setting is drawn; `line` and `marker` tell settings apart without colour."""

    colour: str
    line: Literal["-", "--", "-.", ":"] = "-"
    marker: str = "o"


_LOOKS = {
    "none": Look("s-none", "-", "s"),
    "golden": Look("s-golden", "-", "D"),
    "retrieval": Look("s-retrieval", "-.", "v"),
    "full_history": Look("s-history", "-.", "P"),
    "persona-k1": Look("s-k1", "-", "^"),
    "persona-k3": Look("s-k3", "-", "o"),
    "persona-k5": Look("s-k5", "-", "X"),
    "persona-k3-ask": Look("s-ask", "--", "o"),
}
_ASKING = re.compile(r"persona-k\d+-ask")


def look(setting: str) -> Look:
    """Return how a setting is drawn, settings that have no look of their own included."""
    if setting in _LOOKS:
        return _LOOKS[setting]
    return Look("s-ask", ":", "h") if _ASKING.fullmatch(setting) else Look("s-other", ":", "h")


# Set over matplotlib's own defaults, not the operator's: the same scores give the same bytes.
PARAMETERS: dict[str, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "rapport",
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": light("ink"),
    "axes.labelcolor": light("muted"),
    "axes.edgecolor": light("grid"),
    "axes.facecolor": light("paper"),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": light("grid"),
    "grid.linewidth": 0.8,
    "text.color": light("ink"),
    "xtick.color": light("grid"),
    "ytick.color": light("grid"),
    "xtick.labelcolor": light("muted"),
    "ytick.labelcolor": light("muted"),
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "lines.linewidth": 1.9,
    "lines.solid_capstyle": "round",
    "figure.constrained_layout.w_pad": 0.09,
    "figure.constrained_layout.h_pad": 0.07,
    "figure.facecolor": light("paper"),
    "savefig.facecolor": light("paper"),
}
