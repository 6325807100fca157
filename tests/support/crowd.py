"""Many people who talk with the bot at once, on several servers, and what reached whom."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Literal

import simcord
from simcord.enums import MessageType

from bot.sandbox.world import World
from tests.support.echo import ASK, REMEMBER
from tests.support.model import ScriptedModel
from tests.support.secrets import FORMS, Secret, found, words

# For a burst, on a busy machine.
_PATIENCE_SECONDS = 300.0

Kind = Literal["public", "private", "direct"]
Member = simcord.MemberActor


@dataclass(slots=True)
class Place:
    """A thread or direct messages. `told` is what stood there when others came to read along."""

    place_id: int
    kind: Kind
    scope: str
    opener: int
    shared_from: Mark | None = None
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment: how many requests there were to the model, and to Discord."""

    model: int
    discord: int


@dataclass
class Leaks:
    """What was found where it must not be, and how much was seen where it may."""

    found: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


@dataclass
class Crowd:
    """People by name on several servers, with everything they told."""

    world: World
    model: ScriptedModel
    guilds: list[simcord.GuildHandle]
    channels: list[simcord.ChannelHandle]
    actors: dict[int, dict[str, Member]]
    random: Random
    secrets: dict[str, Secret] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    opening: list[Place] = field(default_factory=list)
    by_message: dict[int, Secret] = field(default_factory=dict)
    # Who must not be told of anybody else: the actor's share of the requests to Discord.
    acts: list[tuple[int, int, int]] = field(default_factory=list)
    shown: list[tuple[int, str]] = field(default_factory=list)
    # What was told up to a number is over from a moment on.
    over: list[tuple[int, str | None, int, Mark]] = field(default_factory=list)

    @property
    def people(self) -> list[int]:
        return list(self.actors)

    def channel(self, scope: str) -> simcord.ChannelHandle:
        """Return the channel of the server with this scope."""
        return next(
            channel
            for guild, channel in zip(self.guilds, self.channels, strict=True)
            if scope == f"guild:{guild.id}"
        )

    def mark(self) -> Mark:
        return Mark(len(self.model.requests), len(self.world.env.http_requests))

    # ------------------------------------------------------------------ talking

    async def burst(self, size: int) -> None:
        """Let `size` messages come at once, whoever they are from."""
        for _ in range(size):
            self._speak(self.random.choice(self.people))
        await self.world.env.settle(timeout=_PATIENCE_SECONDS)
        # Now the bot has opened them.
        for place in self.opening:
            self.places[place.place_id] = place
        self.opening.clear()

    def _speak(self, person: int) -> None:
        scope = self.random.choice(list(self.actors[person]))
        chance = self.random.random()
        own = self._pick("public", scope, person)
        if chance < 0.15 or (chance < 0.4 and own is None):
            self._say(person, scope, None)
        elif chance < 0.4:
            self._say(person, scope, own)
        elif chance < 0.6:
            self._say(person, scope, self._pick("private", scope, person))
        elif chance < 0.75:
            self._say(person, "dm", self._direct(person))
        else:
            guest = self._elsewhere(scope, person)
            self._say(person, scope, guest, heard=chance < 0.93)

    def _pick(self, kind: Kind, scope: str, opener: int) -> Place | None:
        # The latest, so that threads go on for a while.
        there = [
            place
            for place in self.places.values()
            if (place.kind, place.scope, place.opener) == (kind, scope, opener)
        ]
        return self.random.choice(there[-3:]) if there else None

    def _elsewhere(self, scope: str, person: int) -> Place | None:
        there = [
            place
            for place in list(self.places.values())[-60:]
            if place.scope == scope
            and place.opener != person
            and (place.kind == "public" or place.shared_from)
        ]
        shared = [place for place in there if place.kind == "private"]
        return self.random.choice(shared or there) if there else None

    def _direct(self, person: int) -> Place:
        user = next(iter(self.actors[person].values())).user
        channel = user.dm_channel.id
        return self.places.setdefault(channel, Place(channel, "direct", "dm", person))

    def _say(self, person: int, scope: str, place: Place | None, *, heard: bool = True) -> Secret:
        """Let somebody tell a secret in `place`, or in the channel, which opens a thread."""
        backend, form = self.world.env.backend, self.random.choice(FORMS)
        number = len(self.secrets)
        said = form.text.format(words(number))
        chance = self.random.random()
        if chance < 0.12:
            said = REMEMBER + said
        elif chance < 0.2:
            said += f"{ASK}{backend.get_user(self.random.choice(self.people)).name}?"
        heard = heard or place is None
        elsewhere = place is None or place.opener != person
        if heard and elsewhere:
            said = f"{self.world.bot_mention} {said}"
        channel = place.place_id if place else self.channel(scope).id
        message = backend.create_message(channel, person, said)
        there = place.place_id if place else message.id
        secret = Secret(words(number), number, person, scope, there, form, heard)
        self.secrets[secret.words] = self.by_message[message.id] = secret
        if place is None:
            self.opening.append(Place(there, "public", scope, person))
        return secret

    async def open_private(self, person: int) -> None:
        """Let somebody open a private thread on each of their servers."""
        for scope, actor in self.actors[person].items():
            channel = self.channel(scope)
            before = {thread.id for thread in channel.threads}
            async with self.act(person):
                await actor.slash(channel, "chat new")
            (thread,) = {thread.id for thread in channel.threads} - before
            self.places[thread] = Place(thread, "private", scope, person)

    async def share(self, place: Place) -> None:
        """Let somebody else into a private thread: they are added, or they just write."""
        env = self.world.env
        others = [
            person
            for person, actors in self.actors.items()
            if place.scope in actors and person != place.opener
        ]
        other = self.random.choice(others)
        place.told = frozenset(
            secret
            for message in env.backend.messages[place.place_id].values()
            for secret in found(message.content or "")
        )
        place.shared_from = self.mark()
        # Whoever is added or writes is a member, of which Discord does not tell every bot.
        env.backend.get_thread(place.place_id).thread_members[other] = env.backend.now_iso()
        if self.random.random() < 0.5:
            env.backend.create_system_message(
                place.place_id, MessageType.RECIPIENT_ADD, place.opener, recipient_id=other
            )
        else:
            self._say(other, place.scope, place, heard=False)
        await env.settle()

    async def end(self) -> None:
        """Let all conversations end, and what is due be learned."""
        await self.world.advance(timedelta(hours=2))
        await self.world.tick()

    def forgotten(self, person: int, scope: str | None) -> None:
        """From now on nothing of what the person told so far may come up, in `scope` or at all."""
        self.over.append((person, scope, len(self.secrets), self.mark()))

    def told_to(self, person: int, text: str) -> None:
        """Note what somebody was shown in a way that is not among the requests to Discord."""
        self.shown += [(person, secret) for secret in found(text)]

    @asynccontextmanager
    async def act(self, person: int) -> AsyncIterator[None]:
        """What the bot tells inside this context, it tells to this person alone."""
        first = len(self.world.env.http_requests)
        yield
        self.acts.append((first, len(self.world.env.http_requests), person))

    # ------------------------------------------------------------------ looking

    def leaks(self) -> Leaks:
        """Look at every request to the model and to Discord."""
        leaks = Leaks()
        for number, body in enumerate(self.model.requests):
            at = Mark(number, -1)
            text = json.dumps(body["messages"])
            said = [str(m["content"]) for m in body["messages"] if m["role"] == "user"]
            about = found(said[-1]) or found(text)
            if not about:
                continue
            asked = self.secrets[about[-1]]
            learning = "apply_persona_updates" in json.dumps(body.get("tools", ""))
            place = None if learning else self.places[asked.place]
            leaks.seen["learning" if learning else f"in {self.places[asked.place].kind}"] += 1
            self._look(leaks, f"model request {number}", found(text), asked.person, asked.scope,
                       place, at)  # fmt: skip
        for person, secret in self.shown:
            self._look(leaks, "shown", [secret], person, self.secrets[secret].scope, None,
                       self.mark())  # fmt: skip
        self._look_at_discord(leaks)
        return leaks

    def _look_at_discord(self, leaks: Leaks) -> None:
        spoke: dict[int, set[int]] = defaultdict(set)
        for secret in self.secrets.values():
            spoke[secret.place].add(secret.person)
        acting: dict[int, set[int]] = defaultdict(set)
        for first, end, person in self.acts:
            for number in range(first, end):
                acting[number].add(person)
        for number, request in enumerate(self.world.env.http_requests):
            text = json.dumps(request.json)
            shown = found(text)
            if not shown:
                continue
            where = f"{request.method} {request.path}"
            answered = re.match(r"(\d+)-", str((request.json or {}).get("nonce", "")))
            asked = self.secrets[shown[0]]
            people = acting.get(number) or {asked.person}
            if answered and int(answered[1]) in self.by_message:
                people = {self.by_message[int(answered[1])].person}
            posted = re.match(r"/channels/(\d+)/messages(/\d+)?$", request.path)
            place = self.places.get(int(posted[1])) if posted else None
            scope = place.scope if place else asked.scope
            leaks.seen["shown"] += 1
            for person in people:
                self._look(leaks, where, shown, person, scope, place, Mark(-1, number))
                if place and person not in spoke[place.place_id]:
                    leaks.found.append(f"{where}: {person} never spoke there")

    def _look(
        self,
        leaks: Leaks,
        where: str,
        shown: Iterable[str],
        person: int,
        scope: str,
        place: Place | None,
        at: Mark,
    ) -> None:
        for told in shown:
            secret = self.secrets[told]
            if secret.person != person:
                leaks.found.append(f"{where}: {person} gets what {secret.person} told")
            elif secret.scope != scope:
                leaks.found.append(f"{where}: told in {secret.scope}, used in {scope}")
            elif not secret.heard:
                leaks.found.append(f"{where}: not told to the bot")
            elif self._is_over(secret, at):
                leaks.found.append(f"{where}: forgotten before")
            elif place is not None and secret.place != place.place_id:
                along = self._others_read(place, person, at)
                if along and not secret.form.safe and told not in place.told:
                    leaks.found.append(f"{where}: {secret.form.slot} where others read along")
                safe = "safe" if secret.form.safe else "unsafe"
                leaks.seen[f"{safe} from elsewhere, {'read along' if along else 'alone'}"] += 1

    @staticmethod
    def _others_read(place: Place, person: int, at: Mark) -> bool:
        if place.kind == "direct":
            return False
        if place.kind == "public" or place.opener != person:
            return True
        return place.shared_from is not None and not _before(at, place.shared_from)

    def _is_over(self, secret: Secret, at: Mark) -> bool:
        return any(
            secret.person == person
            and scope in (None, secret.scope)
            and secret.number < number
            and not _before(at, since)
            for person, scope, number, since in self.over
        )


def _before(at: Mark, since: Mark) -> bool:
    return at.discord < since.discord if at.model < 0 else at.model < since.model


async def gather(world: World, model: ScriptedModel, servers: int, seed: int) -> Crowd:
    """Spread the world's members over `servers`: everybody on one, many on several."""
    random, env = Random(seed), world.env
    guilds = [world.guild, *(env.create_guild(f"Server {n}") for n in range(2, servers + 1))]
    channels = [world.channel, *(guild.create_text_channel("general") for guild in guilds[1:])]
    actors: dict[int, dict[str, Member]] = {}
    for number, member in enumerate(world.members.values()):
        actors[member.id] = {}
        for index, guild in enumerate(guilds):
            if index == number % servers or random.random() < 0.5:
                actor = member if index == 0 else guild.add_member(member.user)
                actors[member.id][f"guild:{guild.id}"] = actor
    for guild in guilds:
        await world.services.guilds.set_threads(guild.id, "private")
    await world.start_bot()
    return Crowd(world, model, guilds, channels, actors, random)
