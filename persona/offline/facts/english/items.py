"""Takes apart what follows "I like": "pottery, playing chess and street food" is three items."""

from __future__ import annotations

import re
from dataclasses import replace

from persona.offline.facts.english.names import Piece, is_name, is_noun, is_vague
from persona.offline.facts.english.pairs import together
from persona.offline.facts.english.verbs import from_infinitive
from persona.offline.facts.english.words import ACTIVITIES, PAIRS, PLAIN_VERBS, SHARING, STOPPERS

_REACH = 400
# "currently" may stand after the words that end the list: "so much lately".
_AFTERTHOUGHT = 12

# Where the list ends and something begins that leaves it true.
_END = re.compile(
    r"""
    \s(?:(?P<clause>because|cause|cuz|since|but|although|though|tho|which|while|so|until
        |when(?=\ i\ (?:can|have)\b|\ possible\b))
      |as(?<!well\ as)(?<!such\ as)(?!\ well\ as\b)
      |almost|way\ too|more|then|than|except|instead|better|besides
      |to\ (?:relax|unwind|death|calm|keep|stay)
      |an\ awful\ lot|alot|mostly|once|twice|(?:several|many|a\ few)\ times
      |a\ (?:lot|ton|bit)|lots|very\ much|too|the\ (?:most|best)|most\ of\ all
      |now\ and\ (?:then|again)|sometimes|from\ time\ to\ time|once\ in\ a\ while|on\ occasion
      |in\ general|in\ particular|for\ fun|above\ all|at\ the\ same\ time
      |(?:in|during|on|at)\ (?:my|the|their)\ (?:free|spare|leisure|weekends?|evenings?|mornings?
        |nights?|days?|off|past)
      |on\ (?:weekends?|sundays?|saturdays?|fridays?|holidays?)|at\ (?:night|home|work)
      |every\ (?:day|week|weekend|year|morning|evening|night|chance|time)
      |all\ (?:day|night|year|the\ time)|(?:most|some)\ days
      |(?<!\ time\ )(?<!\ out\ )with\ (?:my|our|his|her|their|the|a|an)
      |after\ (?:work|school|dinner)|before\ (?:bed|work|school)
    )\b(?!-)
    | \setc\b | \sand\ (?:so\ on|such|all|more|stuff|things)\b
    | \s(?:-|–|—)+\s | [:()\[\]{}!"](?=\s|$) | \s[(\[{<:;=/] | [^\x00-\u024f’\s] | \x00
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What makes the liking conditional, momentary or a comparison.
_UNSURE = re.compile(
    r"\b(?:if|unless|when(?! i (?:can|have)\b| possible\b)|whenever|whichever|less|today|tonight"
    r"|yesterday|lately|recently|currently|nowadays"
    r"|right now|now|at the moment|this (?:time|week|month|morning)|so far|these days"
    r"|any ?more|as long as|as a (?:kid|child)|like (?:that|this|these|those|it|them))\b",
    re.IGNORECASE,
)
_FOR_EXAMPLE = re.compile(
    r"[\s,]\s?(?:(?P<part>especially|particularly|mainly|mostly)|(?P<all>such as)"
    r"|like|including|for example|for instance|e\.g\.?|i\.e\.?|just like)(?:[\s,]|$)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r",\s{0,9}(?:(?:and|plus|as well as)\s|&\s?)?|\s(?:and|plus|as well as)\s|\s&\s",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?:some |various |all )?(?:(?:different |various )?(?:kinds|types|sorts|genres|forms) of "
    r"|a (?:wide )?(?:variety|range) of )?",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"\s(?:and|plus|or|&)$", re.IGNORECASE)
_WITH_MY = re.compile(r"(?<=\bwith )my ", re.IGNORECASE)
_EDGES = " \t,.'’"


def items(text: str, start: int, end: int) -> list[Piece]:
    """Return the things named in text[start:end], which follows a verb of liking.

    Nothing is returned when the liking is conditional or a matter of the moment; a list ends
    before the first part that is not plainly the name of something.
    """
    end = min(end, start + _REACH)
    infinitive = text[start : start + 3].lower() == "to "
    if infinitive:
        start += 3
    ending = _END.search(text, max(0, start - 1), end)
    stop = ending.start() if ending else end
    if _UNSURE.search(text, start, stop) or _is_limited_after(text, ending, end):
        return []
    example = _FOR_EXAMPLE.search(text, start, stop)
    if not example:
        return _list(text, start, stop, infinitive)
    heads = _list(text, start, example.start(), infinitive)
    named = _list(text, example.end(), stop, infinitive=False)
    if example["part"] and heads:
        return heads + named
    # "activities such as climbing": the examples say what the head does not.
    if example["all"] and is_vague(text[start : example.start()]):
        return named
    return heads


def _is_limited_after(text: str, ending: re.Match[str] | None, end: int) -> bool:
    if ending is None or ending["clause"]:
        return False
    return _UNSURE.search(text, ending.end(), min(end, ending.end() + _AFTERTHOUGHT)) is not None


def _list(text: str, start: int, end: int, infinitive: bool) -> list[Piece]:
    good: list[Piece] = []
    closed = False
    for piece in together(text, _pieces(text, start, end, infinitive)):
        if not is_name(piece) or piece.words[0] in PLAIN_VERBS:
            # "tea or coffee" leaves open which.
            if "or" in piece.words and piece.words[0] not in STOPPERS:
                return []
            closed = piece.joined and is_noun(piece)
            break
        good.append(_cleaned(piece))
    return good if closed else _closed(good)


def _cleaned(piece: Piece) -> Piece:
    value = " ".join(piece.value.split())
    if value.lower().startswith("the "):
        value = value[4:]
    return replace(piece, value=_WITH_MY.sub("", value))


def _pieces(text: str, start: int, end: int, infinitive: bool) -> list[Piece]:
    pieces: list[Piece] = []
    joined = False
    for separator in _SEPARATOR.finditer(text, start, end):
        if _is_pair(text, start, separator, end):
            continue
        pieces += _piece(text, start, separator.start(), joined)
        joined = separator[0].strip() != ","
        start = separator.end()
    pieces += _piece(text, start, end, joined)
    return _as_gerunds(pieces) if infinitive else pieces


def _is_pair(text: str, start: int, separator: re.Match[str], end: int) -> bool:
    before = text[start : separator.start()].rsplit(None, 1)
    after = text[separator.end() : min(end, separator.end() + 30)].split(None, 1)
    if not before or not after or "," in separator[0]:
        return False
    return (before[-1].lower(), after[0].lower().strip(_EDGES)) in PAIRS


def _piece(text: str, start: int, end: int, joined: bool) -> list[Piece]:
    part = text[start:end]
    start += len(part) - len(part.lstrip(_EDGES))
    if leading := _LEADING.match(text, start, end):
        start = leading.end()
    end = start + len(text[start:end].rstrip(_EDGES))
    if dangling := _DANGLING.search(text, max(start, end - 6), end):
        end = dangling.start()
    return [Piece(start, end, joined, text[start:end])] if start < end else []


def _as_gerunds(pieces: list[Piece]) -> list[Piece]:
    made: list[Piece] = []
    for piece in pieces:
        phrase = " ".join(piece.value.split()).removeprefix("to ")
        doing = from_infinitive(phrase)
        if doing:
            made.append(Piece(piece.start, piece.end, piece.joined, doing))
        elif made and (piece.words[-1] in ACTIVITIES or made[-1].words[0] in SHARING):
            made.append(piece)
        else:
            # "to look for frogs, newts and toads": the object goes on.
            if made and len(made[-1].words) > 1 and is_noun(piece):
                made.pop()
            break
    return made


def _closed(pieces: list[Piece]) -> list[Piece]:
    """Keep a list that an "and" closes, or whose parts are all short; else its first part.

    What follows a comma may as well be the next thought: "I love hiking, great weather".
    """
    if len(pieces) < 2 or any(piece.joined for piece in pieces):
        return pieces
    short = all(len(piece.words) <= 3 for piece in pieces)
    return pieces if len(pieces) >= 3 and short else pieces[:1]
