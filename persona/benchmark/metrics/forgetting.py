"""Whether what was to be forgotten is neither held nor used any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from persona.benchmark.log import LoggedSession
from persona.benchmark.metrics.life import Lived
from persona.benchmark.schema import Event
from persona.benchmark.scores import Observation
from persona.benchmark.truth import truth
from persona.normalise import bare, normalise


def measure(life: Lived) -> Iterator[Observation]:
    """Yield forgetting after each session from a wish to forget on: 1 if it is obeyed, else 0.

    Every setting is measured: a reply can use what a transcript still tells. A value is held if
    its slot holds it, active or pending, or holds another value with it inside that is not true of
    the person. It is used if a reply says it in a scene that needs its slot; elsewhere the word
    may have come up by itself. The reply to the wish itself may name what it is about.
    """
    for event in life.person.events:
        if event.kind != "forget" or event.before is None:
            continue
        for session in life.sessions:
            if session.session >= event.session:
                obeyed = not (
                    _is_held(life, session, event.slot, event.before)
                    or _is_used(life, session, event, event.before)
                )
                unit = f"{session.scene_id}/{event.slot}"
                yield life.observe(session, unit, "forgetting", float(obeyed))


def _is_held(life: Lived, session: LoggedSession, slot: str, value: str) -> bool:
    others = map(bare, truth(life.person, session.session).usable.get(slot, ()))
    allowed = set(others) - {bare(value)}
    return any(
        bare(held.value) == bare(value)
        or (bare(held.value) not in allowed and says(held.value, value))
        for held in session.persona
        if held.slot == slot
    )


def _is_used(life: Lived, session: LoggedSession, event: Event, value: str) -> bool:
    needed = any(need.slot == event.slot for need in life.scene(session).needs)
    return needed and any(
        says(turn.reply, value) for turn in session.turns if turn.kind != "forget"
    )


def says(text: str, value: str) -> bool:
    """Return whether `text` has `value` in it, as whole words where words stand apart."""
    said, wanted = normalise(text), normalise(value)
    return any(
        not _joined(said[: match.start()], wanted) and not _joined(wanted, said[match.end() :])
        for match in re.finditer(re.escape(wanted), said)
    )


def _joined(one: str, other: str) -> bool:
    return bool(one and other) and _is_spaced(one[-1]) and _is_spaced(other[0])


def _is_spaced(character: str) -> bool:
    """Scripts with capitals put spaces between words; the others join words, or particles."""
    return character.isdigit() or character.lower() != character.upper()
