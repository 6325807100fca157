"""Introversion and MBTI types, as people state them in English."""

from __future__ import annotations

import re

from persona.offline.facts.finding import EXTRAVERSION, Finding, type_findings

_ENDS = r"(?=\s*(?:$|[,;.:!()\-–—\x00]|(?:and|but|so|by nature|at heart|because|who|too|myself)\b))"
_ADVERBS = (
    r"(?:(?:definitely|really|very|quite|pretty|rather|truly|totally|naturally|also|more of"
    r"|more|mostly|just|always|such|extremely|highly|an?)\s+){0,3}"
)
_TYPE = re.compile(
    r"(?:(?:i['’]?m|i am)\s+(?:an?\s+|definitely\s+|also\s+){0,2}"
    r"|my\s+(?:mbti|personality|mbti personality|myers[- ]briggs)(?:\s+type)?\s+(?:is"
    r"|=)\s+(?:an?\s+)?)"
    rf"(?P<type>[ei][ns][tf][jp])(?:-[at])?(?:\s+type|\s+personality)?{_ENDS}",
    re.IGNORECASE,
)
_NATURE = re.compile(
    rf"(?:i['’]?m|i am|i['’]ve always been|i have always been)\s+{_ADVERBS}"
    r"(?P<trait>(?P<in>introvert(?:ed)?)|extrovert(?:ed)?|extravert(?:ed)?)"
    rf"(?:\s+(?:person|type|guy|girl|kind of person)|\s+and\s+\w+\s+person)?{_ENDS}",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"sometimes|both|depends|used to|extrovert.*introvert|introvert.*extrovert|ambi", re.IGNORECASE
)


def read(text: str, start: int, end: int) -> list[Finding]:
    """Return the sides of their personality that the statement at `start` names."""
    if stated := _TYPE.match(text, start, end):
        return type_findings(stated["type"], stated.start("type"), start)
    stated = _NATURE.match(text, start, end)
    if not stated or _NOT_ONLY.search(text, start, end):
        return []
    inward = stated["in"] is not None
    return [
        Finding(
            EXTRAVERSION,
            "introversion" if inward else "extraversion",
            stated.start("trait"),
            stated.end("trait"),
            start,
            f"They describe themselves as {'introverted' if inward else 'extraverted'}.",
        )
    ]
