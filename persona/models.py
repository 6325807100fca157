"""Model endpoints, spoken to through the OpenAI SDK's chat completions.

Any server that speaks that protocol works. The SDK is the one retry layer; on top of it a role may
name further models, tried in order when the one before is out of reach.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk
from pydantic import SecretStr

from persona.attachments.shown import as_sent, has_pictures
from persona.completion import MISSHAPEN, Completion, Message, StreamedAnswer, read_answer
from persona.errors import (
    AnswerFiltered,
    ContextOverflow,
    ModelError,
    ModelRefused,
    ModelUnavailable,
)
from persona.settings import ModelsSettings, RoleSettings
from persona.stopping import Stop
from persona.streaming import ended, until
from persona.structured import Question, TurnedDown, Way, may_blame_the_way
from persona.ways import Target, Ways

logger = logging.getLogger(__name__)

Role = Literal["chat", "optimizer", "simulator", "judge", "generator", "api"]

# What the bot itself asks; the others are asked by the benchmark only.
BOT_ROLES: tuple[Role, ...] = ("chat", "optimizer")

T = TypeVar("T")

# Local servers need no key, but the SDK insists on one.
_NO_KEY = "none"

_CHECK_SECONDS = 10

# Tokens are seldom longer than this, but a line or a gap can be one.
_TOKEN_CHARACTERS = 8
_SPARE_CHARACTERS = 1000
# Of an answer without a limit: over thirty messages, which nobody asked for.
_MOST_CHARACTERS = 64_000

# OpenAI, vLLM, llama.cpp, LM Studio and gateways each have their own words for it.
_NOT_READ = frozenset({400, 413, 422, 500})
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|(?:maximum|available|model'?s) context"
    r"|context (?:length|size|window|overflow)|prompt is too long|too many (?:input )?tokens",
    re.I,
)


class Models:
    """One client per endpoint, kept open; `close` closes them."""

    def __init__(
        self,
        settings: ModelsSettings,
        api_keys: Mapping[str, SecretStr | None],
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`api_keys` maps an endpoint's name to its key, or to None where it needs none.

        Requests go through `transport` if one is given, which is closed with the clients.
        """
        self._settings = settings
        self._without_tools: set[Target] = set()
        self._ways = Ways()
        self._clients = {
            name: AsyncOpenAI(
                base_url=str(endpoint.base_url),
                api_key=key.get_secret_value() if (key := api_keys.get(name)) else _NO_KEY,
                timeout=endpoint.timeout_seconds,
                max_retries=endpoint.max_retries,
                http_client=(
                    openai.DefaultAsyncHttpxClient(transport=transport) if transport else None
                ),
            )
            for name, endpoint in settings.endpoints.items()
        }

    def _role(self, role: Role) -> RoleSettings:
        return self._settings.role(role)

    def _targets(self, role: Role) -> list[Target]:
        settings = self._role(role)
        targets = [Target(settings.endpoint, settings.model)]
        for fallback in settings.fallbacks:
            endpoint, _, model = fallback.partition("/")
            targets.append(Target(endpoint, model))
        return targets

    def _sees(self, role: Role, target: Target) -> bool:
        """Return whether `target` reads pictures: of a role's models only its first may."""
        return role == "chat" and self._settings.chat.sees and target == self._targets(role)[0]

    def _options(self, role: Role) -> dict[str, Any]:
        settings = self._role(role)
        options: dict[str, Any] = {}
        if settings.temperature is not None:
            options["temperature"] = settings.temperature
        if settings.max_output_tokens is not None:
            options["max_completion_tokens"] = settings.max_output_tokens
        return options

    def _room(self, role: Role) -> int:
        """Return how many characters of a streamed answer are read, whatever the endpoint heeds."""
        limit = self._role(role).max_output_tokens
        if limit is None:
            return _MOST_CHARACTERS
        return limit * _TOKEN_CHARACTERS + _SPARE_CHARACTERS

    def _answer_seconds(self, target: Target) -> float:
        return self._settings.endpoints[target.endpoint].answer_seconds

    async def stream(
        self,
        role: Role,
        messages: Sequence[Message],
        tools: Sequence[Message] = (),
        stop: Stop | None = None,
    ) -> AsyncGenerator[str | Completion, None]:
        """Yield pieces of the answer's text as they come, and the whole `Completion` at the end.

        `stop` ends it early. Raises `ModelUnavailable` or `ModelRefused` when no model of the role
        gives an answer, `AnswerFiltered` when a content filter forbids one. Whoever takes no more
        of it closes it (`contextlib.aclosing`), and with it the connection.
        """
        stop = stop or Stop()
        targets = self._targets(role)
        for target, is_last in _with_last(targets):
            begun = False
            try:
                answer = self._stream_from(role, target, messages, tools, stop)
                async with contextlib.aclosing(answer):
                    async for piece in answer:
                        begun = True
                        yield piece
                return
            except ModelError as error:
                # What has been shown cannot be taken back, so a broken answer is not restarted.
                if begun or is_last:
                    raise
                _log_fallback(target, error)

    async def _stream_from(
        self,
        role: Role,
        target: Target,
        messages: Sequence[Message],
        tools: Sequence[Message],
        stop: Stop,
    ) -> AsyncGenerator[str | Completion, None]:
        answer = StreamedAnswer(target.model, self._room(role))
        deadline = asyncio.get_running_loop().time() + self._answer_seconds(target)
        with self._translated(target):
            try:
                async with stop.within(deadline):
                    stream = await self._open_stream(role, target, messages, tools)
            except TimeoutError:
                if not stop.asked:
                    raise
                yield answer.completion(messages)
                return
        with self._translated(target, begun=True):
            chunks = until(deadline, stream, stop)
            async with ended(stream), contextlib.aclosing(chunks):
                async for chunk in chunks:
                    text = answer.take(chunk)
                    if text:
                        yield text
                    if answer.is_full:
                        logger.warning(
                            "answer does not end",
                            extra={"endpoint": target.endpoint, "model": target.model},
                        )
                        break
        if rest := answer.rest():
            yield rest
        yield answer.completion(messages)

    async def _open_stream(
        self, role: Role, target: Target, messages: Sequence[Message], tools: Sequence[Message]
    ) -> AsyncStream[ChatCompletionChunk]:
        """Some servers refuse requests that offer tools; those are asked without from then on."""
        offered = () if target in self._without_tools else tools
        sees = self._sees(role, target) and has_pictures(messages)
        options = {
            "model": target.model,
            "messages": as_sent(messages, sees=self._sees(role, target)),
            "stream": True,
            "stream_options": {"include_usage": True},
            **self._options(role),
        }
        offer = {"tools": list(offered)} if offered else {}
        if sees:
            try:
                seen: AsyncStream[ChatCompletionChunk] = await self._create(target, options | offer)
                return seen
            except openai.APIStatusError as error:
                if not may_blame_the_way(error):
                    raise
            # One picture that it cannot read is not to cost the answer.
            logger.warning(
                "model did not take pictures",
                extra={"endpoint": target.endpoint, "model": target.model},
            )
            options["messages"] = as_sent(messages, sees=False)
        try:
            stream: AsyncStream[ChatCompletionChunk] = await self._create(target, options | offer)
        except openai.APIStatusError as error:
            if not offered or _is_about_content(error) or not may_blame_the_way(error):
                raise
            stream = await self._create(target, options)
            self._without_tools.add(target)
            logger.warning(
                "model does not take tools",
                extra={"endpoint": target.endpoint, "model": target.model},
            )
        return stream

    async def _create(self, target: Target, request: Mapping[str, Any]) -> Any:
        """Send a request for a chat completion.

        The SDK walks through what it is given, to rename what its own types have renamed; that took
        a fifth of all time in benchmarks. What stands in `extra_body` it sends as it is.
        """
        create: Any = self._clients[target.endpoint].chat.completions.create
        large = {name: request[name] for name in ("messages", "tools") if name in request}
        others = {name: value for name, value in request.items() if name not in large}
        return await create(messages=[], **others, extra_body=large)

    async def complete(self, role: Role, question: Question[T]) -> T:
        """Return what a model of the role answers, asked in the way its endpoint takes.

        Raises `ModelUnavailable` or `ModelRefused` when no model of the role gives an answer,
        `InvalidAnswer` when one gives an answer that is unusable.
        """
        for target, is_last in _with_last(self._targets(role)):
            try:
                return await self._ways.ask(
                    target, question, partial(self._ask, role, target, question)
                )
            except (ModelUnavailable, ModelRefused) as error:
                if is_last:
                    raise
                _log_fallback(target, error)
        raise ModelUnavailable("No model is configured.")

    async def _ask(
        self, role: Role, target: Target, question: Question[object], way: Way
    ) -> Completion:
        request = question.request(way)
        with self._translated(target):
            try:
                async with asyncio.timeout(self._answer_seconds(target)):
                    answer: object = await self._create(
                        target, {"model": target.model, **request, **self._options(role)}
                    )
            except openai.APIStatusError as error:
                if _is_about_content(error):
                    raise
                if may_blame_the_way(error):
                    raise TurnedDown(self._status_error(target, error.status_code)) from error
                raise
            return read_answer(answer, target.model, request["messages"])

    async def check_all(self, roles: Iterable[Role] = BOT_ROLES) -> None:
        """Check every one of `roles`; raises what `check` raises."""
        for role in roles:
            await self.check(role)

    async def check(self, role: Role) -> None:
        """Ask the role's first endpoint for its models, to see that it is there.

        Raises `ModelUnavailable` or `ModelRefused` when it is not, or turns the key down.
        """
        target = self._targets(role)[0]
        client = self._clients[target.endpoint].with_options(timeout=_CHECK_SECONDS, max_retries=0)
        with self._translated(target):
            try:
                async with asyncio.timeout(_CHECK_SECONDS):
                    await client.models.list()
            except openai.NotFoundError:
                logger.debug("endpoint lists no models", extra={"endpoint": target.endpoint})
            except (AttributeError, TypeError) as error:
                # The SDK trips over what is not JSON, such as a web page.
                url = self._settings.endpoints[target.endpoint].base_url
                raise ModelRefused(
                    f"At {url} is something else than a model endpoint {target.endpoint!r}. "
                    "Does base_url name the right port, and end in /v1?"
                ) from error

    @contextlib.contextmanager
    def _translated(self, target: Target, *, begun: bool = False) -> Iterator[None]:
        """Turn the SDK's errors into ours; theirs may quote the prompt.

        `begun` says that the answer was already coming.
        """
        name = f"The model endpoint {target.endpoint!r}"
        url = self._settings.endpoints[target.endpoint].base_url
        try:
            yield
        except (openai.APITimeoutError, TimeoutError) as error:
            raise ModelUnavailable(f"{name} ({url}) took too long to answer.") from error
        except openai.APIConnectionError as error:
            if begun:
                raise ModelUnavailable(f"{name} broke off its answer.") from error
            raise ModelUnavailable(
                f"{name} cannot be reached at {url}. Is it running, and is base_url right?"
            ) from error
        except openai.APIStatusError as error:
            raise self._refusal(target, error) from error
        except (openai.APIError, httpx2.HTTPError, *MISSHAPEN) as error:
            raise ModelUnavailable(f"{name} broke off its answer.") from error

    def _refusal(self, target: Target, error: openai.APIStatusError) -> ModelError:
        name = f"The model endpoint {target.endpoint!r}"
        if _is_filtered(error):
            return AnswerFiltered(f"{name} has a content filter, which stopped it.")
        if _is_too_long(error):
            return ContextOverflow(f"{name} cannot read so much at once.")
        return self._status_error(target, error.status_code)

    def _status_error(self, target: Target, status: int) -> ModelError:
        name = f"The model endpoint {target.endpoint!r}"
        endpoint = self._settings.endpoints[target.endpoint]
        if status in (401, 403):
            return ModelRefused(f"{name} turned the key down; check {endpoint.api_key_env}.")
        if status == 404:
            return ModelRefused(f"{name} has no model {target.model!r} at {endpoint.base_url}.")
        if status == 429:
            return ModelUnavailable(f"{name} is rate limited or out of quota.")
        if status >= 500 or status in (408, 409):
            return ModelUnavailable(f"{name} has a problem of its own (HTTP {status}).")
        return ModelRefused(f"{name} did not accept the request (HTTP {status}).")

    async def close(self) -> None:
        """Close every client."""
        for client in self._clients.values():
            await client.close()


def _is_filtered(error: openai.APIStatusError) -> bool:
    return error.code == "content_filter"


def _is_too_long(error: openai.APIStatusError) -> bool:
    return error.status_code in _NOT_READ and bool(
        _TOO_LONG.search(f"{error.code} {error.message}")
    )


def _is_about_content(error: openai.APIStatusError) -> bool:
    """Return whether it is what was said that is refused, not the way of asking."""
    return _is_filtered(error) or _is_too_long(error)


def _with_last(targets: Sequence[Target]) -> list[tuple[Target, bool]]:
    return [(target, number == len(targets)) for number, target in enumerate(targets, 1)]


def _log_fallback(target: Target, error: ModelError) -> None:
    logger.warning(
        "model out of reach, trying the next",
        extra={"endpoint": target.endpoint, "model": target.model, "reason": str(error)},
    )
