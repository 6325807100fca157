"""Recognises the name a person gives themselves in English."""

from __future__ import annotations

import re

from persona.offline.facts.finding import words
from persona.offline.facts.places import COUNTRIES, NATIONALITIES

_LONGEST = 60

_ONE = r"[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]{1,20}(?:['’-][A-Z]?[a-z\u00df-\u00ff]{1,20})?"
_CAPITALISED = rf"(?P<name>{_ONE}(?:\s(?:(?:de|van|von|da|la|del|bin|al)\s)?{_ONE}){{0,2}})"
_ENDS = (
    r"(?=\s*(?:$|[,;:!()–—\x00]|-\s|(?:and|but|so|from|i|i['’]m|by|nice|pleased|what|how|or"
    r"|if you|now|please|a|an|glad|it)\b))"
)
_IS = re.compile(
    r"my\s+(?:first\s+|full\s+|real\s+)?name\s*(?:is|['’]?s)\s+(?:also\s+)?", re.IGNORECASE
)
_CAPITALISED_NAME = re.compile(_CAPITALISED + _ENDS)
# "my name is otto": without capitals, only where nothing can follow the name.
_PLAIN_NAME = re.compile(r"(?P<name>[a-z]{2,20})(?=\s*(?:$|[,;!()\x00]|and\si\b))")
_CALL = re.compile(
    r"(?i:(?:i\sthink\s)?(?:please\s|you\s(?:can|may)\s)?(?:also\s|just\s)?call\sme|(?:(?:my"
    r"|all\smy)\s)?(?:friends|people|everyone|everybody)"
    r"\s(?:just\s)?calls?\sme|i['’]m\scalled|i\sam\scalled|i\sgo\sby)\s+"
    rf"{_CAPITALISED}(?=\s*(?:$|[,;:!()–—\x00]|-\s|(?:and|but|so|please|for short|instead|now)\b))"
)
_BE = re.compile(
    r"(?i:i['’]m|i am)\s+"
    rf"(?P<name>{_ONE}(?:\s{_ONE})?)(?=\s*(?:$|[,;!(–—\x00]|-\s|and\s(?:i|i['’]m)\b|from\s))"
)
# "I'm Susan" needs an occasion to introduce oneself, so that "…, I'm Batman" is not one.
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings|yo)"
    r"(?:\s(?:there|all|everyone|everybody|friend|again))?\s*[,.!-]*\s*)?$",
    re.IGNORECASE,
)
_NOT_NAMES = words("""
    a an the not on in at of my your it its this that so very too also just really pretty quite
    rather
    back home here there sorry done ready sure ok okay fine good great well glad happy sad tired
    bored busy hungry sick alive alone lost stuck free late early new old young married single
    afraid scared worried nervous anxious excited confused curious serious angry mad upset proud
    interested into looking trying going working still always never usually currently now today
    tonight from about like crazy maybe later when if anytime whatever anything back-up tomorrow
    batman superman spiderman god jesus santa satan groot ironman robot human bot ai
    christian catholic muslim jewish buddhist hindu atheist protestant mormon
    gay lesbian straight bi bisexual trans queer asexual
    republican democrat liberal conservative communist socialist
    aries taurus gemini cancer leo virgo libra scorpio sagittarius capricorn aquarius pisces
    gen team type level common long short weird secret private unimportant irrelevant hard easy
    funny boring unusual unique strange important hidden different spelled pronounced written known
    black white asian latino latina hispanic arab african european vegan vegetarian autistic
    dyslexic
    male female man woman boy girl introvert extrovert only both all none one two first
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december christmas what who why how where which and but or
    none-of-your-business anonymous nobody someone somebody yours mine no yes off up down out over
    under available unavailable interested welcome quick slow hot cold warm ill awake asleep
    mom dad mother father student teacher doctor nurse engineer lawyer if
""") - {"leo", "cancer", "april", "june", "august", "christian", "gemini"}
_ORIGINS = frozenset(name.lower() for name in (*COUNTRIES, *NATIONALITIES)) - {"jordan", "chad"}
# These are names too, but not after "I'm".
_NOT_AFTER_BE = words("christian cancer gemini")
_NOT_ENDINGS = ("ful", "less", "ous", "able", "ible", "ish", "ive")


def name_after_is(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the name stands in "my name is …"."""
    stated = _IS.match(text, start, end)
    if not stated:
        return None
    name = _CAPITALISED_NAME.match(text, stated.end(), end) or _PLAIN_NAME.match(
        text, stated.end(), end
    )
    return name.span("name") if name and _may_be_name(name["name"]) else None


def name_after_call(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the name stands in "call me …" and "I'm called …"."""
    stated = _CALL.match(text, start, end)
    return stated.span("name") if stated and _may_be_name(stated["name"]) else None


def name_after_be(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the name stands in "Hi, I'm …": a greeting or nothing comes before."""
    stated = _BE.match(text, start, end)
    if not stated or not _GREETING.fullmatch(text[max(0, start - 40) : start].lstrip("\n")):
        return None
    name = stated["name"]
    doubtful = (
        name.lower() in _NOT_AFTER_BE
        or name.lower().endswith(_NOT_ENDINGS)
        or _ends_like_verb(name)
    )
    return stated.span("name") if _may_be_name(name) and not doubtful else None


def _ends_like_verb(name: str) -> bool:
    first = name.split(maxsplit=1)[0].lower()
    return len(first) > 5 and first.endswith(("ing", "ed"))


def _may_be_name(name: str) -> bool:
    parts = re.split(r"[\s'’-]", name.lower())
    return (
        len(name) <= _LONGEST
        and not _NOT_NAMES.intersection(parts)
        and name.lower() not in _ORIGINS
    )
