"""What a rule found in one message, before it is compared with what is known."""

from __future__ import annotations

from dataclasses import dataclass

NAME = "demographics.name"
AGE = "demographics.age"
GENDER = "demographics.gender"
NATIONALITY = "demographics.nationality"
LANGUAGES = "demographics.languages"
CAREER = "demographics.career"
INTERESTS = "personality.values_and_interests"
STYLES = "preference.styles"
FORMATS = "preference.formats"
WORKFLOWS = "preference.workflows"

LISTS = frozenset({LANGUAGES, INTERESTS, STYLES, FORMATS, WORKFLOWS})

# The letters of an MBTI type in order: for each, its slot and the choice it stands for.
_AXES = (
    ("extraversion_introversion", {"E": "extraversion", "I": "introversion"}),
    ("sensing_intuition", {"S": "sensing", "N": "intuition"}),
    ("thinking_feeling", {"T": "thinking", "F": "feeling"}),
    ("judging_perceiving", {"J": "judging", "P": "perceiving"}),
)

EXTRAVERSION = f"personality.{_AXES[0][0]}"


def words(text: str) -> frozenset[str]:
    """Return the whitespace-separated words of `text`."""
    return frozenset(text.split())


def lines(text: str) -> tuple[str, ...]:
    """Return the non-empty lines of `text`, stripped."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Finding:
    """A value a rule read from text[start:end], in a statement that begins at `anchor`.

    A negated finding says that the value (or one of `others`) does not hold, or no longer does.
    """

    slot: str
    value: str
    start: int
    end: int
    anchor: int
    why: str
    negated: bool = False
    others: tuple[str, ...] = ()


def type_findings(letters: str, start: int, anchor: int) -> list[Finding]:
    """Return the four choices that the MBTI type `letters`, found at `start`, stands for."""
    why = f"They say their MBTI type is {letters.upper()}."
    return [
        Finding(f"personality.{axis}", choices[letter], start, start + 4, anchor, why)
        for (axis, choices), letter in zip(_AXES, letters.upper(), strict=True)
    ]
