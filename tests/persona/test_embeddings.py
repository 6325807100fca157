from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator

import pytest
from pydantic import HttpUrl

from persona.embeddings import Embeddings
from persona.errors import ModelRefused, ModelUnavailable
from persona.settings import EndpointSettings
from tests.support.model import Act, Bytes, Raw, ScriptedModel, Status, Trickle


@pytest.fixture
async def embeddings(model: ScriptedModel) -> AsyncIterator[Embeddings]:
    model.topics = (("dog",), ("cat",))
    endpoint = EndpointSettings(base_url=HttpUrl(model.base_url), max_retries=0, timeout_seconds=5)
    opened = Embeddings("near", endpoint, "small", None)
    yield opened
    await opened.close()


async def test_vectors_come_in_the_order_of_the_texts_with_length_one(
    embeddings: Embeddings,
) -> None:
    texts = [*["a cat"] * 40, *["dog dog cat"] * 40, "neither"]
    vectors = await embeddings.embed(texts)
    assert [tuple(vector) for vector in vectors[:40]] == [(0, 1)] * 40
    assert all(math.isclose(math.hypot(*vector), 1, rel_tol=1e-6) for vector in vectors[:80])
    assert tuple(vectors[80]) == (0, 0)


async def test_many_texts_go_in_portions_and_long_ones_are_cut(
    embeddings: Embeddings, model: ScriptedModel
) -> None:
    await embeddings.embed(["ก" * 4000, *["dog"] * 70])
    assert [len(batch) for batch in model.embedded] == [32, 32, 7]
    assert 100 < len(model.embedded[0][0]) < 500
    assert await embeddings.embed([]) == []


def answer(*vectors: object) -> Raw:
    data = [
        {"object": "embedding", "index": number, "embedding": vector}
        for number, vector in enumerate(vectors)
    ]
    return Raw({"object": "list", "model": "m", "data": data})


@pytest.mark.parametrize(
    ("act", "error", "part"),
    [
        (Status(401), ModelRefused, "MODEL_API_KEY"),
        (Status(404), ModelRefused, "'small'"),
        (Status(429), ModelUnavailable, "HTTP 429"),
        (Status(500), ModelUnavailable, "HTTP 500"),
        (Raw("<html>"), ModelUnavailable, "no embedding"),
        (Raw({}), ModelUnavailable, "no embedding"),
        (Raw({"data": None}), ModelUnavailable, "no embedding"),
        (answer(), ModelUnavailable, "no embedding"),
        (answer([1.0]), ModelUnavailable, "no embedding"),
        (answer([1.0], []), ModelUnavailable, "no embedding"),
        (answer([1.0], [1.0, 2.0]), ModelUnavailable, "no embedding"),
        (answer([1.0], ["x"]), ModelUnavailable, "no embedding"),
        (answer([1.0], [1e999]), ModelUnavailable, "no embedding"),
        (answer([1.0], None), ModelUnavailable, "no embedding"),
        (answer([1.0, 2.0], [10**400, 2.0]), ModelUnavailable, "no embedding"),
        (Bytes(b"[" * 50_000 + b"]" * 50_000), ModelUnavailable, "no embedding"),
    ],
)
async def test_what_fails_is_one_sentence_without_the_texts(
    embeddings: Embeddings,
    model: ScriptedModel,
    act: Act,
    error: type[Exception],
    part: str,
) -> None:
    assert isinstance(act, Status | Raw | Bytes)
    model.embeddings_act = act
    with pytest.raises(error) as caught:
        await embeddings.embed(["secret dog", "secret cat"])
    assert "'near'" in str(caught.value)
    assert part in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_an_answer_that_trickles_for_ever_took_too_long(model: ScriptedModel) -> None:
    model.embeddings_act = Trickle()
    endpoint = EndpointSettings(
        base_url=HttpUrl(model.base_url), max_retries=0, timeout_seconds=1, answer_seconds=1
    )
    embeddings = Embeddings("near", endpoint, "small", None)
    async with asyncio.timeout(30):
        with pytest.raises(ModelUnavailable, match="took too long"):
            await embeddings.embed(["dog"])
    await embeddings.close()


async def test_an_endpoint_that_is_not_there_is_named() -> None:
    endpoint = EndpointSettings(base_url=HttpUrl("http://127.0.0.1:9/v1"), max_retries=0)
    embeddings = Embeddings("near", endpoint, "small", None)
    with pytest.raises(ModelUnavailable, match=r"cannot be reached at http://127\.0\.0\.1:9"):
        await embeddings.check()
    await embeddings.close()
