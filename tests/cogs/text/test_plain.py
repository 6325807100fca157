"""Values are shown as they are, and what was typed comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.text.length import length
from cogs.text.plain import plain, shortened, typed


@given(st.text())
@example("\\*a* \\\\ <@1> [x](https://example.org) `y`")
def test_what_is_shown_plain_can_be_typed_again(value: str) -> None:
    assert typed(plain(value)) == value


@pytest.mark.parametrize("mark", list("\\*_~|`>#-[]()<@:"))
def test_nothing_dresses_itself_up(mark: str) -> None:
    assert plain(f"a{mark}b") == f"a\\{mark}b"


@given(st.text(), st.integers(1, 50))
@example("🦀" * 10, 10)
@example("🦀", 1)
def test_a_shortened_value_fits(value: str, limit: int) -> None:
    short = shortened(value, limit)
    assert length(short) <= limit
    assert short == value or (short.endswith("…") and value.startswith(short[:-1]))
