"""Cohen's kappa of two readers against plain calculations."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.telemarketing import rules

MARKS = st.sampled_from(["met", "missed", "none"])


def by_hand(pairs: list[tuple[str, str]]) -> Fraction | None:
    """(po - pe) / (1 - pe), in fractions."""
    whole = len(pairs)
    observed = Fraction(sum(one == other for one, other in pairs), whole)
    first, second = Counter(one for one, _o in pairs), Counter(other for _o, other in pairs)
    chance = sum(
        (Fraction(first[mark], whole) * Fraction(second[mark], whole) for mark in first),
        Fraction(0),
    )
    return None if chance == 1 else (observed - chance) / (1 - chance)


def test_a_textbook_table() -> None:
    """Fifty proposals: 20 yes and 15 no by both, 5 yes by the first alone, 10 by the second alone:
    0.7 observed, 0.5 by chance, 0.4."""
    pairs = (
        [("met", "met")] * 20 + [("missed", "missed")] * 15 + [("met", "missed")] * 5
        + [("missed", "met")] * 10
    )  # fmt: skip
    found = rules.agreement(pairs)
    assert (found.pairs, found.same, found.kappa) == (50, 35, pytest.approx(0.4))


@given(st.lists(st.tuples(MARKS, MARKS), min_size=10, max_size=60))
def test_it_equals_the_definition(pairs: list[tuple[str, str]]) -> None:
    expected = by_hand(pairs)
    found = rules.agreement(pairs).kappa
    assert found == (None if expected is None else pytest.approx(float(expected)))


@pytest.mark.parametrize("count", [0, 1, 9])
def test_of_few_calls_nothing_is_told(count: int) -> None:
    found = rules.agreement([("met", "missed"), ("missed", "met")] * 4 + [("met", "met")] * count)
    few = rules.agreement([("met", "missed")] * count)
    assert (few.is_told, few.kappa) == (False, None)
    assert found.pairs == 8 + count


def test_one_mark_only_says_nothing_and_full_agreement_all() -> None:
    same = rules.agreement([("met", "met")] * 12)
    assert (same.is_told, same.same_percent, same.kappa) == (True, 100.0, None)
    both = rules.agreement([("met", "met")] * 6 + [("missed", "missed")] * 6)
    assert both.kappa == 1.0
    against = rules.agreement([("met", "missed")] * 6 + [("missed", "met")] * 6)
    assert against.kappa == -1.0
