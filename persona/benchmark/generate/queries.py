"""The fourth stage: how each scene is opened, and whether that can be used (paper, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from persona.benchmark.files import fingerprint, write_records
from persona.benchmark.filters import Checked
from persona.benchmark.generate.concurrency import side_by_side
from persona.benchmark.generate.work import Work
from persona.benchmark.schema import Person, Query, Scene
from persona.errors import InvalidAnswer


async def write_queries(
    work: Work, people: Sequence[Person], scenes: Sequence[Scene]
) -> tuple[dict[str, Query], dict[str, Checked]]:
    """Return the query of each scene and what was said of it; what was edited is done anew."""
    known = {person.person_id: person for person in people}
    found, writes = work.files.open("queries", Query)
    before, checks = work.files.open("queries-checked", Checked)
    queries = {query.scene_id: query for query in found}
    current = {scene.scene_id: fingerprint([known[scene.person_id], scene]) for scene in scenes}
    for each in before:
        # The scene is gone, or it or the person was edited: the query is written anew.
        if each.of != current.get(each.scene_id):
            queries.pop(each.scene_id, None)
    checked = {
        each.scene_id: each
        for each in before
        if each.scene_id in queries and each.query == fingerprint([queries[each.scene_id]])
    }
    if len(checked) < len(before):
        write_records(work.files.path("queries"), queries.values())
        write_records(work.files.path("queries-checked"), checked.values())
    with writes as write, checks as check:

        async def one(scene: Scene) -> None:
            person = known[scene.person_id]
            query = queries.get(scene.scene_id)
            try:
                if query is None:
                    query = queries[scene.scene_id] = await work.writer.query(person, scene)
                    write(query)
                said = await work.writer.check(person, scene, query)
            except InvalidAnswer as error:
                said = (False, False, str(error))
            checked[scene.scene_id] = Checked(
                scene_id=scene.scene_id,
                of=current[scene.scene_id],
                query="" if query is None else fingerprint([query]),
                answerable=said[0],
                neutral=said[1],
                reason=said[2],
            )
            check(checked[scene.scene_id])
            work.progress("queries", len(checked), len(scenes))

        left = [each for each in scenes if each.scene_id not in checked]
        await side_by_side(left, one, work.at_once)
    return queries, checked
