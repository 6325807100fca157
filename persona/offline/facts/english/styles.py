"""How a person wants to be answered, as asked for in English."""

from __future__ import annotations

import re

from persona.offline.facts.finding import FORMATS, STYLES, WORKFLOWS, Finding
from persona.offline.facts.passage import Sentence

_ANSWERS = r"(?:answers|replies|responses|explanations)"
_MANNERS = (
    r"(?:short|brief|concise|succinct|long|longer|shorter|detailed|thorough|in-depth|formal"
    r"|informal"
    r"|casual|friendly|direct|straightforward|simple|plain|honest|blunt|humorous|funny|witty|polite"
    r"|technical|practical|structured|to-the-point|professional|precise|clear"
    r"|high-level|no-nonsense)"
)
_LIST_OF_MANNERS = (
    rf"(?:(?:very|more|really)\s)?{_MANNERS}(?:(?:,\s|\sand\s|,\sand\s|\sbut\s){_MANNERS}){{0,3}}"
)
_FORM = (
    r"(?:tables?|numbered\slists?|bulleted\slists?|lists|code\s(?:examples?|blocks|snippets)"
    r"|step[- ]by[- ]step(?:\s(?:instructions|explanations|answers|guides))?|markdown|examples"
    r"|diagrams|headings|worked\sexamples)"
)
_POINTS = r"(?:bullet\spoints|bullets|bullet\slists?)"
# What says that a wish holds from now on, and not for one answer.
_LASTING = re.compile(
    r"\b(?:always|from now on|in (?:the )?future|going forward|in general|generally|every time"
    r"|whenever you (?:answer|reply|respond)|when (?:you )?(?:answer|reply|respond)(?:ing)?"
    r"|(?:all )?your (?:answers|replies|responses|messages)|with me)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:this (?:time|once|one|task|question|answer|reply|message|essay|email|chat|topic|document"
    r"|text|article|report|story|problem|project|paper|post)|once|today|tonight|for now|right now"
    r"|now\b(?! on)|here|just (?:for )?(?:this|now)|at the moment|temporarily|if|unless|when I"
    r"|sometimes|for my|for the|of the|it)\b",
    re.IGNORECASE,
)
_PREFERS = re.compile(
    r"i\s+(?:really\s+|always\s+|generally\s+|usually\s+|much\s+|also\s+|do\s+|strongly\s+"
    r"|just\s+)?"
    r"(?:prefer|like|love|appreciate|enjoy)\s+(?:to\s+(?:get|receive|have|see|read)\s+)?"
    r"(?:it\s+when\s+you\s+(?:give|use)\s+(?:me\s+)?)?(?:(?<=prefer )your\s+)?",
    re.IGNORECASE,
)
_PREFERRED = re.compile(
    rf"(?:(?P<manner>{_LIST_OF_MANNERS}\s{_ANSWERS})"
    rf"|{_ANSWERS}\s(?:(?:that\sare|to\sbe|which\sare|kept)\s)?(?:in\sa\s)?"
    rf"(?:(?P<adjective>{_LIST_OF_MANNERS})(?:\stone|\sstyle)?|(?:in|as|with)\s(?:a\s)?"
    rf"(?:(?P<points>{_POINTS})|(?P<form>{_FORM})))"
    rf"|(?P<plain_form>step[- ]by[- ]step\s(?:instructions|explanations|answers|guides))"
    r"|(?P<bare_points>bullet\s(?:points|lists)))"
    r"(?=\s*(?:$|[,;:!()]|(?:and|but|with|without|over|because|rather|to|than|more|please|so)\b))",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"(?:to\s(?:get|see|have|hear|start\swith)\s)?(?:a|an|the)\s(?P<work>(?:plan|outline|summary"
    r"|overview|conclusion|big picture|short answer)\sfirst"
    r"(?:,?\s(?:and\s)?then\s(?:the\s)?(?:details?|steps|code|explanation|rest))?)",
    re.IGNORECASE,
)
_ANSWERING = (
    r"(?:answer|reply|respond|write|talk|explain(?: things)?)\s+(?:to me\s+|me\s+)?(?:always\s+)?"
)
_POLITELY = re.compile(
    r"(?:(?:please|pls|so|and|ok|okay|also|hi|hey|hello|from now on|in (?:the )?future"
    r"|going forward|can you|could you|i want you to|i need you to)[,\s]{1,9}){0,4}"
    r"(?:always\s+)?(?:please\s+)?",
    re.IGNORECASE,
)
# What is asked for after that; each names its value by a group.
_REQUESTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ANSWERING}(?:in|with|as|using)\s+(?:an?\s+)?(?:(?P<points>{_POINTS})|(?P<form>{_FORM})"
        rf"|(?P<tone>{_MANNERS})\s(?:tone|style|language|english|way|manner|{_ANSWERS}|sentences)"
        r"|(?P<english>plain english|simple words|simple terms))\b",
        rf"{_ANSWERING}(?P<adverb>briefly|concisely|succinctly|formally|informally|casually|directly"
        r"|simply|politely|step by step)\b",
        r"(?:be|stay|keep\s+(?:all\s+)?(?:your|the)\s+(?:answers|replies|responses|messages|tone)"
        r"|make\s+your\s+(?:answers|replies|responses))\s+(?:more\s+|very\s+)?"
        rf"(?P<adjective>{_MANNERS}(?:\sand\s{_MANNERS})?)(?:\s+with me)?\b",
        rf"(?:use|give me|include|add)\s+(?:(?P<points>{_POINTS})|(?P<form>{_FORM})"
        rf"|(?P<given>{_MANNERS}\s{_ANSWERS})|(?:an?\s+)?(?P<tone>{_MANNERS})\s(?:tone|language))\b",
        r"(?P<work>ask me (?:clarifying |a few )?questions (?:first"
        r"|before (?:you answer|answering)))\b",
        r"(?P<work>(?:start with|give me|show me) (?:a|an|the) (?:plan|outline|summary|overview"
        r"|conclusion) first(?:,? (?:and )?then (?:the )?details?)?)\b",
        r"(?P<work>(?:start|begin) with (?:a|an|the) (?:plan|outline|summary|overview|conclusion)"
        r"(?:,? (?:and )?then (?:the )?details?)?)\b",
        r"(?P<work>(?:plan|outline|summari[sz]e) first,? (?:and )?then (?:the )?details?)\b",
        r"(?P<work>(?:go |take it |work )?one step at a time)\b",
    )
)
_STANDING = re.compile(
    r"(?:answer|reply|respond|be|keep|make your|ask me|plan first|outline first)\b", re.IGNORECASE
)
_AFTER_REQUEST = re.compile(
    r"[\s,]*(?:please|from now on|in (?:the )?future|going forward|always"
    r"|when (?:you )?answer(?:ing)?"
    r"|(?:when(?:ever)?|if) you (?:answer|reply|respond)(?: me| to me)?|in (?:all )?your (?:answers"
    r"|replies|responses)|to me|with me|for me|thanks|thank you|in general|[,\s])*$",
    re.IGNORECASE,
)
_FROM_ADVERB = {
    "briefly": "brief answers",
    "concisely": "concise answers",
    "succinctly": "succinct answers",
    "formally": "formal",
    "informally": "informal",
    "casually": "casual",
    "directly": "direct answers",
    "simply": "simple language",
    "politely": "polite",
}
_FORM_GROUPS = ("form", "plain_form")


