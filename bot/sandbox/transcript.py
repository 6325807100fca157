"""What happens in a world, told line by line as a person on Discord would see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import discord
import simcord
from rich.console import Console
from rich.text import Text

_MARGIN = "    "


class Transcript:
    """Prints channels, messages and button presses."""

    def __init__(self, console: Console, *, readable: Callable[[str], str]) -> None:
        """`readable` turns raw mentions into names."""
        self._console = console
        self._readable = readable
        self._shown: set[int] = set()

    def scene(self, moment: datetime, title: str) -> None:
        """Begin a part of the story."""
        self._console.print()
        self._console.print(Text(f"{moment:%A %d %B, %H:%M}  {title}", style="bold"))

    def note(self, line: str) -> None:
        """Tell something nobody sees on Discord."""
        self._console.print(Text(f"  * {line}", style="dim"))

    def place(self, name: str) -> None:
        """Name the channel or thread that what follows is in."""
        self._console.print(Text(f"  {name}", style="cyan"))

    def message(self, author: str, content: str, *, mark: str = "") -> None:
        """Show one message."""
        head = Text(f"{_MARGIN}{author}", style="green" if author != "Rapport" else "magenta")
        head.append(mark, style="dim")
        self._console.print(head)
        for line in self._readable(content).splitlines():
            self._console.print(Text(f"{_MARGIN}  {line}"))

    def history(self, channel: simcord.ChannelHandle) -> None:
        """Show the messages of `channel` that were not shown yet."""
        for message in channel.history():
            if message.id in self._shown or not message.content:
                continue
            self._shown.add(message.id)
            self.message(message.author.display_name, message.content)
            labels = button_labels(message)
            if labels:
                line = "  ".join(f"[ {label} ]" for label in labels)
                self._console.print(Text(f"{_MARGIN}  {line}", style="blue"))

    def pressed(self, who: str, label: str) -> None:
        """Tell that somebody pressed a button."""
        self.note(f"{who} presses “{label}”")


def button_labels(message: discord.Message | simcord.ResponseMessage) -> list[str]:
    """Return what stands on the buttons beneath a message."""
    if isinstance(message, simcord.ResponseMessage):
        message = message.message
    return [
        child.label
        for row in message.components
        for child in getattr(row, "children", ())
        if getattr(child, "label", None)
    ]


def text_of(message: discord.Message | simcord.ResponseMessage) -> str:
    """Return the text of a message, also where it is laid out in parts."""
    if isinstance(message, simcord.ResponseMessage):
        message = message.message
    if not message.flags.components_v2:
        return message.content
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    parts = [part for part in view.walk_children() if isinstance(part, discord.ui.TextDisplay)]
    return "\n".join(part.content for part in parts)
