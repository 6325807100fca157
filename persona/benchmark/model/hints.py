"""Hints: one-line profiles of people, grown from hand-written seeds as in self-instruct (4.2)."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

from pydantic import Field

from persona.benchmark.asking import Answer, ask, prompt
from persona.benchmark.schema import Dropped, Hint, Seed
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.normalise import normalise

# Hints asked for at once: more and they grow alike.
AT_ONCE = 5
# Above this share of common letters a hint counts as one there is already.
_ALIKE = 0.8
_LONGEST = 400

PROMPTS: dict[str, str] = {
    "grow_hints": """\
You invent people, one line each: who somebody is, what they do, and one or two things that make \
them unlike others. The data shows lines that exist already. Write as many new ones as are wanted, \
in the language given by its ISO 639 code, each with the region the person lives in.
- Be as different from the examples, and from each other, as real people are: in age, work or the \
lack of it, means, family, place, temper, health and tastes. Most are neither young nor in \
technology.
- Plausible and particular, with rough edges; no heroes, no celebrities, nobody who exists.
- No name, and nothing a decent person would not want said of them in public.
- One line is at most 200 characters.""",
}


class HintDraft(Answer):
    """One person in a line."""

    region: str = Field(description="country, or a part of it")
    line: str


class HintDrafts(Answer):
    """New people."""

    hints: list[HintDraft]


async def grow_hints(
    models: Models,
    seeds: Sequence[Seed],
    n: int,
    random: Random,
    *,
    dropped: list[Dropped] | None = None,
) -> list[Hint]:
    """Return `n` new hints, as many in each language of the `seeds`.

    Each request shows 3 to 5 seeds and hints drawn by `random`. What is too much like another is
    noted in `dropped`, as are answers that did not fit. Raises `InvalidAnswer` when the generator
    does not come up with enough, and what `Models.complete` raises.
    """
    languages = tuple(dict.fromkeys(seed.language for seed in seeds))
    hints: list[Hint] = []
    for attempt in range(2 * n + 5):
        if len(hints) >= n:
            break
        had = Counter(hint.language for hint in hints)
        language = min(languages, key=lambda each: had[each])
        shown = _exemplars(seeds, hints, language, random)
        told = prompt(
            PROMPTS["grow_hints"],
            {
                "language": language,
                "wanted": min(AT_ONCE, n - len(hints)),
                # Without it, an answer that was kept for the same examples would come again.
                "request": attempt + 1,
                "examples": [{"region": each.region, "line": each.line} for each in shown],
            },
        )
        try:
            found = await ask(models, "generator", told, HintDrafts, check=_are_lines)
        except InvalidAnswer as error:
            _drop(dropped, f"request-{attempt + 1}", "invalid", str(error))
            continue
        for draft in found.hints[: n - len(hints)]:
            hint = Hint(
                hint_id=f"hint-{len(hints) + 1:04d}",
                language=language,
                region=draft.region.strip(),
                line=draft.line.strip(),
                grown_from=tuple(map(_id, shown)),
            )
            if _is_known(hint.line, (*seeds, *hints)):
                _drop(dropped, f"request-{attempt + 1}", "duplicate", hint.line)
            else:
                hints.append(hint)
    if len(hints) < n:
        raise InvalidAnswer(f"The generator repeats itself: it wrote {len(hints)} of {n} hints.")
    return hints


def _exemplars(
    seeds: Sequence[Seed], hints: Sequence[Hint], language: str, random: Random
) -> list[Seed | Hint]:
    """Most examples are written by hand, so that what is grown does not drift away from them."""
    own = [seed for seed in seeds if seed.language == language]
    grown = [hint for hint in hints if hint.language == language]
    wanted = random.randint(3, 5)
    shown: list[Seed | Hint] = []
    if grown:
        shown += random.sample(grown, min(2, len(grown)))
    shown += random.sample(own, min(wanted - len(shown), len(own)))
    others = [seed for seed in seeds if seed.language != language]
    shown += random.sample(others, min(max(3 - len(shown), 0), len(others)))
    return shown


def _id(shown: Seed | Hint) -> str:
    return shown.seed_id if isinstance(shown, Seed) else shown.hint_id


def _are_lines(drafts: HintDrafts) -> None:
    for draft in drafts.hints:
        for text in (draft.region, draft.line):
            if not 0 < len(text.strip()) <= _LONGEST or "\n" in text.strip():
                raise InvalidAnswer(f"Each text is one line of at most {_LONGEST} characters.")


def _is_known(line: str, others: Iterable[Seed | Hint]) -> bool:
    # The second text is the one that a matcher remembers.
    matcher = difflib.SequenceMatcher(b=normalise(line), autojunk=False)
    for other in others:
        matcher.set_seq1(normalise(other.line))
        if matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE:
            return True
    return False


def _drop(dropped: list[Dropped] | None, record_id: str, reason: str, detail: str) -> None:
    if dropped is not None:
        dropped.append(Dropped(stage="hints", record_id=record_id, reason=reason, detail=detail))
