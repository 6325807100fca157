"""Embeddings of texts, from an endpoint that speaks OpenAI's protocol."""

from __future__ import annotations

import asyncio
import contextlib
import math
from array import array
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import httpx2
import openai
from openai import AsyncOpenAI
from pydantic import SecretStr

from persona.completion import MISSHAPEN
from persona.errors import ModelRefused, ModelUnavailable
from persona.settings import EndpointSettings
from persona.tokens import estimate

Vector: TypeAlias = "array[float]"

# Text Embeddings Inference takes no more at once unless told to.
_BATCH = 32
# Many models read 512 tokens, and some servers refuse what is longer.
_TEXT_TOKENS = 500


class Embeddings:
    """One model behind one endpoint; `close` closes the client."""

    def __init__(
        self, name: str, endpoint: EndpointSettings, model: str, api_key: SecretStr | None
    ) -> None:
        """`name` is the endpoint's; `api_key` is None where it needs none."""
        self.model = model
        self._name = name
        self._endpoint = endpoint
        self._client = AsyncOpenAI(
            base_url=str(endpoint.base_url),
            api_key=api_key.get_secret_value() if api_key else "none",
            timeout=endpoint.timeout_seconds,
            max_retries=endpoint.max_retries,
        )

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Return a vector of length one for each of `texts`, none of which is empty.

        Raises `ModelUnavailable` or `ModelRefused` when the endpoint gives none.
        """
        vectors: list[Vector] = []
        for start in range(0, len(texts), _BATCH):
            with self._translated():
                batch = [_beginning(text) for text in texts[start : start + _BATCH]]
                # Floats, because not every server knows the SDK's own choice, base64.
                async with asyncio.timeout(self._endpoint.answer_seconds):
                    answer = await self._client.embeddings.create(
                        model=self.model, input=batch, encoding_format="float"
                    )
                data = sorted(answer.data, key=lambda item: item.index)
                if [item.index for item in data] != list(range(len(batch))):
                    raise ValueError("not one embedding for each text")
                vectors += [_unit(item.embedding) for item in data]
                if len({len(vector) for vector in vectors}) != 1:
                    raise ValueError("embeddings of different lengths")
        return vectors

    async def check(self) -> int:
        """Return how many numbers a vector has. Raises what `embed` raises."""
        return len((await self.embed(["hello"]))[0])

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn the SDK's errors into ours; theirs may quote the texts."""
        name = f"The endpoint {self._name!r} of models.embeddings"
        try:
            yield
        except (openai.APIConnectionError, TimeoutError) as error:
            raise ModelUnavailable(
                f"{name} cannot be reached at {self._endpoint.base_url}, or took too long. "
                "Is it running, and is base_url right?"
            ) from error
        except openai.APIStatusError as error:
            status = error.status_code
            if status >= 500 or status in (408, 409, 429):
                raise ModelUnavailable(f"{name} has a problem (HTTP {status}).") from error
            raise ModelRefused(
                f"{name} gave no embeddings by the model {self.model!r} (HTTP {status}); check the "
                f"model and {self._endpoint.api_key_env}."
            ) from error
        except (openai.APIError, httpx2.HTTPError, *MISSHAPEN) as error:
            raise ModelUnavailable(f"{name} sent something that is no embedding.") from error

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()


def _beginning(text: str) -> str:
    """Return as much of `text` as every model reads."""
    while (tokens := estimate(text)) > _TEXT_TOKENS:
        text = text[: len(text) * _TEXT_TOKENS // tokens]
    return text


def _unit(numbers: Sequence[float]) -> Vector:
    length = math.hypot(*numbers)
    if not numbers or not math.isfinite(length):
        raise ValueError("not a vector")
    return array("f", (number / (length or 1.0) for number in numbers))
