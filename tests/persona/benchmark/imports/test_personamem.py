"""PersonaMem v2's rows become people, sessions, events and probes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from persona.benchmark.imports.imported import Imported, ImportFailed
from persona.benchmark.imports.personamem import read_personamem

INTERESTS = "personality.values_and_interests"

PROFILE = {
    "short_persona": "A keeper of bees",
    "name": "Ines Duarte",
    "age": 52,
    "gender": "Female",
    "nationality": "Portuguese",
    "languages_spoken": ["Portuguese (native)", "English (basic)"],
    "personality": {"traits": ["calm"], "hobbies": ["keeping bees"], "values": ["thrift"]},
    "occupation": {"job_title": "Librarian", "industry": "Books"},
}


def row(preference: str = "Likes rye bread", **changes: str) -> dict[str, str]:
    talk = [
        {"role": "user", "content": f"Please mend this note about: {preference}"},
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": "Thank you."},
    ]
    return {
        "persona_id": "7",
        "chat_history_32k_link": "data/chat_history_32k/x.json",
        "short_persona": "A keeper of bees",
        "expanded_persona": json.dumps(PROFILE, indent=2),
        # The source writes this cell as Python does.
        "user_query": str({"role": "user", "content": "What's for lunch?"}),
        "correct_answer": "Rye bread.",
        "incorrect_answers": json.dumps(["Rice.", "Soup.", "Cake."]),
        "preference": preference,
        "conversation_scenario": "personal_email",
        "pref_type": "neutral_preferences",
        "related_conversation_snippet": json.dumps(talk),
        "who": "self",
        "updated": "False",
        "prev_pref": "",
    } | changes


def forget(preference: str, **changes: str) -> dict[str, str]:
    talk = [
        {"role": "user", "content": f"A question near {preference}?"},
        {"role": "assistant", "content": "An answer."},
        {"role": "user", "content": f"Please forget that: {preference}"},
    ]
    return row(
        f"Do not remember '{preference}' in memory",
        **{
            "pref_type": "ask_to_forget",
            "updated": "True",
            "prev_pref": preference,
            "related_conversation_snippet": json.dumps(talk),
        }
        | changes,
    )


def write(folder: Path, *rows: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "benchmark.csv"
    fields = list(dict.fromkeys(field for given in rows for field in given))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fields)
        writer.writeheader()
        writer.writerows(rows)
    return file


def reasons(imported: Imported) -> list[tuple[str, str]]:
    assert {dropped.stage for dropped in imported.dropped} <= {"import"}
    return [(dropped.record_id, dropped.reason) for dropped in imported.dropped]


def test_a_profile_and_what_is_told_become_a_person(tmp_path: Path) -> None:
    write(tmp_path / "benchmark" / "text", row(), row("Likes owls"))
    imported = read_personamem(tmp_path)
    (person,) = imported.people
    assert (person.person_id, person.hint, person.region) == (
        "personamem-7", "A keeper of bees", "Portuguese"
    )  # fmt: skip
    assert person.slots == {
        "demographics.name": "Ines Duarte",
        "demographics.age": "52",
        "demographics.gender": "Female",
        "demographics.nationality": "Portuguese",
        "demographics.career": "Librarian",
        "demographics.languages": ("Portuguese (native)", "English (basic)"),
        INTERESTS: ("thrift", "keeping bees", "Likes rye bread", "Likes owls"),
    }
    assert imported.dropped == ()


def test_talks_become_sessions_and_questions_probes_at_the_end(tmp_path: Path) -> None:
    imported = read_personamem(write(tmp_path, row(), row("Likes owls")))
    assert [(scene.session, scene.title) for scene in imported.scenes] == [
        (1, "personal email"), (2, "personal email")
    ]  # fmt: skip
    assert [query.personalized for query in imported.queries] == [
        "Please mend this note about: Likes rye bread\nThank you.",
        "Please mend this note about: Likes owls\nThank you.",
    ]
    assert len(imported.probes) == 2
    for probe in imported.probes:
        assert (probe.session, probe.slot, probe.question) == (2, INTERESTS, "What's for lunch?")
        assert sorted(probe.options) == ["Cake.", "Rice.", "Rye bread.", "Soup."]
        assert probe.options[probe.answer] == "Rye bread."


def test_two_questions_about_one_talk_share_its_session(tmp_path: Path) -> None:
    asked = row(user_query=json.dumps({"role": "user", "content": "And for supper?"}))
    imported = read_personamem(write(tmp_path, row(), asked))
    assert len(imported.scenes) == 1
    assert [probe.question for probe in imported.probes] == ["What's for lunch?", "And for supper?"]


def test_what_is_to_be_forgotten_and_what_changes_are_events(tmp_path: Path) -> None:
    changed = row("Dislikes owls", updated="True", prev_pref="Likes owls")
    imported = read_personamem(write(tmp_path, row(), forget("Collects maps"), changed))
    (person,) = imported.people
    assert person.slots[INTERESTS] == (
        "thrift", "keeping bees", "Likes rye bread", "Collects maps", "Likes owls"
    )  # fmt: skip
    forgotten, other = person.events
    assert (forgotten.session, forgotten.kind, forgotten.before, forgotten.after) == (
        2, "forget", "Collects maps", None
    )  # fmt: skip
    assert forgotten.said == "Please forget that: Collects maps"
    assert (other.session, other.kind, other.before, other.after) == (
        3, "change", "Likes owls", "Dislikes owls"
    )  # fmt: skip
    # The wish is said as the event, not as the query too.
    assert imported.queries[1].personalized == "A question near Collects maps?"


def test_sessions_are_in_the_order_of_the_chat_history(tmp_path: Path) -> None:
    distance = "distance_from_related_snippet_to_query_32k"
    rows = [row("Likes owls", **{distance: "900"}), row(**{distance: "31000"})]
    imported = read_personamem(write(tmp_path, *rows))
    assert [query.personalized[29:] for query in imported.queries] == [
        "Likes rye bread\nThank you.", "Likes owls\nThank you."
    ]  # fmt: skip


def test_what_cannot_be_used_is_dropped_with_its_reason(tmp_path: Path) -> None:
    secret = row("sensitive_info", pref_type="sensitive_info", user_query="My number is 123.")
    rows = [
        forget("Collects maps"),
        row(),
        secret,
        row("Likes opera", who="others"),
        row("x" * 401),
        row("Likes tea", related_conversation_snippet="[{'role': 'assistant'"),
        row("Likes jam", incorrect_answers=""),
        row("Likes figs", correct_answer="x" * 4001),
        row("Likes ink", related_conversation_snippet=json.dumps(
            [{"role": "user", "content": "x" * 4001}])),
        row(persona_id=" "),
        forget("Likes hats", persona_id="8"),
    ]  # fmt: skip
    imported = read_personamem(write(tmp_path, *rows))
    assert reasons(imported) == [
        ("benchmark.csv#3", "secret"),
        ("benchmark.csv#4", "of_another"),
        ("benchmark.csv#5", "value_too_long"),
        ("benchmark.csv#5", "no_preference"),
        ("benchmark.csv#6", "no_conversation"),
        ("benchmark.csv#7", "no_options"),
        ("benchmark.csv#9", "talk_too_long"),
        ("benchmark.csv#10", "no_persona"),
        ("benchmark.csv#1", "ends_in_first_session"),
        ("benchmark.csv#8", "too_long"),
        ("benchmark.csv#11", "ends_in_first_session"),
        ("personamem-8", "no_scenes"),
    ]
    assert len(imported.people) == 1
    assert len(imported.scenes) == 2
    assert len(imported.probes) == 1


def test_a_life_ends_with_the_32nd_session(tmp_path: Path) -> None:
    imported = read_personamem(write(tmp_path, *[row(f"Likes {n}") for n in range(34)]))
    assert [scene.session for scene in imported.scenes] == list(range(1, 33))
    assert {probe.session for probe in imported.probes} == {32}
    assert [reason for _, reason in reasons(imported)] == ["after_last_session"] * 2


def test_nothing_usable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="There is no file or folder"):
        read_personamem(tmp_path / "nowhere")
    with pytest.raises(ImportFailed, match=r"benchmark\.csv of PersonaMem v2"):
        read_personamem(tmp_path)
    write(tmp_path, {"question": "Where?", "answer": "Here."})
    with pytest.raises(ImportFailed, match=r"Dropped: no_benchmark 1\.$"):
        read_personamem(tmp_path)
    (tmp_path / "benchmark.csv").write_bytes(b"PAR1\xff")
    with pytest.raises(ImportFailed, match=r"Dropped: unreadable 1\.$"):
        read_personamem(tmp_path)
