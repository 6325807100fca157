"""Whose fact it is: what is said of others is nothing about the person (memory-systems 5.3)."""

from __future__ import annotations

from persona.learning.gate.context import Context, Said
from persona.learning.gate.lexicon import has, pattern
from persona.learning.gate.sentences import clauses
from persona.learning.gate.support import position
from persona.learning.gate.verdict import Refusal
from persona.learning.proposal import Proposal
from persona.normalise import normalise


def third_party(proposal: Proposal, context: Context) -> Refusal | None:
    """The subject of the clause is somebody else; a clause without one has that before it."""
    value = context.value(proposal)

    def speaks_of_others(said: Said, quote: str) -> bool:
        verdicts: list[bool] = []
        for sentence in clauses(said.own, quote):
            others = False
            for clause, touched in sentence:
                start = position(value, clause)
                others = _others(clause, start, start + len(normalise(value)), others)
                if touched and start < len(clause):
                    verdicts = [others]
                    break
                if touched:
                    verdicts.append(others)
        return bool(verdicts) and all(verdicts)

    if not context.is_forgetting(proposal) and context.all_cited(proposal, speaks_of_others):
        return Refusal("third_party", "What is quoted speaks of somebody else.")
    return None


def _others(clause: str, start: int, end: int, before: bool) -> bool:
    """Whether a clause with the value from `start` to `end` is about somebody else.

    One without a subject has that `before` it. "My sister" begins with somebody else, and "her dad
    is Norwegian and corrects my knots" is not about the speaker either. Relatives count only before
    the value: "gardening with the kids" is the speaker's.
    """
    verbs = [match.span() for match in pattern("third_party").finditer(clause)]
    if any(first <= start < last for first, last in verbs):
        return True
    relatives = [match.span() for match in pattern("relatives").finditer(clause)]
    subjects = verbs + [span for span in relatives if span[0] < start]
    if not subjects:
        return before and not has(clause, "self_words")
    # What the speaker is before does not help: "I live with my dad, who is a nurse".
    begin = max((last for first, last in verbs if first < start), default=0)
    spoken = clause
    for first, last in subjects:
        spoken = spoken[:first] + " " * (last - first) + spoken[last:]
    if min(subjects)[0] < start:
        spoken = spoken[begin:end]
    return not has(spoken, "self_words")
