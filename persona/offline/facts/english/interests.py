"""Lasting interests, as in "I like hiking", "my hobbies are …", and interests given up."""

from __future__ import annotations

import re

from persona.offline.facts.english.items import items
from persona.offline.facts.english.names import Piece, is_gerund
from persona.offline.facts.english.verbs import from_infinitive
from persona.offline.facts.english.words import ACTIVITIES, SHARED_HEADS
from persona.offline.facts.finding import INTERESTS, Finding, words

_ADVERBS = (
    r"(?:(?:really|also|do|just|quite|absolutely|truly|especially|particularly|mainly|mostly|still"
    r"|always|definitely|actually|personally|generally|honestly|totally|simply|genuinely|deeply"
    r"|certainly|very much|sure|both)\s+){0,3}"
)
_BE = r"(?:i['’]?m|i am)\s+"
_DEGREE = (
    r"(?:(?:really|very|quite|also|so|super|extremely|deeply|always|truly|most|especially|mainly"
    r"|particularly)\s+){0,2}"
)
_LIKES = re.compile(
    rf"""
      i\s+{_ADVERBS}(?P<verb>like|love|enjoy|adore|value)\s+(?:(?:love|really)\s+){{0,2}}
    | i(?:['’]?ve|\ have)\s+(?:always|long)\s+(?:really\s+)?(?:loved|enjoyed|liked|adored)\s+
    | {_BE}{_DEGREE}(?:into|passionate\ about|fond\ of|keen\ on|crazy\ about|enthusiastic\ about
        |a\ (?:(?:big|huge|great|massive|real)\ )?fan\ of)\s+
    | {_BE}{_DEGREE}(?P<interested>interested\ in)\s+
    | my\s+(?:(?:main|biggest|only|favou?rite|other|personal)\s+)?
        (?P<hobbies>hobby|hobbies|interests?|passions?|pastimes?)\s+
        (?:(?:and|&)\s+(?:hobbies|interests)\s+)?
        (?:also\s+)?(?:is|are|includes?)\s+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FAVOURITE = re.compile(
    r"my\s+(?:all[ -]time\s+)?favou?rite\s+(?P<what>[\w -]{2,40}?)\s+(?:is|are)\s+", re.IGNORECASE
)
# What a favourite may be of; "my favourite colour is red" would leave an interest in "red".
_CATEGORIES = words("""
    food foods dish dishes meal cuisine cuisines drink drinks snack snacks dessert desserts fruit
    fruits sport sports music genre genres band bands singer artist composer author writer hobby
    hobbies activity activities pastime pastimes subject subjects game games animal animals
    instrument instruments team exercise
""")
_KINDS = re.compile(r"(?:type|kind|genre|style)s? of (?:music|food|sport|exercise)")
_DISLIKES = re.compile(
    r"""i\s+(?:really\s+|just\s+|actually\s+)?(?:
        (?:don['’]?t|do\ not)\s+(?:really\s+|actually\s+|particularly\s+)?(?:like|enjoy)\s+
      | no\ longer\s+(?:really\s+)?(?:like|love|enjoy|care\ (?:for|about)|do|play)\s+
      | (?:have\s+)?stopped\s+(?:liking|loving|enjoying|playing)\s+
      | hate\s+|dislike\s+|can['’]?t\ stand\s+)
    | i['’]ve\s+stopped\s+(?:liking|enjoying)\s+
    | (?:i['’]?m|i\ am)\s+(?:not|no\ longer)\s+(?:really\s+)?
        (?:into|interested\ in|fond\ of|keen\ on|a\ fan\ of)\s+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DISLIKED = re.compile(r"[^,;:()\x00]{1,80}?(?=\s*(?:[,;:()\x00]|\b(?:and|but|or|because|so)\b|$))")
_AFTERWARDS = re.compile(
    r"\s+(?:any\s?more|any longer|at all|now|these days|much|very much|that much|lately"
    r"|either)\s*$",
    re.IGNORECASE,
)
# "I'm interested in" mostly asks about something on offer; of these it does not.
_FIELD_ENDINGS = ("ology", "onomy", "ography", "istry", "ophy", "mathematics", "physics")
# "My hobby is underrated" names no hobby; "my hobby is painting" does, "my team is losing" not.
_DESCRIBING = ("ed", "ic", "ive", "ary", "able")
_DOINGS = words("hobby hobbies activity activities pastime pastimes sport sports exercise")
_NO_LONGER = "They say they do not like it, or no longer do."


def read(text: str, start: int, end: int) -> list[Finding]:
    """Return the interests that the statement at `start` names, or takes back."""
    if disliked := _DISLIKES.match(text, start, end):
        return _taken_back(text, start, disliked.end(), end)
    if likes := _LIKES.match(text, start, end):
        named = _liked(text, likes, end)
        why = "They say they like it."
    elif favourite := _FAVOURITE.match(text, start, end):
        named = _favourites(text, favourite, end)
        why = f"They call it their favourite {favourite['what'].lower()}."
    else:
        return []
    return [Finding(INTERESTS, piece.value, piece.start, piece.end, start, why) for piece in named]


def _liked(text: str, likes: re.Match[str], end: int) -> list[Piece]:
    named = items(text, likes.end(), end)
    if likes["interested"]:
        return [piece for piece in named if _is_field(piece)]
    return [] if likes["hobbies"] and _describes(named) else named


def _favourites(text: str, favourite: re.Match[str], end: int) -> list[Piece]:
    kind = favourite["what"].lower()
    category = kind.split()[-1]
    if category not in _CATEGORIES and not _KINDS.fullmatch(kind):
        return []
    named = items(text, favourite.end(), end)
    losing = bool(named) and is_gerund(named[0].words[0]) and category not in _DOINGS
    return [] if losing or _describes(named) else named


def _is_field(piece: Piece) -> bool:
    last = piece.words[-1]
    return last in ACTIVITIES or last in SHARED_HEADS or last.endswith(_FIELD_ENDINGS)


def _describes(named: list[Piece]) -> bool:
    if len(named) != 1 or len(named[0].words) != 1:
        return False
    only = named[0].words[0]
    return only.endswith(_DESCRIBING) and only not in ACTIVITIES


def _taken_back(text: str, anchor: int, start: int, end: int) -> list[Finding]:
    named = _DISLIKED.match(text, start, end)
    phrase = named[0] if named else ""
    while after := _AFTERWARDS.search(phrase):
        phrase = phrase[: after.start()]
    value = " ".join(phrase.split()).removeprefix("the ")
    if not value:
        return []
    doing = from_infinitive(value.removeprefix("to "))
    # "I no longer play chess": what is known may be the game or the playing of it.
    others = (f"playing {value}", *([doing] if doing else ()))
    stop = start + len(phrase)
    return [Finding(INTERESTS, value, start, stop, anchor, _NO_LONGER, negated=True, others=others)]
