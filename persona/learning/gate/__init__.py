"""gate: the pure function that accepts or refuses each proposed update.

Every rule is a small function from a proposal and its context to a refusal or None. To add one,
write it in the file of its kind and put it in `RULES` (judge.py).
"""

from persona.learning.gate.context import Context, Tombstones
from persona.learning.gate.judge import RULES, judge
from persona.learning.gate.verdict import Accepted, Refusal, Refused

__all__ = ["RULES", "Accepted", "Context", "Refusal", "Refused", "Tombstones", "judge"]
