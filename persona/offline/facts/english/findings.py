"""What a person says about themselves in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from persona.offline.facts.english import identity, interests, styles, traits
from persona.offline.facts.finding import Finding
from persona.offline.facts.passage import Sentence

# The message hands over a text to work on, or plays a part: its "I" may be anyone.
_FOR_OTHERS = re.compile(
    r"\b(?:translat(?:e|ion|ing)|rephrase|paraphrase|proofread|rewrite|reword|grammar"
    r"|(?:correct|fix|check|improve|edit) (?:this|my|the) (?:\w+ )?(?:text|sentences?|english"
    r"|essay|paragraph|bio|draft|email|letter|writing)"
    r"|pretend(?:ing)?|role-? ?play(?:ing)?|imagine|act(?:ing)? (?:as|like)|in character"
    r"|you are now|your persona|cover letter|short story|write (?:me )?(?:a|an|the|my) \w+)\b",
    re.IGNORECASE,
)
# After one of these, what follows in the sentence is not stated plainly, or not by them.
_HEDGE = re.compile(
    r"\b(?:if|unless|whether|when|whenever|suppos(?:e|ing)|wish|would|might|maybe|perhaps|probably"
    r"|sa(?:id|ys?|ying)|tells?|told|asks?|asked|asking|claims?|thinks|thought|believes?|writes?"
    r"|wrote|quotes?|lyrics|titled|named|for example|for instance|example|story|novel|character"
    r"|dreams?|dreamed|dreamt|used to|growing up|back then|back in|in the past|years ago|as a child"
    r"|as a kid|once upon|before|until|today|lately|recently|right now|this (?:week|month|time)"
    r"|at the moment|not that|doubt|assum(?:e|ing)|don't know|not sure|unsure|wonder|"
    r"joking|kidding|sarcasm)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"(?<![\w'’-])(?:i(?=['’ \t])|i'?m(?=\s)|im(?=\s)|my(?=\s)|(?:please\s|you\scan\s)?call\sme\b"
    r"|(?:(?:my|all my)\s)?(?:friends|people|everyone|everybody)\s(?:just\s)?calls?\sme\b)",
    re.IGNORECASE,
)
# Words that may open a statement, before "I" and after the last comma.
_OPENING = re.compile(
    r"(?:^|[,;\-–—(])\s*(?:(?:and|but|so|because|cause|plus|also|well|yes|yeah|yep|no|nope|ok|okay"
    r"|hi|hello|hey|haha|lol|oh|um|hmm|hm|ah|actually|honestly|personally|besides|though|although"
    r"|too|there|friend|of course|sure|btw|by the way|in general|in my free time|me|please|you can"
    r"|just|as for me|for me|from now on|in my spare time|good|great|nice|cool|thanks|right|indeed"
    r"|true|same|sorry|dear)"
    r"[\s!.]*){0,4}$",
    re.IGNORECASE,
)
# "… and I love hiking" after a statement without a comma.
_JOINT = re.compile(r"\s(?:and|but|so|because|cause|also)\s+(?:also\s+)?$", re.IGNORECASE)
_LOOK_BACK = 60
# Bounds for texts that nobody writes about themselves.
_MOST_STATEMENTS = 40
_REACH = 500
# "…, how about you?" asks only for an answer in kind.
_ASKING_TAIL = re.compile(
    r"\s{0,9}(?:,|\s-)\s{0,9}(?:(?:and|but|so)\s)?(?:(?:do|does|did|are|can|could|would|will|have|has"
    r"|what|what['’]s|whats|how|who|where|when|which|why|any)\s[^,]{0,200}"
    r"|(?:and\s)?(?:you|u|yourself)|hbu|wbu)\s{0,9}$"
    r"|\s(?:and\s)?(?:how|what)\sabout\s(?:you|u|yours|yourself)\s{0,9}$|\sand\s(?:you|u)\s{0,9}$",
    re.IGNORECASE,
)
_QUESTION_OPENING = re.compile(
    r"(?:and |but |so |well,? |ok(?:ay)?,? )?(?:do|does|did|are|am|is|was|can|could|would|will|have"
    r"|has|should|may|what|how|who|where|when|which|why|shall)\b",
    re.IGNORECASE,
)

_READERS = (
    styles.read,
    identity.read,
    traits.read,
    interests.read,
)


def speaks_for_others(text: str) -> bool:
    """Return whether the masked message holds words that need not be the person's own."""
    return _FOR_OTHERS.search(text) is not None


def read(sentence: Sentence) -> list[Finding]:
    """Return what the sentence states about the person who wrote it."""
    end = _declared(sentence)
    if end <= sentence.start:
        return []
    requests = styles.read_request(sentence, end)
    if requests:
        return requests
    found: list[Finding] = []
    for start in islice(_statements(sentence, end), _MOST_STATEMENTS):
        for reader in _READERS:
            read_here = reader(sentence.text, start, min(end, start + _REACH))
            found += read_here
            if read_here:
                break
    return found


def _declared(sentence: Sentence) -> int:
    """Where the part of the sentence ends that states something."""
    if not sentence.question:
        return sentence.end
    if _QUESTION_OPENING.match(sentence.text, sentence.start, sentence.end):
        return sentence.start
    tail = _ASKING_TAIL.search(sentence.text, sentence.start, sentence.end)
    return tail.start() if tail else sentence.start


def _statements(sentence: Sentence, end: int) -> Iterator[int]:
    text, start = sentence.text, sentence.start
    hedge = _HEDGE.search(text, start, end)
    last = hedge.start() if hedge else end
    for statement in _STATEMENT.finditer(text, start, end):
        if statement.start() > last:
            return
        before = text[max(start, statement.start() - _LOOK_BACK) : statement.start()]
        if statement.start() == start or _OPENING.search(before) or _JOINT.search(before):
            yield statement.start()
