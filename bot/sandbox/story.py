"""A short story that shows the whole idea: three threads, learning, a personal reply, erasure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import simcord
from rich.console import Console

from bot.sandbox.transcript import Transcript, text_of
from bot.sandbox.world import BOT_NAME, CHANNEL_NAME, World
from persona.errors import RapportError
from persona.persona import Persona, scope_of

MEMBER = "Mei"

_QUESTION = "What could I do on my day off?"
_THREADS = (
    (
        "Hi! My name is Mei and I work as a nurse.",
        "I love hiking and watercolor painting.",
    ),
    (
        _QUESTION,
        "I prefer short answers, please.",
    ),
    (
        "我喜欢喝绿茶，也喜欢爵士乐。",
        "I speak English and Mandarin.",
    ),
)


class StoryFailed(RapportError):
    """The bot did not do what the story tells."""


class Story:
    """Plays the story in a world and prints it."""

    def __init__(self, world: World, console: Console) -> None:
        self._world = world
        self._mei = world.members[MEMBER]
        self._transcript = Transcript(console, readable=self._readable)

    def _readable(self, content: str) -> str:
        content = re.sub(
            r"<t:(\d+):d>",
            lambda match: f"{datetime.fromtimestamp(int(match[1]), self._now.tzinfo):%d %B}",
            content,
        )
        return re.sub(
            r"<([@#])(\d+)>",
            lambda match: f"{match[1]}{BOT_NAME if match[1] == '@' else 'thread'}",
            content,
        )

    @property
    def _now(self) -> datetime:
        return self._world.env.now()

    async def play(self) -> None:
        """Play it all. Raises `StoryFailed` when the bot does not do what is told."""
        world = self._world
        await world.start_bot()
        await world.advance(timedelta(hours=9))
        await self._three_threads()
        await self._learning()
        await self._show("Mei asks what the bot knows by now")
        await self._same_question_again()
        await self._reset()
        page = await self._show("And asks again")
        self._expect("I know nothing about you" in page, "the reset left something behind")

    def _expect(self, fulfilled: bool, failure: str) -> None:
        if not fulfilled:
            raise StoryFailed(f"The story went wrong: {failure}.")

    async def _three_threads(self) -> None:
        for number, (opening, second) in enumerate(_THREADS, 1):
            thread = await self._thread(f"Thread {number}", opening)
            if number == 1:
                await self._agree(thread)
            await self._world.advance(timedelta(minutes=1))
            await self._mei.send(thread, second)
            self._transcript.history(thread)
            await self._world.advance(timedelta(days=1))
            await self._world.tick()

    async def _thread(self, title: str, opening: str) -> simcord.ChannelHandle:
        """Mention the bot in the channel; return the thread it opens."""
        world = self._world
        self._transcript.scene(self._now, title)
        self._transcript.place(f"#{CHANNEL_NAME}")
        said = f"{world.bot_mention} {opening}"
        message = await self._mei.send(world.channel, said)
        self._transcript.message(MEMBER, said)
        thread = world.thread(message.id)
        self._transcript.place(f"#{CHANNEL_NAME} > thread “{thread.name}”")
        self._expect(bool(thread.history()), "the bot did not answer")
        self._transcript.history(thread)
        return thread

    async def _agree(self, thread: simcord.ChannelHandle) -> None:
        question = thread.history()[-1]
        await self._mei.click(question, label="Remember me")
        self._transcript.pressed(MEMBER, "Remember me")
        self._transcript.message(BOT_NAME, thread.history()[-1].content, mark="  (edited)")

    async def _persona(self) -> Persona:
        scope = scope_of(self._world.guild.id, self._world.settings.privacy.scope)
        return await self._world.services.personas.load(self._mei.id, scope)

    async def _learning(self) -> None:
        persona = await self._persona()
        self._transcript.scene(self._now, "The third thread has ended: the bot learns")
        self._transcript.note(
            f"three conversations read, {len(persona.items)} things learned, "
            f"each with the words it was learned from"
        )
        self._expect(bool(persona.items), "nothing was learned")

    async def _same_question_again(self) -> None:
        """In private, where everything that is known may be used."""
        self._transcript.scene(self._now, "Thread 4: the same question, now that it knows her")
        before = {thread.id for thread in self._world.channel.threads}
        self._transcript.message(MEMBER, "/chat new")
        await self._mei.slash(self._world.channel, "chat new")
        thread = next(item for item in self._world.channel.threads if item.id not in before)
        self._transcript.place(f"#{CHANNEL_NAME} > private thread “{thread.name}”")
        await self._mei.send(thread, _QUESTION)
        self._transcript.history(thread)
        reply = thread.history()[-1].content
        known = (await self._persona()).values("personality.values_and_interests")
        personal = MEMBER in reply and any(value in reply for value in known)
        self._expect(personal, "the reply is not personal")

    async def _show(self, title: str) -> str:
        self._transcript.scene(self._now, title)
        result = await self._mei.slash(self._world.channel, "persona show")
        self._transcript.message(MEMBER, "/persona show")
        shown = [result.response, *result.followups]
        page = "\n".join(text_of(message) for message in shown if message is not None)
        self._transcript.message(BOT_NAME, page, mark="  (only Mei sees this)")
        return page

    async def _reset(self) -> None:
        self._transcript.scene(self._now, "Mei wants it all forgotten")
        result = await self._mei.slash(self._world.channel, "persona reset")
        self._transcript.message(MEMBER, "/persona reset")
        self._expect(result.response is not None, "the bot did not ask before erasing")
        question = result.response
        if question is None:
            return
        self._transcript.message(BOT_NAME, question.content, mark="  (only Mei sees this)")
        await self._mei.click(question, label="Erase everything")
        self._transcript.pressed(MEMBER, "Erase everything")
        erased = result.response
        if erased is not None:
            self._transcript.message(BOT_NAME, erased.content, mark="  (only Mei sees this)")
