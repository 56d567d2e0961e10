"""Control groups, splitting to the cent, adding up."""

import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.budgets.rules import parts_of, weights_of
from campaigns.eligibility import rules


@pytest.mark.parametrize("percent", [0, 1, 10, 50])
def test_the_control_group_is_as_large_as_planned(percent: int) -> None:
    people = 100_000
    found = sum(rules.is_control("first-gift", customer, percent) for customer in range(people))
    # Four standard deviations of a binomial share.
    spread = 4 * (people * percent * (100 - percent)) ** 0.5 / 100
    assert abs(found - people * percent / 100) <= spread


def test_who_is_in_the_control_group_is_told_by_a_hash_alone() -> None:
    for customer in range(1_000):
        digest = hashlib.blake2b(
            str(customer).encode(), key=b"first-gift", person=b"control", digest_size=8
        )
        place = int(digest.hexdigest(), 16) / 2**64 * 100
        assert rules.is_control("first-gift", customer, 10) == (place < 10)


def test_control_groups_grow_and_are_independent() -> None:
    people = range(20_000)
    small = {one for one in people if rules.is_control("a", one, 5)}
    large = {one for one in people if rules.is_control("a", one, 10)}
    other = {one for one in people if rules.is_control("b", one, 10)}
    assert small < large
    # A tenth of a tenth, within four standard deviations.
    assert abs(len(large & other) - 200) < 4 * (20_000 * 0.01 * 0.99) ** 0.5


def between(cuts: list[int]) -> list[int]:
    """The pieces of 100 percent between the cuts, in hundredths of a percent."""
    ends = [*sorted(cuts), 10_000]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


shares = st.lists(st.integers(1, 9_999), max_size=4, unique=True).map(between)


@given(cents=st.integers(1, 10**9), parts=shares)
def test_a_split_is_exact_to_the_cent(cents: int, parts: list[int]) -> None:
    amount = Decimal(cents) / 100
    by_party = {f"p{place}": Decimal(part) / 100 for place, part in enumerate(parts)}
    found = parts_of(amount, weights_of(by_party))
    assert sum(found.values()) == amount
    for party, share in by_party.items():
        assert abs(found[party] - amount * share / 100) < Decimal("0.01")


def test_a_tally_is_written_and_read() -> None:
    tally = rules.Tally()
    tally.add("award", "granted", 2, Decimal("20.00"))
    tally.add("outcome", rules.outcome_key("not_qualified", 3), 5)
    tally.add("outcome", rules.outcome_key("qualified", None), 2)
    again = rules.Tally(tally.as_data())
    again.merge(tally.as_data())
    assert again.of("award") == {"granted": (4, Decimal("40.00"))}
    assert list(rules.outcomes_in(again)) == [("not_qualified", 3, 10), ("qualified", None, 4)]
