"""Which change an undo takes back next."""

from __future__ import annotations

import pytest

from persona.history import not_taken_back


@pytest.mark.parametrize(
    ("causes", "next_one"),
    [
        ([], None),
        (["run"], 1),
        (["run", "edit"], 2),
        (["run", "edit", "undo:2"], 1),
        (["run", "edit", "undo:2", "undo:1"], None),
        (["run", "edit", "undo:2", "forget"], 4),
        (["run", "edit", "undo:2", "forget", "undo:4"], 1),
        (["run", "edit", "undo:1"], 2),
        # An undo taken back in the history leaves what it had undone to be undone again.
        (["run", "edit", "undo:2", "undo:3"], 2),
        (["run", "edit", "rollback:1"], 3),
        (["run", "message_deleted", "message_edited"], 1),
        (["message_edited"], None),
        (["tool:123", "remember:abc", "undo:2"], 1),
    ],
)
def test_undo_goes_back_from_the_newest(causes: list[str], next_one: int | None) -> None:
    assert next(not_taken_back(list(enumerate(causes, 1))), None) == next_one
