"""The one place where strategies become text in the prompt."""

from __future__ import annotations

import logging
from collections.abc import Collection

from persona.errors import ModelError
from persona.grounds import Grounds, Withheld
from persona.persona import Personas
from persona.personalization.earlier import ALL, render_turns
from persona.personalization.golden import golden_persona
from persona.personalization.past import PastTurns
from persona.personalization.render import Block, render
from persona.personalization.retrieval import Retrieval
from persona.personalization.strategy import Personalization
from persona.privacy import Consent
from persona.registry import Registry
from persona.settings import PersonalizationSettings
from persona.turns import Turn

logger = logging.getLogger(__name__)

# No budget holds more of the shortest ones.
_MOST_TURNS = 3000


class Personalizer:
    """Says what goes into the prompt about the person: at its beginning, or before the message.

    Nothing remembered is used without the person's yes. Where others can read along, what was said
    elsewhere does not come up: of a persona the public slots alone, of past turns none.
    """

    def __init__(
        self,
        *,
        personas: Personas,
        past: PastTurns,
        retrieval: Retrieval,
        consent: Consent,
        registry: Registry,
        settings: PersonalizationSettings,
    ) -> None:
        self._personas = personas
        self._past = past
        self._retrieval = retrieval
        self._consent = consent
        self._registry = registry
        self._settings = settings

    @property
    def live(self) -> Personalization:
        """What the operator chose, for replies of which nobody says otherwise."""
        return Personalization(self._settings.strategy)

    async def standing(self, turn: Turn, chosen: Personalization, *, public: bool) -> Block:
        """Return the block for the prompt's beginning, without text when there is none.

        Within a session it changes only when the persona does, or at midnight as values grow old,
        so providers can cache it.
        Raises `SettingsError` when a golden persona has slots that the registry has not.
        """
        budget = self._settings.persona_tokens
        if chosen.golden is not None:
            golden = golden_persona(turn, chosen.golden, self._registry)
            return render(golden, self._registry, public=public, budget=budget)
        if chosen.strategy == "persona" and await self._agreed(turn):
            persona = await self._personas.load(turn.person_id, turn.scope)
            return render(persona, self._registry, public=public, budget=budget)
        if chosen.strategy == "full_history" and not public and await self._agreed(turn):
            # A session is named by its first message, so these are the turns from before it.
            past = await self._past.load(turn, before=turn.session_id, most=_MOST_TURNS)
            return Block(render_turns(past, ALL, budget=self._settings.full_history_tokens))
        return Block()

    async def grounds(
        self, turn: Turn, chosen: Personalization, standing: Block, *, public: bool
    ) -> Grounds:
        """Return what a reply rests on whose prompt begins with the block `standing`."""
        withheld: Withheld = ""
        if not standing.slots:
            if chosen.strategy == "none":
                withheld = "strategy"
            elif chosen.golden is None and not await self._agreed(turn):
                withheld = "consent"
            elif public:
                withheld = "public"
            elif chosen.strategy in ("persona", "golden"):
                withheld = "empty"
        return Grounds(chosen.strategy, standing.slots, withheld)

    async def passing(
        self, turn: Turn, chosen: Personalization, in_prompt: Collection[int], *, public: bool
    ) -> str:
        """Return the block for the place just before the message, or "" when there is none.

        `in_prompt` are the turns that the conversation in the prompt holds already.
        """
        if chosen.strategy != "retrieval" or public or not await self._agreed(turn):
            return ""
        try:
            return await self._retrieval.block(turn, in_prompt)
        except ModelError as error:
            # A reply without it is better than none.
            logger.warning(
                "replying without retrieval",
                extra={"message_id": turn.message_id, "reason": str(error)},
            )
            return ""

    async def _agreed(self, turn: Turn) -> bool:
        return await self._consent.agreed(turn.person_id)
