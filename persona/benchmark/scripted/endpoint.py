"""The scripted assistant and optimizer behind a real endpoint, as a language model would be."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from pydantic import HttpUrl

from persona.benchmark.dataset import Dataset
from persona.benchmark.plan import RULES
from persona.benchmark.scripted.assistant import respond
from persona.benchmark.scripted.book import Book
from persona.benchmark.scripted.optimizer import propose, propose_nothing
from persona.learning.proposal import TOOL_NAME
from persona.offline.server import RuleEndpoint
from persona.settings import ChatRoleSettings, EndpointSettings, ModelsSettings, RoleSettings

# Nobody watches it being written.
_PIECE = 1_000_000


@contextlib.asynccontextmanager
async def scripted_models(dataset: Dataset) -> AsyncIterator[ModelsSettings]:
    """Open an endpoint with rules for `dataset`, and yield settings by which it is asked."""
    book = Book(dataset.scenes, dataset.queries, dataset.probes)
    async with RuleEndpoint(partial(_respond, book), piece=_PIECE) as endpoint:
        yield ModelsSettings(
            endpoints={"default": EndpointSettings(base_url=HttpUrl(endpoint.base_url))},
            chat=ChatRoleSettings(model=RULES),
            optimizer=RoleSettings(model=RULES),
        )


@contextlib.asynccontextmanager
async def idle_optimizer() -> AsyncIterator[EndpointSettings]:
    """Open an endpoint whose optimizer never proposes anything: a control."""
    async with RuleEndpoint(propose_nothing, piece=_PIECE) as endpoint:
        yield EndpointSettings(base_url=HttpUrl(endpoint.base_url))


def _respond(book: Book, messages: list[dict[str, Any]], tools: list[str]) -> dict[str, Any]:
    if TOOL_NAME in tools:
        return propose(messages)
    return respond(messages, tools, book)
