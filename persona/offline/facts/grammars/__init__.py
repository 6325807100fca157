"""A table of patterns for each further language."""

from __future__ import annotations

from collections.abc import Mapping

from persona.offline.facts.grammar import Grammar
from persona.offline.facts.grammars import french, indonesian, italian, japanese, korean
from persona.offline.language import FRENCH, INDONESIAN, ITALIAN, JAPANESE, KOREAN

GRAMMARS: Mapping[str, Grammar] = {
    FRENCH: french.GRAMMAR,
    ITALIAN: italian.GRAMMAR,
    INDONESIAN: indonesian.GRAMMAR,
    JAPANESE: japanese.GRAMMAR,
    KOREAN: korean.GRAMMAR,
}
