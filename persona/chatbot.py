"""The chatbot: from a turn to a streamed, personalized reply (paper, section 3.2)."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from persona.attachments.attachment import Attachment
from persona.attachments.prompt import pieces
from persona.attachments.shown import content_of
from persona.budget import Budget
from persona.completion import Completion, Message, Usage
from persona.errors import AnswerFiltered, ContextOverflow, InvalidAnswer
from persona.grounds import Grounds
from persona.models import Models
from persona.personalization.personalizer import Personalizer
from persona.personalization.quoting import messages, quoted
from persona.personalization.strategy import Personalization
from persona.sessions import Sessions
from persona.settings import ChatSettings
from persona.stopping import Stop
from persona.tools import ToolContext, ToolExecutor
from persona.tools.executor import nobody_joins
from persona.turns import Line, Turn

logger = logging.getLogger(__name__)

# How a reply ended: by itself, at its longest, by a content filter, or at its person's wish.
Ending = Literal["whole", "cut", "filtered", "stopped"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished reply, what it cost, what it rests on, and how it ended."""

    text: str
    usage: Usage
    grounds: Grounds
    ending: Ending = "whole"


@dataclass(frozen=True, slots=True)
class _Prompt:
    """What the model is sent, what it quotes about the person, and what the reply rests on."""

    messages: list[Message]
    known: tuple[str, ...]
    grounds: Grounds


class Chatbot:
    """Answers turns. It stores nothing; the session manager does."""

    def __init__(
        self,
        *,
        models: Models,
        tools: ToolExecutor,
        sessions: Sessions,
        personalizer: Personalizer,
        budget: Budget,
        settings: ChatSettings,
    ) -> None:
        self._models = models
        self._tools = tools
        self._sessions = sessions
        self._personalizer = personalizer
        self._budget = budget
        self._settings = settings

    async def reply(
        self,
        turn: Turn,
        *,
        public: bool,
        joined: Callable[[], bool] = nobody_joins,
        personalization: Personalization | None = None,
        tools: ToolExecutor | None = None,
        stop: Stop | None = None,
    ) -> AsyncGenerator[str | Reply, None]:
        """Yield pieces of the reply as they come, and the whole `Reply` at the end.

        `public` says whether others can read along, `joined` whether they came since: tools look at
        each call, and the reply is the caller's to give up; `personalization` is the operator's
        unless a benchmark or a study gives another, and none where the turn is incognito; `tools`
        are there in place of the bot's own, as in a benchmark's scene; `stop` ends the reply early.
        Raises `ModelError` when there is no answer, `BudgetSpent` when the
        person has to wait for one, `SettingsError` when the reply cannot be personalized as asked.
        Whoever takes no more of it closes it, as `Models.stream`.
        """
        await self._budget.check(turn.person_id)
        stop = stop or Stop()
        executor = tools or self._tools
        chosen = personalization or self._personalizer.live
        if turn.incognito:
            chosen = Personalization("none")
        history = self._settings.history_tokens
        prompt = await self._prompt(turn, chosen, history, public=public)
        context = ToolContext(turn, public, list(prompt.known), joined)
        text: list[str] = []
        total = Usage()
        rounds_left = self._settings.tool_rounds
        while True:
            offered = executor.schemas(incognito=turn.incognito) if rounds_left else []
            if text:
                text.append("\n\n")
                yield text[-1]
            try:
                answer = self._models.stream("chat", prompt.messages, offered, stop)
                async with contextlib.aclosing(answer):
                    async for piece in answer:
                        if isinstance(piece, str):
                            text.append(piece)
                            yield piece
                        else:
                            completion = piece
            except ContextOverflow:
                is_first = rounds_left == self._settings.tool_rounds
                if not is_first or history < self._settings.history_tokens:
                    raise
                history //= 2
                prompt = await self._prompt(turn, chosen, history, public=public)
                continue
            total += completion.usage
            if stop.asked or not completion.tool_calls or not rounds_left:
                break
            prompt.messages.extend(await _call_tools(executor, completion, context))
            rounds_left -= 1
        whole = "".join(text)
        if not whole.strip():
            if completion.finish_reason == "content_filter" or completion.refusal:
                raise AnswerFiltered("The model gave no answer but a refusal.")
            raise InvalidAnswer("The model gave an empty answer.")
        yield Reply(whole, total, prompt.grounds, _ending(completion, stop))

    async def _prompt(
        self, turn: Turn, chosen: Personalization, history_tokens: int, *, public: bool
    ) -> _Prompt:
        """Return the prompt: the operator's text, the persona, what was said, the message.

        In that order the beginning stays the same between turns, so providers can cache it; what
        is chosen for the message alone stands right before it.
        """
        standing = await self._personalizer.standing(turn, chosen, public=public)
        history = await self._sessions.history(
            turn,
            history_tokens,
            # The earlier sessions stand in the block then.
            this_session=bool(standing.text) and chosen.strategy == "full_history",
        )
        in_prompt = {line.turn_id for line in history}
        passing = await self._personalizer.passing(turn, chosen, in_prompt, public=public)
        attached = await self._sessions.attached(turn)
        *conversation, last = _conversation(history, turn, attached)
        prompt = [
            {"role": "system", "content": self._settings.instructions},
            *messages(standing.text),
            *conversation,
            *messages(passing),
            last,
        ]
        grounds = await self._personalizer.grounds(turn, chosen, standing, public=public)
        return _Prompt(prompt, quoted(standing.text + passing), grounds)


async def _call_tools(
    executor: ToolExecutor, completion: Completion, context: ToolContext
) -> list[Message]:
    answers = await executor.run(completion.tool_calls, context)
    return [
        completion.as_message(),
        *(
            {"role": "tool", "tool_call_id": call.call_id, "content": answer}
            for call, answer in zip(completion.tool_calls, answers, strict=True)
        ),
    ]


def _ending(completion: Completion, stop: Stop) -> Ending:
    if stop.asked:
        return "stopped"
    if completion.finish_reason == "length":
        return "cut"
    return "filtered" if completion.finish_reason == "content_filter" else "whole"


def _conversation(
    history: list[Line], turn: Turn, attached: tuple[Attachment, ...]
) -> list[Message]:
    """Join messages that stand side by side: some models insist that the roles alternate."""
    lines = [*history, Line("person", turn.text, 0, turn.message_id, attached)]
    return [
        {
            "role": "user" if author == "person" else "assistant",
            "content": content_of(
                [piece for line in group for piece in pieces(line.text, line.attachments)]
            ),
        }
        for author, group in groupby(lines, key=lambda line: line.author)
    ]
