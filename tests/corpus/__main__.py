"""Prints how the gate does on the corpus: python -m tests.corpus [--wrong]."""

from __future__ import annotations

import sys
from collections import defaultdict

from tests.corpus.cases import Verdict, read_cases, verdicts


def main() -> None:
    """Print a table by language and category, and with --wrong every wrong verdict."""
    found = [verdict for case in read_cases() for verdict in verdicts(case)]
    for title, key in (("language", "language"), ("category", "category")):
        groups: dict[str, list[Verdict]] = defaultdict(list)
        for verdict in found:
            groups[getattr(verdict.case, key)].append(verdict)
        print(f"\n{title:<14}  sound accepted   mechanical wrong accepted   others stopped")
        for name, group in [*sorted(groups.items()), ("all", found)]:
            print(f"{name:<14}  {_row(group)}")
    if "--wrong" in sys.argv:
        print()
        for verdict in found:
            if not verdict.is_right:
                update = verdict.proposed.update
                quotes = " / ".join(item.quote for item in update.evidence)
                kind = "mechanical" if verdict.case.mechanical else "understanding"
                print(
                    f"{verdict.case.id} [{kind}] {update.op} {update.slot} = {update.value!r} "
                    f"from {quotes!r}: {verdict.code or 'accepted'}, "
                    f"wanted {verdict.proposed.expect}"
                )


def _row(group: list[Verdict]) -> str:
    sound = [verdict for verdict in group if verdict.proposed.legitimate]
    wrong = [verdict for verdict in group if not verdict.proposed.legitimate]
    mechanical = [verdict for verdict in wrong if verdict.case.mechanical]
    others = [verdict for verdict in wrong if not verdict.case.mechanical]
    accepted = sum(verdict.is_right for verdict in sound)
    through = sum(not verdict.is_right for verdict in mechanical)
    stopped = sum(verdict.is_right for verdict in others)
    return (
        f"{accepted:>4} of {len(sound):<8}  {through:>4} of {len(mechanical):<20}"
        f"  {stopped:>4} of {len(others)}"
    )


if __name__ == "__main__":
    main()
