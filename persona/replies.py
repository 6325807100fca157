"""Writing a reply to the store, and what it cost and rests on; inside somebody's transaction."""

from __future__ import annotations

from typing import Any

from persona.completion import Usage
from persona.grounds import Grounds
from persona.spending import note_usage
from persona.tokens import estimate
from persona.turns import Turn


async def add_reply(
    queries: Any,
    connection: Any,
    turn: Turn,
    reply_id: int,
    text: str,
    sealed: bytes,
    *,
    at: int,
    session_id: int,
    tokens_before: int = 0,
) -> None:
    """Add the reply to `turn`, whose text is `sealed`, to its session.

    `tokens_before` are those of the reply that it replaces.
    """
    session = {"person_id": turn.person_id, "session_id": session_id}
    tokens = estimate(text)
    await queries.add_reply(
        connection,
        **session,
        message_id=reply_id,
        sent_at=at,
        tokens=tokens,
        text_sealed=sealed,
        replies_to=turn.message_id,
    )
    await queries.touch_session(connection, **session, active_at=at, tokens=tokens - tokens_before)


async def add_answer(
    queries: Any, connection: Any, turn: Turn, usage: Usage, grounds: Grounds, *, at: int
) -> None:
    """Note in the transaction of `connection` what the answer to `turn` cost and rests on."""
    await queries.add_answer(
        connection,
        person_id=turn.person_id,
        model=usage.model,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        turn_id=turn.message_id,
        strategy=grounds.strategy,
        slots=",".join(grounds.slots),
        withheld=grounds.withheld,
    )
    answer = await queries.get_answer(connection, turn_id=turn.message_id)
    attempts = answer["attempts"] if answer else 1
    await note_usage(
        queries,
        connection,
        usage,
        person_id=turn.person_id,
        scope=turn.scope,
        usage_id=str(turn.message_id) if attempts == 1 else f"{turn.message_id}:{attempts}",
        purpose="chat",
        at=at,
    )
