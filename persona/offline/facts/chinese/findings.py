"""What a person says about themselves in Chinese."""

from __future__ import annotations

from dataclasses import replace

from persona.offline.facts.chinese import identity, interests, styles
from persona.offline.facts.chinese.clauses import clauses
from persona.offline.facts.chinese.words import FOR_OTHERS, TO_SIMPLIFIED
from persona.offline.facts.finding import Finding
from persona.offline.facts.passage import Sentence


def simplified(text: str) -> str:
    """Return `text`, as long as before, in simplified characters."""
    return text.translate(TO_SIMPLIFIED)


def speaks_for_others(text: str) -> bool:
    """Return whether the simplified message holds words that need not be the person's own."""
    return FOR_OTHERS.search(text) is not None


def read(sentence: Sentence, original: str) -> list[Finding]:
    """Return what the simplified sentence states about the person who wrote it.

    Values are given in the script of the `original` message.
    """
    parts = clauses(sentence)
    if not parts:
        return []
    found = styles.read(parts, alone=sentence.alone) or [
        *identity.read(parts),
        *interests.read(parts),
    ]
    return [_in_own_script(finding, sentence.text, original) for finding in found]


def _in_own_script(finding: Finding, text: str, original: str) -> Finding:
    source, own = text[finding.start : finding.end], original[finding.start : finding.end]
    if source == own:
        return finding
    value = ""
    position = 0
    for sign in finding.value:
        place = source.find(sign, position)
        value += own[place] if place >= 0 else sign
        position = place + 1 if place >= 0 else position
    return replace(finding, value=value)
