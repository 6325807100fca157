"""The third stage: the scenes of each person's life (paper, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from persona.benchmark.files import fingerprint, read_records, write_records
from persona.benchmark.generate.concurrency import side_by_side
from persona.benchmark.generate.files import mend
from persona.benchmark.generate.work import Work, Written, unusable
from persona.benchmark.schema import Dropped, Person, Scene
from persona.errors import InvalidAnswer


async def write_scenes(work: Work, people: Sequence[Person]) -> list[Scene]:
    """Return everybody's scenes; a life that is not whole, or whose person changed, is written."""
    whole, marks = work.files.open("scenes-written", Written)
    made_from = {each.record_id: each.of for each in whole}
    done = {
        person.person_id
        for person in people
        if made_from.get(person.person_id) == fingerprint([person])
    }
    path = work.files.path("scenes")
    mend(path)
    if path.exists():
        # A life that was cut short is written anew.
        written = read_records(path, Scene)
        write_records(path, [scene for scene in written if scene.person_id in done])
    scenes, writes = work.files.open("scenes", Scene)
    _, drops = work.files.open("scenes-dropped", Dropped)
    with writes as write, marks as mark, drops as drop:

        async def one(person: Person) -> None:
            try:
                written = await work.writer.scenes(person)
            except InvalidAnswer as error:
                written = []
                drop(unusable("scenes", person.person_id, error))
            for scene in written:
                write(scene)
            mark(Written(record_id=person.person_id, of=fingerprint([person])))
            scenes.extend(written)
            done.add(person.person_id)
            work.progress("scenes", len(done), len(people))

        left = [each for each in people if each.person_id not in done]
        await side_by_side(left, one, work.at_once)
    order = {person.person_id: place for place, person in enumerate(people)}
    return sorted(
        (scene for scene in scenes if scene.person_id in order),
        key=lambda scene: (order[scene.person_id], scene.session),
    )
