"""Verbs of the English rules: "to read" becomes "reading"."""

from __future__ import annotations

import re

from persona.offline.facts.finding import words

# "I like to V" names an interest only with a verb of doing; "I like to think that …" does not.
VERBS = words("""
    act bake bike blog bowl box brew build camp climb code collect compose cook crochet craft create
    cycle dance design dive draw drink drive eat exercise explore fish garden go golf grow hike
    hunt jog
    juggle kayak knit learn listen make meditate paint photograph play practice program read ride
    row run sail sculpt sew shop sing skate ski sketch sled snorkel snowboard study surf swim teach
    travel try visit volunteer walk watch work write
""")

# "work" is a job unless it is exercise, "try" and "go" depend on what follows.
_ONLY_WITH = {
    "work": words("out"),
    "try": words("new different"),
    "go": words(
        "hiking swimming fishing camping shopping skiing running dancing climbing cycling jogging "
        "surfing sailing hunting bowling kayaking skating snowboarding"
    ),
    "make": words("jewelry jewellery music crafts videos films movies clothes pottery bread"),
}

_VOWELS = "aeiou"
_DOUBLING = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
_IRREGULAR = {"ski": "skiing", "program": "programming"}


def gerund(verb: str) -> str:
    """Return the -ing form of a verb of the list."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e") and verb[-2] not in "eoy":
        return f"{verb[:-1]}ing"
    if _DOUBLING.fullmatch(verb):
        return f"{verb}{verb[-1]}ing"
    return f"{verb}ing"


def from_infinitive(phrase: str) -> str | None:
    """Return "read books" as "reading books"; None when it does not name something they do."""
    first, _, rest = phrase.partition(" ")
    verb = first.lower()
    if verb not in VERBS:
        return None
    following = rest.split(" ", 1)[0].lower()
    if verb in _ONLY_WITH and following not in _ONLY_WITH[verb]:
        return None
    if verb == "go":
        return rest
    return f"{gerund(verb)} {rest}".strip()
