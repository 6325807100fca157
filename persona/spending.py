"""What asking a model for somebody cost: kept for the person, and counted in their budget."""

from __future__ import annotations

from typing import Any, Literal

from persona.completion import Usage


async def note_usage(
    queries: Any,
    connection: Any,
    usage: Usage,
    *,
    person_id: int,
    scope: str,
    usage_id: str,
    purpose: Literal["chat", "optimizer"],
    at: int,
) -> None:
    """Add `usage` to what `usage_id` cost so far, inside the transaction of `connection`.

    `at` is in milliseconds since 1970.
    """
    await queries.add_usage(
        connection,
        person_id=person_id,
        usage_id=usage_id,
        scope=scope,
        purpose=purpose,
        model=usage.model,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        used_at=at,
    )
