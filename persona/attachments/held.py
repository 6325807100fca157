"""What is kept in memory only, for as long as the conversation lasts it came in.

Pictures, and the words of others that a person replied to: neither is ever written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from persona.attachments.attachment import Attachment

_Name = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Entry:
    session_id: int
    attachments: Mapping[int, Attachment]
    size: int


class Held:
    """Attachments by person, message and number; beyond `most_bytes` the oldest are dropped."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._entries: dict[_Name, _Entry] = {}
        self._size = 0

    @property
    def size(self) -> int:
        """How many bytes are held."""
        return self._size

    def hold(
        self, person_id: int, session_id: int, message_id: int, attachments: Sequence[Attachment]
    ) -> None:
        """Keep those of a message that are not stored."""
        kept = {
            number: attachment
            for number, attachment in enumerate(attachments)
            if attachment.picture or (attachment.kind == "reply" and attachment.text)
        }
        self._remove((person_id, message_id))
        if not kept:
            return
        entry = _Entry(session_id, kept, sum(map(_size, kept.values())))
        self._entries[person_id, message_id] = entry
        self._size += entry.size
        while self._size > self._most_bytes:
            self._remove(next(iter(self._entries)))

    def of(self, person_id: int, message_id: int) -> Mapping[int, Attachment]:
        """Return what is held of a message, by number."""
        entry = self._entries.get((person_id, message_id))
        return entry.attachments if entry else {}

    def drop_one(self, person_id: int, message_id: int, number: int) -> None:
        """Forget one attachment of a message."""
        entry = self._entries.get((person_id, message_id))
        if entry is not None and number in entry.attachments:
            left = {key: value for key, value in entry.attachments.items() if key != number}
            size = _size(entry.attachments[number])
            self._size -= size
            self._entries[person_id, message_id] = replace(
                entry, attachments=left, size=entry.size - size
            )

    def drop_message(self, person_id: int, message_id: int) -> None:
        """Forget what came with a message."""
        self._remove((person_id, message_id))

    def drop_session(self, person_id: int, session_id: int) -> None:
        """Forget what came in a session."""
        self._drop(lambda name, entry: name[0] == person_id and entry.session_id == session_id)

    def drop_person(self, person_id: int) -> None:
        """Forget everything a person sent."""
        self._drop(lambda name, _: name[0] == person_id)

    def _drop(self, is_meant: Callable[[_Name, _Entry], bool]) -> None:
        for name in [name for name, entry in self._entries.items() if is_meant(name, entry)]:
            self._remove(name)

    def _remove(self, name: _Name) -> None:
        entry = self._entries.pop(name, None)
        if entry is not None:
            self._size -= entry.size


def _size(attachment: Attachment) -> int:
    picture = len(attachment.picture.content) if attachment.picture else 0
    return picture + len(attachment.text.encode("utf-8", "surrogatepass"))
