"""An incognito conversation, as it is held in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from persona.attachments.attachment import Attachment
from persona.attachments.prompt import cost
from persona.clock import to_milliseconds
from persona.tokens import estimate
from persona.turns import Author, Line, Turn

# It keeps its last lines.
_MOST_LINES = 100
_MOST_CHARACTERS = 60_000


def _characters(line: Line) -> int:
    return len(line.text) + sum(len(attachment.text) for attachment in line.attachments)


@dataclass(slots=True)
class HeldConversation:
    """What was said since it began, by the message said; `waiting` are turns without an answer."""

    session_id: int
    active_at: int
    lines: dict[int, Line] = field(default_factory=dict)
    waiting: dict[int, Turn] = field(default_factory=dict)

    def add(
        self,
        message_id: int,
        author: Author,
        text: str,
        turn_id: int,
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        # Pictures are too large to be held for conversations that nobody may go on with.
        named = tuple(replace(attachment, picture=None) for attachment in attachments)
        tokens = estimate(text) + sum(map(cost, named))
        self.lines[message_id] = Line(author, text, tokens, turn_id, named)
        while len(self.lines) > 1 and (
            len(self.lines) > _MOST_LINES
            or sum(map(_characters, self.lines.values())) > _MOST_CHARACTERS
        ):
            del self.lines[next(iter(self.lines))]

    @property
    def waits_since(self) -> int | None:
        """When the last message was sent that waits for its answer."""
        sent = (turn.sent_at for turn in self.waiting.values())
        return max(map(to_milliseconds, sent), default=None)

    def answered(self, message_id: int) -> None:
        """Let nothing wait up to this message."""
        self.waiting = {name: turn for name, turn in self.waiting.items() if name > message_id}
