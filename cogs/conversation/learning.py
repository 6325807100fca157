"""Learning at once, because a person asks for it."""

from __future__ import annotations

from typing import Any

import discord

from persona.history import diff
from persona.learning.outcome import Result

from ..host import Host, services_of, whose
from ..pages.controls import UNDO, show_button, version_button
from ..pages.history import changed_lines
from ..pages.pausing import paused
from ..pages.showing import agreed, show_notice
from ..text.catalogue import N_, text
from ..text.refusals import REFUSALS

LEARNED = N_("This is what I learned:")
NOTHING_NEW = N_("I read our conversations and found nothing new about you.")
OUTCOMES: dict[Result, str] = {
    "nothing": N_("There is no conversation that has ended and that I have not learned from yet."),
    "busy": N_("I am learning just now. Have a look in a minute."),
    "off": N_("Learning is switched off here."),
    "overtaken": REFUSALS["changed"],
    "outage": N_("I cannot reach my language model right now. I try again by myself."),
    "invalid_answer": N_("I could not make sense of it right now. I try again by myself."),
}


async def learn_here(interaction: discord.Interaction[Any], locale: str) -> None:
    """Learn what has ended, this conversation included; say what came of it. Defer before.

    Raises `BudgetSpent` when the person has no tokens left.
    """
    if not await agreed(interaction, locale):
        return
    services = services_of(interaction)
    person_id, scope = whose(interaction)
    pause = await paused(interaction, locale)
    if pause is not None:
        await show_notice(interaction, pause, show_button(0, locale))
        return
    await services.budget.check(person_id)
    place = interaction.channel_id
    if place is not None:
        # An answer that is being written is finished first.
        async with Host.of(interaction.client).turns[person_id, place]:
            await services.closing.person(person_id, place)
    learned = await services.learner.learn_now(person_id, scope)
    # They are told here, all of it.
    news = await services.news.untold(person_id, scope)
    said: list[str] = []
    if learned.result != "learned":
        said.append(text(locale, OUTCOMES[learned.result]))
    versions = await services.editor.versions(person_id, scope)
    made = [place for place, each in enumerate(versions) if each.cause in learned.run_ids]
    undo = None
    if made:
        first, last = made[0], made[-1]
        before = versions[first - 1].items if first else {}
        lines = changed_lines(diff(before, versions[last].items), services.registry, locale)
        said = [text(locale, LEARNED), *lines, *said]
        access = await services.personas.find(person_id, scope)
        if first == last and access is not None:
            number = versions[last].number
            undo = version_button("undo", access.epoch, number, "show", locale, UNDO)
    elif learned.run_ids:
        said.insert(0, text(locale, NOTHING_NEW))
    await show_notice(interaction, "\n".join(said), show_button(0, locale), undo)
    if news is not None and learned.run_ids:
        await services.news.mark(news, told=True)
