"""What can be done with an answer: stop it, have another, rate it, ask what it rests on."""

from __future__ import annotations

from typing import Any

import discord

from persona.answers import Answer
from persona.grounds import Withheld
from persona.persona import Persona
from persona.registry import Registry

from .cog import JSON, RapportCog
from .conversation.readers import others_read
from .errors import reply
from .host import AnyBot
from .locales import locale_for
from .pages.words import slot_label, value_shown
from .text.catalogue import N_, text
from .text.plain import plain
from .text.splitting import split
from .views.answer import NOT_YOURS, AgainButton, OpinionButton, StopButton

WHY = N_("Why this answer")
NO_ANSWER = N_(
    "I keep nothing about this message: it is no answer of mine, or it was an incognito one, or it "
    "was erased."
)
UNFINISHED = N_("This answer was not finished, so there is nothing to tell about it.")
USED = N_("In this answer I used what I know about you:")
FORGOTTEN = N_("not known any more")
ONLY_PUBLIC = N_("Others can read along here, so I used only what is safe to show.")
PAST_TURNS = N_("I looked at what you said in earlier conversations, and used what was fitting.")
REASONS: dict[Withheld, str] = {
    "strategy": N_("I used nothing that I know about you: here I answer everybody alike."),
    "consent": N_("I used nothing about you: you have not agreed that I remember you."),
    "public": N_(
        "I used nothing about you: others can read along here, and of what is safe to show I know "
        "nothing."
    ),
    "empty": N_("I used nothing about you: I know nothing about you here yet."),
}
COST = N_("-# Written by {model}: {read} tokens read, {written} written.")


class AnswerCommands(RapportCog, name="Answers"):
    """The buttons beneath an answer, and the entry in a message's menu."""

    items = (StopButton, AgainButton, OpinionButton)

    async def export_person(self, person_id: int) -> dict[str, JSON]:
        """Return what is kept of each answer: what it rests on, and how it was liked."""
        return {"answers": await self._services.records.answers(person_id)}

    async def erase_person(self, person_id: int) -> dict[str, int]:
        """Do nothing: the store erases what there is."""
        return {}

    def __init__(self, bot: AnyBot) -> None:
        super().__init__(bot)
        self.add_menu(WHY, self._why)

    async def _why(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True)
        locale = await locale_for(interaction)
        found = await self._services.answers.of_part(message.id)
        if found is None:
            await reply(interaction, text(locale, NO_ANSWER))
            return
        owner = found.person_id if isinstance(found, Answer) else found
        if owner != interaction.user.id:
            await reply(interaction, text(locale, NOT_YOURS))
            return
        if not isinstance(found, Answer):
            await reply(interaction, text(locale, UNFINISHED))
            return
        persona = await self._services.personas.load(owner, found.scope)
        public = await others_read(self._services.sharing, interaction.channel, owner)
        for page in split(why(found, persona, self._services.registry, locale, public=public)):
            await reply(interaction, page)


def why(
    answer: Answer, persona: Persona, registry: Registry, locale: str | None, *, public: bool
) -> str:
    """Return what `answer` rests on, in the person's language."""
    grounds = answer.grounds
    lines: list[str] = []
    if grounds.slots:
        lines.append(text(locale, USED))
        lines += [_slot(name, persona, registry, locale) for name in grounds.slots]
        if public:
            lines.append(text(locale, ONLY_PUBLIC))
    else:
        lines.append(text(locale, REASONS.get(grounds.withheld, PAST_TURNS)))
    model = discord.utils.escape_markdown(answer.usage.model)
    read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return "\n".join([*lines, "", text(locale, COST, model=model, read=read, written=written)])


def _slot(name: str, persona: Persona, registry: Registry, locale: str | None) -> str:
    label = slot_label(registry, name, locale)
    values = [plain(value_shown(item, registry, locale)) for item in persona.used(name)]
    return f"- {label}: {', '.join(values) or text(locale, FORGOTTEN)}"


async def setup(bot: AnyBot) -> None:
    """Load the extension."""
    await bot.add_cog(AnswerCommands(bot))
