"""The second stage, second half: full personas made of hints (paper, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from persona.benchmark.consistency import contradictions
from persona.benchmark.diversity import Diversity
from persona.benchmark.errors import DatasetError
from persona.benchmark.files import fingerprint, write_records
from persona.benchmark.generate.work import UNUSABLE, Work, Written
from persona.benchmark.schema import Dropped, Hint, Person
from persona.benchmark.writer import person_id
from persona.errors import InvalidAnswer

# Stands for the hash of a hint of which whoever was made is gone.
_EDITED = "edited"


async def make_people(work: Work, hints: Sequence[Hint]) -> list[Person]:
    """Return the people of the folder, and more made of hints that were not tried yet.

    One after the other: whether one is too many of a kind depends on those before. Raises
    `DatasetError` when the hints do not suffice.
    """
    _take_out(work, hints)
    people, writes = work.files.open("personas", Person)
    dropped, drops = work.files.open("personas-dropped", Dropped)
    tried, tries = work.files.open("personas-tried", Written)
    taken = {person.person_id for person in people}
    done = taken | {each.record_id for each in dropped}
    last = {person_id(len(tried) - 1), tried[-1].record_id} if tried else set()
    if last and tried[-1].of != _EDITED and done.isdisjoint(last):
        # What the last hint came to may not have been written any more.
        tried.pop()
        write_records(work.files.path("personas-tried"), tried)
    number = len(tried)
    made_of = {each.record_id: each.of for each in tried}
    left = (hint for hint in hints if made_of.get(hint.hint_id) != fingerprint([hint]))
    diversity = Diversity(people)
    with writes as write, drops as drop, tries as note:
        while len(people) < work.number:
            hint = next(left, None)
            if hint is None:
                raise DatasetError(
                    f"Only {len(people)} of {work.number} people differ enough. Give more "
                    f"seeds, ask for fewer people, or add hints to {work.files.folder}."
                )
            note(Written(record_id=hint.hint_id, of=fingerprint([hint])))
            reason, detail = "", ""
            try:
                person = await work.writer.person(hint, number)
            except InvalidAnswer as error:
                reason, detail = UNUSABLE, str(error)
            else:
                if person.person_id in taken:
                    # Somebody before them was taken out by hand.
                    number += 1
                    continue
                wrong = contradictions(person, work.registry)
                reason = "contradiction" if wrong else diversity.refuses(person) or ""
                detail = "; ".join(wrong)
            number += 1
            if reason:
                drop(
                    Dropped(stage="personas", record_id=hint.hint_id, reason=reason, detail=detail)
                )
                continue
            write(person)
            people.append(person)
            taken.add(person.person_id)
            diversity.add(person)
            work.progress("personas", len(people), work.number)
    return people


def _take_out(work: Work, hints: Sequence[Hint]) -> None:
    """Take out who was made of a hint that was edited since: it has not been tried."""
    now = {hint.hint_id: fingerprint([hint]) for hint in hints}
    tried = work.files.read("personas-tried", Written)
    edited = {
        person_id(number): each.record_id
        for number, each in enumerate(tried)
        if each.of not in (_EDITED, now.get(each.record_id, each.of))
    }
    if not edited:
        return
    people = work.files.read("personas", Person)
    dropped = work.files.read("personas-dropped", Dropped)
    write_records(
        work.files.path("personas"), [each for each in people if each.person_id not in edited]
    )
    write_records(
        work.files.path("personas-dropped"),
        [each for each in dropped if each.record_id not in edited.values()],
    )
    # The line stays: people are called by its number.
    write_records(
        work.files.path("personas-tried"),
        [
            each.model_copy(update={"of": _EDITED}) if person_id(number) in edited else each
            for number, each in enumerate(tried)
        ],
    )
