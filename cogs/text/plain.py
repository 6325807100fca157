"""Values shown as they are: nothing in them is Markdown, a mention or a link."""

from __future__ import annotations

import re

from .length import length

_MARKUP = re.compile(r"([\\*_~|`>#\-\[\]()<@:])")
_ESCAPED = re.compile(r"\\([\\*_~|`>#\-\[\]()<@:])")


def plain(value: str) -> str:
    """Return `value` so that Discord shows its characters and nothing else."""
    return _MARKUP.sub(r"\\\1", value)


def typed(shown: str) -> str:
    """Return the value of which `shown` is the plain form."""
    return _ESCAPED.sub(r"\1", shown)


def shortened(value: str, limit: int) -> str:
    """Return `value`, or its beginning and an ellipsis, in at most `limit` characters."""
    if length(value) <= limit:
        return value
    kept = value[: limit - 1]
    while length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
