"""The rules in their order, and the judgement of a whole answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from persona.learning.gate import authority, content, denial, evidence, form, guards, subject
from persona.learning.gate.context import Context
from persona.learning.gate.verdict import Accepted, Refusal, Refused
from persona.learning.proposal import Proposal
from persona.normalise import fold

Rule = Callable[[Proposal, Context], Refusal | None]

# Far more than a batch gives rise to: an answer beyond these has run wild.
UPDATES = 100

# The first rule that refuses decides the code, and each may rely on what those before it found:
# what a proposal is, what it may touch, where its words are from, what they are.
RULES: tuple[Rule, ...] = (
    form.about_other,
    form.unknown_slot,
    form.wrong_kind,
    form.unknown_item,
    form.already_ended,
    form.null_phrase,
    form.too_long,
    authority.locked,
    evidence.not_inferable,
    evidence.no_evidence,
    evidence.too_much_evidence,
    evidence.outside_batch,
    evidence.not_by_person,
    evidence.quote_not_found,
    evidence.quoted_text,
    evidence.already_over,
    content.secret,
    content.contact,
    content.instruction,
    content.look_alike,
    authority.deleted,
    authority.own_edit,
    authority.weaker,
    authority.outdated,
    evidence.too_little_support,
    evidence.unsupported,
    evidence.example,
    content.sensitive,
    subject.third_party,
    denial.corrected,
    guards.hypothetical,
    guards.just_once,
    guards.role_play,
    guards.sarcasm,
    guards.question,
    denial.negated,
    guards.not_ended,
    form.too_many,
    authority.too_much_change,
)

_TOO_MANY_UPDATES = Refusal("too_many_updates", f"At most {UPDATES} updates are read.")


def judge(
    proposals: Sequence[Proposal],
    context: Context,
    *,
    before: Sequence[Accepted] = (),
    rules: Sequence[Rule] = RULES,
) -> tuple[list[Accepted], list[Refused]]:
    """Return what passed and what did not, each in the order proposed.

    `before` is what this run accepted earlier. All references are resolved against the state
    before the run, so the order of proposals cannot make one mean another item; but what was
    accepted already counts for the limits, and an item it ended cannot come back. Of more than
    `UPDATES` proposals the rest is refused unread.
    """
    for earlier in before:
        context = context.after(earlier)
    accepted: list[Accepted] = []
    refused: list[Refused] = []
    for proposal in proposals[:UPDATES]:
        refusal = next(filter(None, (rule(proposal, context) for rule in rules)), None)
        if refusal is not None:
            refused.append(Refused(proposal, refusal))
            continue
        passed = _resolve(proposal, context)
        context = context.after(passed)
        accepted.append(passed)
    refused += (Refused(proposal, _TOO_MANY_UPDATES) for proposal in proposals[UPDATES:])
    return accepted, refused


def _resolve(proposal: Proposal, context: Context) -> Accepted:
    slot = context.registry[proposal.slot]
    value = target = None
    if form.writes(proposal):
        chosen = form.choice(slot, proposal.value) if slot.kind == "choice" else None
        value = chosen or fold(proposal.value or "")
    else:
        target = context.target(proposal)
    quotes = tuple((context.messages[item.msg], item.quote) for item in proposal.evidence)
    return Accepted(proposal, slot, value, context.status_for(proposal), target, quotes)
