"""The second stage, first half: hints grown from seeds, self-instruct style (paper, 4.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from persona.benchmark.errors import DatasetError
from persona.benchmark.files import fingerprint, read_records
from persona.benchmark.generate.work import Stage, Work, Written
from persona.benchmark.schema import Hint, Person, Seed
from persona.benchmark.writer import person_id


async def grow_hints(work: Work, seeds: Sequence[Seed], anew: Collection[Stage]) -> list[Hint]:
    """Return the hints of the folder, and more grown from `seeds` where they are too few.

    Raises `DatasetError` when seeds or hints were edited so that nothing can be made anew.
    """
    path = work.files.path("personas-hints")
    found: list[Hint] = []
    if "personas" not in anew:
        found += read_records(path, Hint) if path.exists() else ()
        _compare(work, seeds, found)
    if len(found) < work.number:
        grown = await work.writer.hints(seeds, work.number)
        taken = {hint.hint_id for hint in found}
        found += [hint for hint in grown[len(found) :] if hint.hint_id not in taken]
    return found


def _compare(work: Work, seeds: Sequence[Seed], hints: Sequence[Hint]) -> None:
    """Raise `DatasetError` when seeds or hints were edited so that nothing can be made anew.

    Each hint is grown from several seeds and unlike the hints before it.
    """
    path = work.files.path("personas-hints")
    before = work.files.read("personas-grown", Written)
    edited = {(each.record_id, each.of) for each in before} ^ {
        (each.record_id, each.of) for each in map(grown_from, seeds)
    }
    if before and hints and edited:
        raise DatasetError(
            f"{work.files.path('seeds')}: {min(edited)[0]} was changed, added or taken out "
            f"after {path.name} was grown from the seeds. Undo that, or make all people anew "
            "with --redo personas."
        )
    there = Counter(hint.hint_id for hint in hints)
    twice = next((hint_id for hint_id, number in there.items() if number > 1), None)
    if twice is not None:
        raise DatasetError(f"{path} has two hints called {twice}; rename one.")
    people = {person.person_id for person in work.files.read("personas", Person)}
    for number, each in enumerate(work.files.read("personas-tried", Written)):
        made = person_id(number)
        if each.record_id not in there and made in people:
            raise DatasetError(
                f"{path}: {each.record_id}, of which {made} was made, is gone. Put it back, "
                f"take {made} out of {work.files.path('personas')}, or make all people anew "
                "with --redo personas."
            )


def grown_from(seed: Seed) -> Written:
    """Return the note that hints were grown from a seed."""
    return Written(record_id=seed.seed_id, of=fingerprint([seed]))
