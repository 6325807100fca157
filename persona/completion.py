"""What a model answered: values, and reading them from what servers send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from openai.types.chat import ChatCompletion, ChatCompletionChunk

from persona.errors import InvalidAnswer, ModelUnavailable
from persona.reasoning import ReasoningFilter
from persona.tokens import IMAGE_TOKENS, estimate

Message = dict[str, Any]

# What reading an answer raises when the server's idea of the protocol is another.
MISSHAPEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# Of one answer; contexts are a thousand times smaller.
_MOST_TOKENS = 1_000_000_000


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
    """A whole answer. `refusal` is what the model said in place of one."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    finish_reason: str
    usage: Usage
    refusal: str = ""

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
    """Gathers a streamed answer. Servers differ: indexes may be missing, calls come whole.

    Hidden reasoning is no part of the text. `room` is how many characters more are taken.
    """

    model: str
    room: int
    text: list[str] = field(default_factory=list)
    calls: dict[int, list[str]] = field(default_factory=dict)
    finish_reason: str = ""
    reported: Any = None
    half: str = ""
    refusal: str = ""
    reasoning: ReasoningFilter = field(default_factory=ReasoningFilter)

    def take(self, chunk: ChatCompletionChunk) -> str:
        """Add a chunk; return the text in it, up to the last whole character.

        Raises `ModelUnavailable` when the chunk says that the model failed.
        """
        if chunk.usage is not None:
            self.reported = chunk.usage
        if not chunk.choices:
            return ""
        choice: Any = chunk.choices[0]  # Typed by the SDK, but filled in by whatever server it is.
        self.finish_reason = choice.finish_reason or self.finish_reason
        _check_failure(choice)
        if choice.delta is None:
            return ""
        for piece in choice.delta.tool_calls or ():
            position = int(piece.index) if piece.index is not None else len(self.calls)
            call = self.calls.setdefault(position, ["", "", ""])
            call[0] = piece.id or call[0]
            if piece.function is not None:
                call[1] = _text(piece.function.name) or call[1]
                arguments = _written(piece.function.arguments)
                call[2] += arguments
                self.room -= len(arguments)
            self.room -= 1  # Empty pieces would go on for ever too.
        self.refusal += _text(getattr(choice.delta, "refusal", None))[: max(self.room, 0)]
        content: str = self.half + (choice.delta.content or "")
        # A chunk may end in the middle of an emoji, between the halves of a surrogate pair.
        self.half = content[-1:] if "\ud800" <= content[-1:] <= "\udbff" else ""
        shown = self._add(well_formed(content.removesuffix(self.half) if self.half else content))
        if self.is_full:
            self.finish_reason = "length"
        return shown

    @property
    def is_full(self) -> bool:
        """Whether no more is taken: the answer counts as cut off by its length."""
        return self.room <= 0

    def rest(self) -> str:
        """Return the last of the text, once there are no more chunks."""
        return self._add("", last=True)

    def _add(self, content: str, *, last: bool = False) -> str:
        shown = self.reasoning.rest() if last else self.reasoning.take(content)
        shown = shown[: max(self.room, 0)]
        if shown:
            self.text.append(shown)
            self.room -= len(shown)
        return shown

    def completion(self, messages: Sequence[Message]) -> Completion:
        """Return the whole answer to `messages`, from which missing usage is estimated."""
        text = "".join(self.text)
        calls = tuple(
            ToolCall(call_id or f"call_{position}", well_formed(name), well_formed(arguments))
            for position, (call_id, name, arguments) in sorted(self.calls.items())
        )
        usage = _usage(self.reported, self.model, messages, text)
        return Completion(text, calls, self.finish_reason, usage, well_formed(self.refusal))


def read_answer(answer: object, model: str, messages: Sequence[Message]) -> Completion:
    """Return a whole answer.

    Raises `ModelUnavailable` when what was sent is no answer at all, `InvalidAnswer` when it is one
    that cannot be read.
    """
    # The SDK passes on what is not JSON as text: the page of a proxy, say.
    if (
        not isinstance(answer, ChatCompletion)
        or not getattr(answer, "choices", None)
        or getattr(answer, "error", None)
    ):
        raise ModelUnavailable("The model endpoint sent something that is no answer.")
    try:
        return _read(answer, model, messages)
    except MISSHAPEN as error:
        raise InvalidAnswer("The model's answer has another shape than the protocol's.") from error


def _read(answer: ChatCompletion, model: str, messages: Sequence[Message]) -> Completion:
    choice: Any = answer.choices[0]
    _check_failure(choice)
    # Not every server numbers its calls or says of what type they are.
    calls = tuple(
        ToolCall(
            getattr(call, "id", None) or f"call_{position}",
            _text(call.function.name),
            _written(call.function.arguments),
        )
        for position, call in enumerate(choice.message.tool_calls or ())
        if (getattr(call, "type", None) or "function") == "function"
    )
    text = well_formed(choice.message.content or "")
    usage = _usage(answer.usage, model, messages, text + "".join(call.arguments for call in calls))
    refusal = getattr(choice.message, "refusal", None) or ""
    return Completion(text, calls, choice.finish_reason or "", usage, refusal)


def _written(arguments: Any) -> str:
    """Return a call's arguments as the JSON they should be; some servers send the object."""
    return json.dumps(arguments) if isinstance(arguments, dict) else _text(arguments)


def _text(text: Any) -> str:
    if not isinstance(text, str | None):
        raise TypeError("something else in the place of text")
    return text or ""


def _check_failure(choice: Any) -> None:
    """Some gateways tell of a failure inside an answer that is well formed."""
    if getattr(choice, "finish_reason", None) == "error" or getattr(choice, "error", None):
        raise ModelUnavailable("The model failed while it answered.")


def well_formed(text: str) -> str:
    """Join halves of surrogate pairs; single ones cannot be stored or sent."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _usage(reported: Any, model: str, messages: Sequence[Message], text: str) -> Usage:
    read: object = getattr(reported, "prompt_tokens", None)
    written: object = getattr(reported, "completion_tokens", None)
    if is_count(read) and is_count(written):
        return Usage(model, read, written)
    prompt = sum(_estimate(message.get("content")) for message in messages)
    return Usage(model, prompt, estimate(text))


def _estimate(content: Any) -> int:
    if not isinstance(content, list):
        return estimate(str(content or ""))
    return sum(
        estimate(piece) if isinstance(piece, str) else IMAGE_TOKENS if piece.picture else 0
        for piece in content
    )


def is_count(tokens: object) -> TypeGuard[int]:
    """Return whether so many tokens can be what a model read or wrote.

    Python counts true as 1, and what no model can have read does not fit into a database.
    """
    return isinstance(tokens, int) and not isinstance(tokens, bool) and 0 <= tokens <= _MOST_TOKENS
