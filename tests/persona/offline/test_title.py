"""The offline model finds titles too."""

from __future__ import annotations

import pytest

from persona.offline.server import respond
from persona.titles import TITLE_PROMPT


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Can you help me grow tomatoes on my balcony?", "Grow tomatoes on your balcony"),
        ("你能给我推荐一些科幻小说吗？", "科幻小说"),
        ("hello", "hello"),
    ],
)
def test_a_title_says_what_the_message_is_about(said: str, title: str) -> None:
    asked = [
        {"role": "system", "content": TITLE_PROMPT},
        {"role": "user", "content": f"Person: {said}\n\nAnswer: Of course."},
    ]
    assert respond(asked, [])["content"] == title
