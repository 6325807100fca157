"""What a model answered: values, and reading them from what servers send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openai.types.chat import ChatCompletion, ChatCompletionChunk

from persona.errors import InvalidAnswer, ModelUnavailable
from persona.tokens import estimate

Message = dict[str, Any]

# What reading an answer raises when the server's idea of the protocol is another.
MISSHAPEN = (AttributeError, KeyError, TypeError, ValueError)


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
    half: str = ""

    def take(self, chunk: ChatCompletionChunk) -> str:
        """Add a chunk; return the text in it, up to the last whole character."""
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
        content: str = self.half + (choice.delta.content or "")
        # A chunk may end in the middle of an emoji, between the halves of a surrogate pair.
        self.half = content[-1:] if "\ud800" <= content[-1:] <= "\udbff" else ""
        content = _whole(content.removesuffix(self.half) if self.half else content)
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


def read_answer(answer: object, model: str, messages: Sequence[Message]) -> Completion:
    """Return a whole answer.

    Raises `ModelUnavailable` when what was sent is no answer at all, `InvalidAnswer` when it is one
    that cannot be read.
    """
    # The SDK passes on what is not JSON as text: the page of a proxy, say.
    if not isinstance(answer, ChatCompletion) or not answer.choices:
        raise ModelUnavailable("The model endpoint sent something that is no answer.")
    try:
        return _read(answer, model, messages)
    except MISSHAPEN as error:
        raise InvalidAnswer("The model's answer has another shape than the protocol's.") from error


def _read(answer: ChatCompletion, model: str, messages: Sequence[Message]) -> Completion:
    choice: Any = answer.choices[0]
    calls = tuple(
        ToolCall(call.id, call.function.name, call.function.arguments)
        for call in choice.message.tool_calls or ()
        if call.type == "function"
    )
    text = _whole(choice.message.content or "")
    usage = _usage(answer.usage, model, messages, text + "".join(call.arguments for call in calls))
    return Completion(text, calls, choice.finish_reason or "", usage)


def _whole(text: str) -> str:
    """Join halves of surrogate pairs; single ones cannot be stored or sent."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _usage(reported: Any, model: str, messages: Sequence[Message], text: str) -> Usage:
    counted = (
        getattr(reported, "prompt_tokens", None),
        getattr(reported, "completion_tokens", None),
    )
    if isinstance(counted[0], int) and isinstance(counted[1], int):
        return Usage(model, counted[0], counted[1])
    prompt = sum(estimate(str(message.get("content") or "")) for message in messages)
    return Usage(model, prompt, estimate(text))
