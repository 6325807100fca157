from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RecordingError
from bot.sandbox.replay.memorybank import read_memorybank
from bot.sandbox.replay.recording import RecordedLine, in_order, read_json_lines
from bot.sandbox.replay.xpersona import read_xpersona

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def line(moment: datetime, person: str = "mei", text: str = "hello") -> RecordedLine:
    return RecordedLine(person=person, session="1", time=moment, text=text)


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(json.dumps(item, ensure_ascii=False) for item in lines))
    return path


GOOD = {"person": "mei", "session": "1", "time": "2026-03-01T09:00:00Z", "text": "你好"}


def test_our_format_is_read_in_the_order_of_time(tmp_path: Path) -> None:
    later = GOOD | {"time": "2026-03-01T10:30:00+02:00", "text": "earlier in fact"}
    path = write(tmp_path / "r.jsonl", GOOD, later)
    recording = read_json_lines(path)
    assert [item.text for item in recording.lines] == ["earlier in fact", "你好"]
    assert recording.people == ["mei"]
    assert recording.skipped == 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"time": "2026-03-01T09:00:00"}, "time"),
        ({"time": "yesterday"}, "time"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"person": ""}, "person"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, str], what: str) -> None:
    path = write(tmp_path / "r.jsonl", GOOD, GOOD | change)
    with pytest.raises(RecordingError, match=rf"line 2: {what}"):
        read_json_lines(path)


def test_what_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"person"\n')
    with pytest.raises(RecordingError, match="line 1"):
        read_json_lines(tmp_path / "r.jsonl")
    with pytest.raises(RecordingError, match="cannot be read"):
        read_json_lines(tmp_path / "nothing.jsonl")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecordingError, match="not UTF-8"):
        read_json_lines(tmp_path / "binary")


def test_a_byte_order_mark_and_odd_line_ends_are_text(tmp_path: Path) -> None:
    line = json.dumps(GOOD | {"text": "tea\u2028and\x85cake"}, ensure_ascii=False)
    (tmp_path / "r.jsonl").write_text(line, encoding="utf-8-sig")
    assert read_json_lines(tmp_path / "r.jsonl").lines[0].text == "tea\u2028and\x85cake"


def test_memorybank_days_become_sessions(tmp_path: Path) -> None:
    days = {
        "2023-05-02": [{"query": " second day ", "response": "r"}],
        "2023-05-01": [{"query": "one", "response": "r"}, {"query": "two", "response": "r"}],
        "2023-05-03": [],
    }
    path = tmp_path / "bank.json"
    path.write_text(json.dumps({" Mei ": {"history": days, "summary": {}}}))
    recording = read_memorybank(path)
    assert recording.skipped == 1
    assert [(item.person, item.session, item.text) for item in recording.lines] == [
        ("Mei", "2023-05-01", "one"),
        ("Mei", "2023-05-01", "two"),
        ("Mei", "2023-05-02", "second day"),
    ]


@pytest.mark.parametrize("text", ["[]", '{"Mei": {}}', '{"Mei": {"history": {"x": []}}}', "{"])
def test_what_is_no_memorybank_file_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bank.json"
    path.write_text(text)
    with pytest.raises(RecordingError, match=r"bank\.json"):
        read_memorybank(path)


@given(
    st.lists(
        st.integers(0, 10**9).map(lambda seconds: BEGIN + timedelta(seconds=seconds - 7 * 10**8)),
        min_size=1,
        max_size=30,
    )
)
def test_no_two_messages_share_a_second_and_days_keep_their_hours(moments: list[datetime]) -> None:
    recording = in_order(line(moment) for moment in moments)
    table = recording.timetable(BEGIN)
    assert all(second - first >= timedelta(seconds=1) for first, second in pairwise(table))
    assert table[0] >= BEGIN + timedelta(days=1)
    assert all(moment.microsecond == 0 for moment in table)
    first = recording.lines[0].time
    assert table[0].time() == first.replace(microsecond=0).time()
    assert recording.timetable(BEGIN) == table


def test_recordings_of_the_future_are_not_moved() -> None:
    moment = BEGIN + timedelta(days=40, hours=3)
    assert in_order([line(moment)]).timetable(BEGIN) == [moment]


def test_the_fingerprint_tells_recordings_apart() -> None:
    one = in_order([line(BEGIN)])
    assert one.fingerprint == in_order([line(BEGIN)]).fingerprint
    assert one.fingerprint != in_order([line(BEGIN, text="hullo")]).fingerprint


def write_dialogues(path: Path, *dialogues: object) -> Path:
    path.write_text(json.dumps([{"persona": [], "dialogue": each} for each in dialogues]))
    return path


def test_of_an_xpersona_dialogue_the_replies_are_the_persons(tmp_path: Path) -> None:
    first = [[f"question {number}", f"reply {number}"] for number in range(7)]
    path = write_dialogues(tmp_path / "Fr_test.json", first, [["hi", " "]], [["hi", "hello"]])
    recording = read_xpersona(path)
    assert recording.people == ["fr-1", "fr-3"]
    assert recording.skipped == 1
    said = [line for line in recording.lines if line.person == "fr-1"]
    assert [(line.session, line.text) for line in said] == [
        (str(number // 3 + 1), f"reply {number}") for number in range(7)
    ]
    for before, after in pairwise(said):
        apart = after.time - before.time
        if before.session == after.session:
            assert apart == timedelta(minutes=1)
        else:
            assert timedelta(hours=23) < apart < timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[{"dialogue": [["a"]]}]', "0.dialogue.0"),
        ('{"dialogue": []}', "list"),
        ('[{"dialogue": [["a", "%s"]]}]' % ("x" * 1951), "text"),
    ],
)
def test_what_is_no_xpersona_file_is_told(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "Fr_test.json"
    path.write_text(text)
    with pytest.raises(RecordingError, match=f"is not an Xpersona file.*{where}"):
        read_xpersona(path)
