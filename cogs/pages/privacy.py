"""/privacy show: what is kept of a person and why, in plain words, with their own numbers."""

from __future__ import annotations

import discord

from persona import privacy
from persona.privacy import Record
from persona.services import Services
from persona.settings import ModelsSettings

from ..text.catalogue import N_, text

HEADING = N_("## What I keep of you, and why")
AGREED = N_("You agreed on {when} that I remember you (text version {version}).")
NOT_AGREED = N_("You said on {when} that we just chat (text version {version}). I learn nothing.")
NEVER_ASKED = N_("You have not decided whether I may remember you. Until you do, I learn nothing.")
OUTDATED = N_("**The text has changed since**: it is version {version} now. Please agree anew.")
KNOWN = N_(
    "**What I learned about you**, to answer you better. Values here: {here}; in other places: "
    "{elsewhere}; quotes of yours that they rest on: {quotes}. `/persona show` lists them."
)
CONVERSATIONS = N_(
    "**What we said**, with the text of files you sent, to go on with a conversation and to learn "
    "from your own words. Conversations here: {here}; in other places: {elsewhere}. Days I keep "
    "those I learned from: {days}. The quotes stay with the values."
)
UNAGREED = N_("Without your yes, a conversation is deleted when it ends.")
ALSO = N_(
    "**Also**: your Discord id, your language, what you decided, which threads I opened for you, "
    "what each answer was based on and how you liked it, and how many tokens it took."
)
SENT = N_("**To be answered**, your messages and what I know of you are sent to: {hosts}.")
SEALED = N_(
    "All text is encrypted where I keep it, with keys of your own, which are destroyed when you "
    "erase."
)
PAUSED = N_("**Paused here** since {since}: I learn nothing new. `/persona resume` ends it.")
NOT_PAUSED = N_("Learning is not paused here; `/persona pause` does that.")
INCOGNITO = N_("**Incognito**, of which I keep nothing: {threads}.")
NO_INCOGNITO = N_("No conversation is incognito; `/privacy incognito` in one makes it so.")
POLICY = N_("The operator's [privacy policy]({url}).")
HINT = N_("-# Only you see this.")
_MOST_THREADS = 10


async def privacy_page(services: Services, person_id: int, scope: str, locale: str | None) -> str:
    """Return the page as Markdown, in the person's language."""
    settings = services.settings
    counted = await services.records.count(person_id, scope)
    records = await services.consent.records(person_id)
    agreed = bool(records) and records[-1].decision == "remember"
    conversations = text(
        locale,
        CONVERSATIONS,
        here=counted["conversations_here"],
        elsewhere=counted["conversations_elsewhere"],
        days=settings.sessions.keep_days,
    )
    lines = [
        text(locale, HEADING),
        _consent(records[-1] if records else None, locale),
        text(
            locale,
            KNOWN,
            here=counted["values_here"],
            elsewhere=counted["values_elsewhere"],
            quotes=counted["quotes_here"] + counted["quotes_elsewhere"],
        ),
        conversations if agreed else f"{conversations} {text(locale, UNAGREED)}",
        text(locale, ALSO),
        text(locale, SENT, hosts=", ".join(f"`{host}`" for host in hosts(settings.models))),
        text(locale, SEALED),
        await _paused(services, person_id, scope, locale),
        await _incognito(services, person_id, locale),
    ]
    if settings.privacy.policy_url is not None:
        lines.append(text(locale, POLICY, url=settings.privacy.policy_url))
    return "\n\n".join([*lines, text(locale, HINT)])


def hosts(models: ModelsSettings) -> list[str]:
    """Return the hosts that messages are sent to, as the operator configured them."""
    names = []
    for role in (models.chat, models.optimizer):
        names += [role.endpoint, *(item.split("/", 1)[0] for item in role.fallbacks)]
    if models.embeddings.model is not None:
        names.append(models.embeddings.endpoint)
    found = (models.endpoints[name].base_url.host or "?" for name in names)
    return list(dict.fromkeys(found))


def _consent(record: Record | None, locale: str | None) -> str:
    if record is None:
        return text(locale, NEVER_ASKED)
    when = discord.utils.format_dt(record.decided_at, "D")
    agreed = record.decision == "remember"
    shown = text(locale, AGREED if agreed else NOT_AGREED, when=when, version=record.text_version)
    if agreed and not record.is_current:
        shown += f" {text(locale, OUTDATED, version=privacy.CONSENT_TEXT_VERSION)}"
    return shown


async def _paused(services: Services, person_id: int, scope: str, locale: str | None) -> str:
    since = await services.pausing.since(person_id, scope)
    if since is None:
        return text(locale, NOT_PAUSED)
    return text(locale, PAUSED, since=discord.utils.format_dt(since, "D"))


async def _incognito(services: Services, person_id: int, locale: str | None) -> str:
    places = await services.incognito.places(person_id)
    if not places:
        return text(locale, NO_INCOGNITO)
    shown = ", ".join(f"<#{place.thread_id}>" for place in places[:_MOST_THREADS])
    more = f" +{len(places) - _MOST_THREADS}" if len(places) > _MOST_THREADS else ""
    return text(locale, INCOGNITO, threads=shown + more)
