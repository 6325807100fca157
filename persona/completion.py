"""What a model answered: values, and reading them from what servers send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openai.types.chat import ChatCompletion, ChatCompletionChunk

from persona.errors import ModelUnavailable
from persona.tokens import estimate

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens a reply cost, and the model that was paid for it."""

    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            other.model,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model asks for; `arguments` is the JSON it wrote, unchecked."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    finish_reason: str
    usage: Usage

    def as_message(self) -> Message:
        """Return the answer as a turn of the prompt, for going on from it.

        The content is never null: several servers turn such a turn down.
        """
        message: Message = {"role": "assistant", "content": self.text}
        if self.tool_calls:
            message["tool_calls"] = [
                {
                    "id": call.call_id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in self.tool_calls
            ]
        return message


@dataclass(slots=True)
class StreamedAnswer:
    """Gathers a streamed answer. Servers differ: indexes may be missing, calls come whole."""

    model: str
    text: list[str] = field(default_factory=list)
    calls: dict[int, list[str]] = field(default_factory=dict)
    finish_reason: str = ""
    reported: Any = None

    def take(self, chunk: ChatCompletionChunk) -> str:
        """Add a chunk; return the text in it."""
        if chunk.usage is not None:
            self.reported = chunk.usage
        if not chunk.choices:
            return ""
        choice: Any = chunk.choices[0]  # Typed by the SDK, but filled in by whatever server it is.
        self.finish_reason = choice.finish_reason or self.finish_reason
        if choice.delta is None:
            return ""
        for piece in choice.delta.tool_calls or ():
            position = piece.index if piece.index is not None else len(self.calls)
            call = self.calls.setdefault(position, ["", "", ""])
            call[0] = piece.id or call[0]
            if piece.function is not None:
                call[1] = piece.function.name or call[1]
                call[2] += piece.function.arguments or ""
        content: str = choice.delta.content or ""
        if content:
            self.text.append(content)
        return content

    def completion(self, messages: Sequence[Message]) -> Completion:
        """Return the whole answer to `messages`, from which missing usage is estimated."""
        text = "".join(self.text)
        calls = tuple(
            ToolCall(call_id or f"call_{position}", name, arguments)
            for position, (call_id, name, arguments) in sorted(self.calls.items())
        )
        usage = _usage(self.reported, self.model, messages, text)
        return Completion(text, calls, self.finish_reason, usage)


def read_answer(answer: ChatCompletion, model: str, messages: Sequence[Message]) -> Completion:
    """Return a whole answer. Raises `ModelUnavailable` when there is nothing in it."""
    if not answer.choices:
        raise ModelUnavailable("The model endpoint sent an answer with nothing in it.")
    choice: Any = answer.choices[0]
    calls = tuple(
        ToolCall(call.id, call.function.name, call.function.arguments)
        for call in choice.message.tool_calls or ()
        if call.type == "function"
    )
    text = choice.message.content or ""
    usage = _usage(answer.usage, model, messages, text + "".join(call.arguments for call in calls))
    return Completion(text, calls, choice.finish_reason or "", usage)


def _usage(reported: Any, model: str, messages: Sequence[Message], text: str) -> Usage:
    if reported is not None:
        return Usage(model, reported.prompt_tokens or 0, reported.completion_tokens or 0)
    prompt = sum(estimate(str(message.get("content") or "")) for message in messages)
    return Usage(model, prompt, estimate(text))
