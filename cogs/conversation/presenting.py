"""How an answer is shown: at which pace, and in how many messages."""

from __future__ import annotations

import functools

from ..host import Host
from ..text.catalogue import N_, text
from ..text.streaming import Presenter
from .parts import AnswerParts
from .places import Channel

REST_IN_FILE = N_("-# The rest is in the file.")


def presenter_for(
    host: Host, parts: AnswerParts, channel: Channel, locale: str | None
) -> Presenter:
    """Return what shows an answer in `parts`, as the operator and Discord want it."""
    return Presenter(
        parts,
        host.services.clock,
        edit_interval=host.settings.edit_interval_seconds,
        next_edit_at=functools.partial(host.pace.next_edit_at, channel.id),
        most_messages=host.settings.most_messages,
        file_notice=text(locale, REST_IN_FILE),
    )
