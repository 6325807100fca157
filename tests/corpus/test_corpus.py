from __future__ import annotations

from collections import Counter

from tests.corpus.cases import Verdict, read_cases, verdicts

CASES = list(read_cases())
VERDICTS = [verdict for case in CASES for verdict in verdicts(case)]


def name(verdict: Verdict) -> str:
    return f"{verdict.case.id}: {verdict.proposed.update.slot} {verdict.code or 'accepted'}"


def test_the_corpus_is_large_and_of_many_languages() -> None:
    assert len(CASES) >= 300
    assert len({case.language for case in CASES}) >= 6
    repeated = [name for name, number in Counter(case.id for case in CASES).items() if number > 1]
    assert not repeated


def test_no_wrong_proposal_that_a_rule_can_tell_is_accepted() -> None:
    assert [
        name(verdict)
        for verdict in VERDICTS
        if verdict.case.mechanical and not verdict.proposed.legitimate and verdict.code is None
    ] == []


def test_nearly_every_sound_proposal_is_accepted() -> None:
    sound = [verdict for verdict in VERDICTS if verdict.proposed.legitimate]
    lost = [name(verdict) for verdict in sound if verdict.code is not None]
    assert len(lost) <= 0.02 * len(sound), lost
