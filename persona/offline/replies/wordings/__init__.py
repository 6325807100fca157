"""A table of sentences for each further language."""

from __future__ import annotations

from collections.abc import Mapping

from persona.offline.language import FRENCH, INDONESIAN, ITALIAN, JAPANESE, KOREAN
from persona.offline.replies.wording import Wording
from persona.offline.replies.wordings import french, indonesian, italian, japanese, korean

WORDINGS: Mapping[str, Wording] = {
    FRENCH: french.WORDING,
    ITALIAN: italian.WORDING,
    INDONESIAN: indonesian.WORDING,
    JAPANESE: japanese.WORDING,
    KOREAN: korean.WORDING,
}
