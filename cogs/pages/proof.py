"""What is said after everything of a person was erased."""

from __future__ import annotations

from collections.abc import Mapping

from ..forgetting import Proof
from ..text.catalogue import N_, text

ERASED = N_("**Done. I have erased everything I kept of you, everywhere.**")
NOTHING = N_("I keep nothing of you.")
ALREADY = N_("That was erased already.")
CHECKED = N_(
    "**Checked: nothing is left.** I looked for you in every table of both databases afterwards."
)
LEFT = N_(
    "**Checked: not everything is gone.** I still find you in: {tables}. That is an error; please "
    "try again, and if it stays so, tell the operator, whose log says so too."
)
ANEW = N_(
    "You wrote to me again while I was erasing, so something is kept anew: {tables}. To have that "
    "erased too, use `/privacy show` again."
)
BEYOND = N_(
    "What I cannot erase: what is written on Discord itself (delete it there); what the language "
    "model's provider keeps ({hosts}); the operator's logs, which hold ids but none of your words. "
    "Older backups of mine cannot be opened any more: the keys to your text are destroyed."
)
INCOGNITO = N_(
    "Incognito and pauses are forgotten with the rest. If you write to me again, we begin anew, "
    "and I ask you anew."
)
# Kinds in the order they are told, with the tables and extensions' names they are counted by.
KINDS: dict[str, tuple[str, ...]] = {
    N_("Conversations: {count}"): ("sessions",),
    N_("Messages: {count}"): ("messages",),
    N_("Files and other things you sent along: {count}"): ("attachments",),
    N_("What is noted of my answers: {count}"): ("answers", "answer_parts"),
    N_("Values I knew: {count}"): ("items",),
    N_("Quotes: {count}"): ("evidence",),
    N_("Versions of what I knew: {count}"): ("versions",),
    N_("Notes of what you locked or deleted: {count}"): (
        "locks",
        "tombstones",
        "tombstone_messages",
    ),
    N_("Records of learning: {count}"): ("runs", "run_sessions", "leases"),
    N_("Your answers to my question: {count}"): ("consent",),
    N_("Threads noted: {count}"): ("threads", "incognito"),
    N_("Records of tokens used: {count}"): ("usage",),
    N_("Keys destroyed: {count}"): ("keys",),
    N_("Answers broken off: {count}"): ("answers_broken_off",),
    N_("Conversations held in memory: {count}"): ("held_in_memory",),
}
OTHER = N_("Other entries: {count}")


def proof_page(proof: Proof, hosts: list[str], locale: str | None) -> str:
    """Return the proof as Markdown, in the person's language."""
    counted = [*_counted(proof.erased, locale)]
    if proof.left:
        tables = ", ".join(f"`{table}` ({number})" for table, number in proof.left.items())
        checked = text(locale, ANEW if proof.anew else LEFT, tables=tables)
    else:
        checked = text(locale, CHECKED)
    named = ", ".join(f"`{host}`" for host in hosts)
    return "\n".join(
        [
            text(locale, ERASED),
            *counted,
            "",
            checked,
            "",
            text(locale, BEYOND, hosts=named),
            "",
            text(locale, INCOGNITO),
        ]
    )


def _counted(erased: Mapping[str, int], locale: str | None) -> list[str]:
    """Return a line for each kind of which there was something; none is left out."""
    left = dict(erased)
    lines = []
    for shown, names in KINDS.items():
        count = sum(left.pop(name, 0) for name in names)
        if count:
            lines.append(f"- {text(locale, shown, count=count)}")
    other = sum(left.values())
    if other:
        lines.append(f"- {text(locale, OTHER, count=other)}")
    return lines
