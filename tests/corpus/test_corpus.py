from __future__ import annotations

from collections import Counter

from tests.corpus.cases import read_cases

CASES = list(read_cases())


def test_the_corpus_is_large_and_of_many_languages() -> None:
    assert len(CASES) >= 300
    assert len({case.language for case in CASES}) >= 6
    repeated = [name for name, number in Counter(case.id for case in CASES).items() if number > 1]
    assert not repeated