def read(text: str, start: int, end: int) -> list[Finding]:
    """Return the wish for answers that the statement "I prefer …" at `start` makes."""
    prefers = _PREFERS.match(text, start, end)
    if not prefers or _ONCE.search(text, prefers.end(), end):
        return []
    if first := _FIRST.match(text, prefers.end(), end):
        return [_finding(first, "work", start)]
    preferred = _PREFERRED.match(text, prefers.end(), end)
    return [_finding(preferred, preferred.lastgroup or "", start)] if preferred else []


def read_request(sentence: Sentence, end: int) -> list[Finding]:
    """Return the wish for answers that a sentence makes by asking: "Always answer briefly".

    A request that names no time counts only when it is about answering and all the message says;
    otherwise it may be about one answer.
    """
    text, start = sentence.text, sentence.start
    politely = _POLITELY.match(text, start, end)
    begin = politely.end() if politely else start
    asked = (pattern.match(text, begin, end) for pattern in _REQUESTS)
    request = next((match for match in asked if match), None)
    if request is None or not _AFTER_REQUEST.match(text, request.end(), end):
        return []
    lasting = _LASTING.search(text, start, end)
    standing = lasting or (sentence.alone and _STANDING.match(text, begin, end))
    if not standing or _ONCE.search(text, start, end):
        return []
    group = next(name for name, value in request.groupdict().items() if value)
    return [_finding(request, group, start)]


def _finding(match: re.Match[str], group: str, anchor: int) -> Finding:
    value = " ".join(match[group].lower().split())
    slot = STYLES
    if group == "work":
        slot = WORKFLOWS
    elif group in _FORM_GROUPS or value == "step by step":
        slot = FORMATS
    elif group == "adverb":
        value = _FROM_ADVERB[value]
    elif group == "adjective" and value in ("short", "brief", "concise", "long", "detailed"):
        value = f"{value} answers"
    elif group == "tone" and value in ("simple", "plain"):
        value = f"{value} language"
    return Finding(
        slot, value, *match.span(group), anchor, "They say how they want to be answered."
    )
