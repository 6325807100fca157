from __future__ import annotations

from collections import Counter

from tests.corpus.cases import read_cases, verdicts

CASES = list(read_cases())
VERDICTS = [verdict for case in CASES for verdict in verdicts(case)]


def test_the_corpus_is_large_and_of_many_languages() -> None:
    assert len(CASES) >= 300
    assert len({case.language for case in CASES}) >= 6
    repeated = [name for name, number in Counter(case.id for case in CASES).items() if number > 1]
    assert not repeated


def test_no_wrong_proposal_that_a_rule_can_decide_is_accepted() -> None:
    accepted = [
        (verdict.case.id, verdict.proposed.update.value)
        for verdict in VERDICTS
        if verdict.case.mechanical and not verdict.proposed.legitimate and verdict.code is None
    ]
    assert accepted == []


def test_sound_proposals_are_accepted() -> None:
    sound = [verdict for verdict in VERDICTS if verdict.proposed.legitimate]
    lost = [(verdict.case.id, verdict.code) for verdict in sound if not verdict.is_right]
    assert len(lost) <= 0.02 * len(sound), lost


def test_the_model_is_told_the_right_reason() -> None:
    refused = [
        verdict
        for verdict in VERDICTS
        if verdict.case.mechanical and not verdict.proposed.legitimate and verdict.code
    ]
    named = [verdict for verdict in refused if verdict.code in verdict.proposed.expect]
    assert len(named) >= 0.95 * len(refused)
