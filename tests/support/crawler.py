"""Pressing everything there is to press: commands, buttons, menus and modals, as found on screen.

The crawler knows no page beforehand. It types every command, presses what the answers and the bot's
messages carry, and fills in what it is asked; what erases comes last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import simcord
from simcord.components import walk_components

from bot.sandbox.world import World

# What the bot says when it did not see something coming.
UNFORESEEN = "Something went wrong on my side."
BUTTON, SELECT = 2, 3

_IDS = re.compile(r"\d{8,}:[0-9a-f]{32}:\d{4,}|\d+")
# Pressed last, in this order: afterwards there is nothing left to press.
_LAST = ("reset:yes", "sure:withdraw", "sure:erase")


def kind_of(custom_id: str) -> str:
    """Return what a control is for, without the ids it carries."""
    return _IDS.sub("#", custom_id)


@dataclass
class Crawler:
    """Acts as one member. `before_each` is awaited before each act, such as a restart.

    `pressed` counts acts by what they were: "/persona show", "menu Why this answer", or the kind of
    a control. `told` is everything that was answered.
    """

    world: World
    who: simcord.MemberActor
    before_each: Callable[[], Awaitable[None]] | None = None
    times: int = 1
    pressed: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    _waiting: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    _again: set[str] = field(default_factory=set)
    # What was pressed, on pages and beneath plain messages.
    _done: set[tuple[str, bool]] = field(default_factory=set)

    async def type_in(self, place: simcord.ChannelHandle, name: str, **given: Any) -> None:
        """Type a command, as often as wanted."""
        for _ in range(self.times):
            await self._prepare(f"/{name}")
            self._see(await self.who.slash(place, name, **given))

    async def open_menu(self, place: simcord.ChannelHandle, name: str, message: Any) -> None:
        """Use an entry of a message's menu."""
        for _ in range(self.times):
            await self._prepare(f"menu {name}")
            self._see(await self.who.context_menu(place, name, message))

    def look_at(self, messages: Iterable[Any]) -> None:
        """Note what can be pressed on messages."""
        for message in messages:
            self._waiting += [(message, control) for control in _controls(message)]

    async def press_all(self, *, erasing: bool = True) -> None:
        """Press one control of each kind, and what appears by it; with `erasing`, all of them."""
        while (chosen := self._next(erasing=erasing)) is not None:
            message, control = chosen
            for _ in range(self.times):
                kind = kind_of(control["custom_id"])
                self._done.add((kind, _is_page(message)))
                await self._prepare(kind)
                await self._press(message, control)

    def once_more(self, kind: str) -> None:
        """Let a control of this kind be pressed again, which leads on."""
        self._again.add(kind)

    def _next(self, *, erasing: bool) -> tuple[Any, dict[str, Any]] | None:
        def is_new(message: Any, custom_id: str) -> bool:
            kind = kind_of(custom_id)
            return (kind, _is_page(message)) not in self._done or kind in self._again

        new = [item for item in self._waiting if is_new(item[0], item[1]["custom_id"])]
        self._waiting = new
        there = [
            item
            for item in new
            if _is_there(*item) and (erasing or not _rank(item[1]["custom_id"]))
        ]
        # Pages change as they are used, and what was there may come back.
        return min(there, key=lambda item: _rank(item[1]["custom_id"]), default=None)

    async def _prepare(self, act: str) -> None:
        self.pressed[act] = self.pressed.get(act, 0) + 1
        self._again.discard(act)
        if self.before_each is not None:
            await self.before_each()

    async def _press(self, message: Any, control: dict[str, Any]) -> None:
        custom_id = control["custom_id"]
        try:
            if control["type"] == SELECT:
                values = [control["options"][0]["value"]]
                result = await self.who.select(message, values, custom_id=custom_id)
            else:
                result = await self.who.click(message, custom_id=custom_id)
        except simcord.SetupError:
            # Pressed before, it is not there any more: nobody could press it again.
            return
        for bad in (True, False):
            if result.modal is None:
                break
            submitted = await self.who.submit_modal(result, _filled(result.modal, bad=bad))
            self._see(submitted)
            self.look_at([message])
            if bad:
                result = await self._ask_again(message, custom_id) or submitted
        self._see(result)
        self.look_at([message])

    async def _ask_again(self, message: Any, custom_id: str) -> simcord.InteractionResult | None:
        """Ask once more, as long as the button is there."""
        if custom_id not in {control["custom_id"] for control in _controls(message)}:
            return None
        return await self.who.click(message, custom_id=custom_id)

    def _see(self, result: simcord.InteractionResult) -> None:
        last = next(reversed(self.pressed))
        assert result.acknowledged, f"{last}: Discord would say that the interaction failed"
        shown = [each for each in (result.response, *result.followups) if each is not None]
        told = [_text(message) for message in shown]
        self.told += told
        assert not any(UNFORESEEN in text for text in told), f"{last}: {told}"
        self.look_at(shown)


def _is_page(message: Any) -> bool:
    return not message.content


def _is_there(message: Any, control: dict[str, Any]) -> bool:
    return control["custom_id"] in {each["custom_id"] for each in _controls(message)}


def _rank(custom_id: str) -> int:
    return next((place for place, part in enumerate(_LAST, 1) if part in custom_id), 0)


def _controls(message: Any) -> list[dict[str, Any]]:
    components = message.components
    raw = [each if isinstance(each, dict) else each.to_dict() for each in components]
    return [
        each
        for each in walk_components(raw)
        if each["type"] in (BUTTON, SELECT) and "custom_id" in each
    ]


def _text(message: Any) -> str:
    parts = [message.content or ""]
    raw = [each if isinstance(each, dict) else each.to_dict() for each in message.components]
    parts += [str(each["content"]) for each in walk_components(raw) if "content" in each]
    return "\n".join(part for part in parts if part)


def _filled(modal: dict[str, Any], *, bad: bool) -> dict[str, Any]:
    """Return something for each field: what may not be kept, or what may."""
    written: dict[str, Any] = {}
    for component in walk_components(modal["components"]):
        if component["type"] == 4:
            written[component["custom_id"]] = "my password is hunter2" if bad else "green tea"
        elif component["type"] == SELECT:
            written[component["custom_id"]] = [component["options"][0]["value"]]
    assert written, json.dumps(modal)
    return written
