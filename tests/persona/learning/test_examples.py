"""The prompt's examples: shown as declared, and learned of nobody (memory-systems 5.8)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from persona.learning.examples import EXAMPLES, Example
from persona.learning.gate import judge
from persona.learning.prompt import system_prompt
from persona.registry import Registry, SlotSettings
from persona.services import Services
from tests.persona.learning.test_learning import SCOPE, converse, runs, unlearned
from tests.support.clock import ManualClock
from tests.support.gate import INTERESTS, STYLES, Quote, context, propose
from tests.support.model import ScriptedModel, updates
from tests.support.stores import rows

SAID = "I like my tea strong."
AGAIN = "More tea, please."
REAL: tuple[Quote, ...] = ((1, SAID), (3, AGAIN))
WORDS = [example.word for example in EXAMPLES]


def parroted(example: Example) -> list[dict[str, Any]]:
    """Return what a careless model makes of an example, once it has seen `SAID` and `AGAIN`."""
    slot = example.slot or STYLES
    made = [
        propose(slot, example.word, (1, example.said)),
        propose(slot, example.word, (1, SAID)),
        propose(slot, example.word.upper(), *REAL),
        propose(INTERESTS, f"strong tea, {example.word}", (1, SAID)),
        propose(INTERESTS, f"tea and {example.word[:3]}-{example.word[3:]}", (3, AGAIN)),
        propose(INTERESTS, example.word, *REAL, basis="inferred"),
        propose(INTERESTS, f"strong tea, {example.word}", *REAL, basis="inferred"),
        propose(STYLES, example.word, *REAL, basis="inferred"),
    ]
    return [proposal.model_dump(mode="json") for proposal in made]


def shown(registry: Registry) -> list[str]:
    """Return the lines of the prompt's examples."""
    _, _, rest = system_prompt(registry).partition("\nExamples:\n")
    return rest.partition("\n\n")[0].splitlines()


def test_the_prompt_shows_the_examples_and_no_other() -> None:
    lines = shown(Registry())
    assert len(lines) == len(EXAMPLES)
    for line, example in zip(lines, EXAMPLES, strict=True):
        update = f'{example.operation} {example.slot} "{example.word}"'
        assert line == f'"{example.said}": {update if example.operation else "nothing"}'
        assert example.word in example.said
    prompt = system_prompt(Registry())
    assert all(prompt.count(word) == "\n".join(lines).count(word) for word in WORDS)


def test_an_example_goes_with_its_slot() -> None:
    registry = Registry.from_settings({INTERESTS: SlotSettings(enabled=False)})
    assert shown(registry) == [line for line in shown(Registry()) if INTERESTS not in line]
    assert len(shown(registry)) == len(EXAMPLES) - 1


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.operation])
def test_an_example_is_right_and_a_word_that_was_said_is_the_persons(example: Example) -> None:
    said = propose(example.slot, example.word, (1, example.said), op=example.operation)
    accepted, _ = judge([said], context(example.said))
    assert [each.value for each in accepted] == [example.word]


@pytest.mark.parametrize("example", EXAMPLES, ids=WORDS)
async def test_no_example_is_learned(
    services: Services, clock: ManualClock, model: ScriptedModel, example: Example
) -> None:
    """The model repeats it in its correction, too."""
    await services.consent.decide(1, "remember")
    model.script(updates(*parroted(example)))
    await converse(services, clock, SAID, AGAIN, "b")
    await services.learner.tick()
    assert len(model.requests) == 2
    assert all(example.word in prompt[0]["content"] for prompt in model.prompts())
    assert (await services.personas.load(1, SCOPE)).items == ()
    assert await services.editor.versions(1, SCOPE) == []
    assert (await runs(services), await unlearned(services)) == ({"refused": 1}, 0)
    ((codes,),) = await rows(services.database, "SELECT refusals FROM runs")
    found = json.loads(codes)
    assert set(found) == {"quote_not_found", "unsupported", "example"}
    assert sum(found.values()) == 2 * len(parroted(example))
