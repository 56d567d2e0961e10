"""Splitting costs and charging limits, against plain reckoning."""

import itertools
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.budgets import rules
from campaigns.budgets.rules import Account, Charge, Purse

TOTAL = ("campaign", "")


@st.composite
def weights(draw: st.DrawFn) -> dict[str, int]:
    """Shares of one to five parties in hundredths of a percent."""
    names = ["bank", "M1", "M2", "M3", "M4"][: draw(st.integers(1, 5))]
    cuts = draw(
        st.lists(
            st.integers(1, rules.WHOLE - 1), min_size=len(names) - 1, max_size=len(names) - 1,
            unique=True,
        )
    )  # fmt: skip
    ends = [0, *sorted(cuts), rules.WHOLE]
    return {name: b - a for name, (a, b) in zip(names, itertools.pairwise(ends), strict=True)}


@given(weights(), st.lists(st.integers(1, 50_000), min_size=1, max_size=60))
def test_parts_are_whole_and_their_sums_exact(shares: dict[str, int], amounts: list[int]) -> None:
    least = -(-rules.WHOLE // min(shares.values()))  # the least amount of which each bears a cent
    purse = Purse({}, shares)
    borne = dict.fromkeys(shares, 0)
    for amount in amounts:
        parts = purse.book(Charge("t", amount + least, (TOTAL,))).parts
        assert sum(parts.values()) == amount + least
        assert min(parts.values()) >= 0
        for party, part in parts.items():
            borne[party] += part
    total = sum(borne.values())
    for party, share in shares.items():
        exact = Fraction(total * share, rules.WHOLE)
        assert abs(borne[party] - exact) < 1
        assert purse.carried[party] == (exact - borne[party]) * rules.WHOLE


@given(weights(), st.lists(st.integers(1, 9), min_size=1, max_size=60))
def test_of_a_few_cents_too_no_part_is_negative_and_none_is_lost(
    shares: dict[str, int], amounts: list[int]
) -> None:
    purse = Purse({}, shares)
    for amount in amounts:
        parts = purse.book(Charge("t", amount, (TOTAL,))).parts
        assert sum(parts.values()) == amount
        assert min(parts.values()) >= 0
        assert all(abs(rest) < len(shares) * rules.WHOLE for rest in purse.carried.values())
    assert sum(purse.carried.values()) == 0


@pytest.mark.parametrize(("amounts", "bank", "merchant"), [
    ([1000], [667], [333]),
    ([1000, 1000], [667, 666], [333, 334]),
    ([1000, 1000, 1000], [667, 666, 667], [333, 334, 333]),
])  # fmt: skip
def test_the_odd_cent_goes_to_who_owes_most_of_it(
    amounts: list[int], bank: list[int], merchant: list[int]
) -> None:
    purse = Purse({}, {"bank": 6666, "M1": 3334})
    parts = [purse.book(Charge("t", amount, ())).parts for amount in amounts]
    assert [one["bank"] for one in parts] == bank
    assert [one["M1"] for one in parts] == merchant


def test_of_equal_parts_the_first_by_name_bears_the_odd_cent_then_the_other() -> None:
    purse = Purse({}, rules.weights_of({"bank": Decimal(50), "M1": Decimal(50)}))
    parts = [dict(purse.book(Charge("t", 1, ())).parts) for _number in range(2)]
    assert parts == [{"M1": 1, "bank": 0}, {"M1": 0, "bank": 1}]


@given(weights(), st.lists(st.integers(1, 20_000), min_size=1, max_size=20), st.randoms())
def test_what_is_given_back_leaves_the_purse_as_if_it_never_was(
    shares: dict[str, int], amounts: list[int], random: object
) -> None:
    purse = Purse({}, shares)
    booked = [purse.book(Charge("t", amount, (TOTAL,))) for amount in amounts]
    random.shuffle(booked)  # type: ignore[attr-defined]
    for one in booked:
        purse.undo(one)
    assert {account.used for account in purse.accounts.values()} == {0}
    assert set(purse.carried.values()) == {0}
    assert set(purse.changes.values()) == {0}


LIMITS = [
    (("stock", "t"), 100, "stock"),
    (("campaign", ""), 1000, "campaign"),
    (("day", "2026-03-02"), 1000, "day"),
    (("branch", "7"), 1000, "branch"),
    (("branch", "1"), 1000, "branch"),
    (("customer", "5"), 1000, "customer"),
    (("party", "M1"), 300, "party"),
]


@pytest.mark.parametrize(("key", "need", "kind"), LIMITS)
def test_each_limit_refuses_by_itself_and_a_refusal_changes_nothing(
    key: rules.Key, need: int, kind: str
) -> None:
    keys = rules.keys_of(day="2026-03-02", branches=(7, 1), customer=5)
    charge = Charge("t", 1000, keys)
    shares = {"bank": 7000, "M1": 3000}
    tight = Purse({key: Account(0, need - 1)}, shares)
    assert tight.refusal(charge) == kind
    assert (tight.changes, tight.accounts[key].used) == ({}, 0)
    exact = Purse({key: Account(0, need)}, shares)
    assert exact.refusal(charge) == ""
    exact.book(charge)
    assert exact.accounts[key].used == need
    assert exact.refusal(charge) == kind


def test_of_several_the_stock_is_named_first() -> None:
    purse = Purse({("stock", "t"): Account(0, 0), TOTAL: Account(0, 0)}, {"bank": rules.WHOLE})
    assert purse.refusal(Charge("t", 1, (TOTAL,))) == "stock"


@given(
    st.integers(0, 5_000),
    st.dictionaries(st.sampled_from(["1", "2", "3"]), st.integers(0, 2_000)),
    st.lists(st.tuples(st.sampled_from(["1", "2", "3"]), st.integers(1, 900)), max_size=40),
)
def test_first_come_first_served_as_plain_reckoning_has_it(
    total: int, branches: dict[str, int], asks: list[tuple[str, int]]
) -> None:
    accounts = {TOTAL: Account(0, total)}
    accounts |= {("branch", name): Account(0, most) for name, most in branches.items()}
    purse = Purse(accounts, {"bank": rules.WHOLE})
    left, left_of = total, dict(branches)
    for branch, amount in asks:
        fits = amount <= left and amount <= left_of.get(branch, amount)
        charge = Charge("t", amount, (TOTAL, ("branch", branch)))
        assert (purse.refusal(charge) == "") == fits
        if fits:
            purse.book(charge)
            left -= amount
            if branch in left_of:
                left_of[branch] -= amount
    assert purse.accounts[TOTAL].used == total - left


def test_the_limits_of_parties_add_up_to_the_total() -> None:
    shares = rules.weights_of({"bank": Decimal("33.33"), "M1": Decimal("66.67")})
    assert rules.limits_of(Decimal("100.01"), shares) == {
        "bank": Decimal("33.33"), "M1": Decimal("66.68"),
    }  # fmt: skip
    assert rules.limits_of(None, shares) == {}


@given(weights(), st.lists(st.tuples(st.booleans(), st.integers(0, 20_000)), max_size=80))
def test_whatever_is_given_and_taken_back_parties_together_bear_what_stands(
    shares: dict[str, int], steps: list[tuple[bool, int]]
) -> None:
    """A step grants an amount, or takes back one of what stands. Against plain sums."""
    purse = Purse({}, shares)
    standing: list[rules.Booked] = []
    for is_back, number in steps:
        if is_back and standing:
            purse.undo(standing.pop(number % len(standing)))
        else:
            standing.append(purse.book(Charge("t", number + 1, (TOTAL,))))
        used = {party: purse.accounts["party", party].used for party in shares}
        granted = sum(one.charge.amount for one in standing)
        assert sum(used.values()) == granted == purse.accounts[TOTAL].used
        for party, share in shares.items():
            assert used[party] == sum(one.parts[party] for one in standing)
            assert purse.carried[party] == granted * share - used[party] * rules.WHOLE


@given(weights(), st.lists(st.integers(1, 20_000), min_size=1, max_size=40), st.randoms())
def test_the_next_grant_that_is_large_enough_settles_what_was_carried(
    shares: dict[str, int], amounts: list[int], random: object
) -> None:
    purse = Purse({}, shares)
    booked = [purse.book(Charge("t", amount, (TOTAL,))) for amount in amounts]
    for one in booked:
        if random.random() < 0.5:  # type: ignore[attr-defined]
            purse.undo(one)
    most = max(-rest for rest in purse.carried.values()) // min(shares.values()) + rules.WHOLE
    purse.book(Charge("t", most, (TOTAL,)))
    assert all(abs(rest) < rules.WHOLE for rest in purse.carried.values())


def test_odd_cents_add_up_where_every_second_grant_is_taken_back() -> None:
    purse = Purse({}, rules.weights_of({"bank": Decimal(50), "M1": Decimal(50)}))
    booked = [purse.book(Charge("t", 1001, (TOTAL,))) for _number in range(404)]
    for one in booked[::2]:
        purse.undo(one)
    assert {party: rules.carried_amount(rest) for party, rest in purse.carried.items()} == {
        "M1": Decimal("1.01"), "bank": Decimal("-1.01"),
    }  # fmt: skip


# --- what takes the place of what is given back -----------------------------------------------
KEYS = (TOTAL, ("day", "2026-06-21"), ("branch", "1"))


@given(
    weights(), st.lists(st.integers(1, 5_000), min_size=1, max_size=12),
    st.integers(0, 4_999), st.randoms(),
)  # fmt: skip
def test_what_takes_the_place_of_more_fits_whatever_was_lowered_since(
    shares: dict[str, int], amounts: list[int], less: int, random: Any
) -> None:
    purse = Purse({}, shares)
    booked = [purse.book(Charge("t", amount, KEYS)) for amount in amounts]
    old = booked.pop(random.randrange(len(booked)))
    for one in booked[::2]:
        purse.undo(one)
    # A newer version plans less than nothing: each limit stays at what is used.
    used = {key: account.used for key, account in purse.accounts.items()}
    lowered = Purse(
        {key: Account(number, number) for key, number in used.items()}, shares, purse.carried
    )
    lowered.free(old)
    rest = Charge("t", max(1, old.charge.amount - less), KEYS)
    assert lowered.refusal(rest) == ""
    parts = lowered.book(rest).parts
    assert sum(parts.values()) == rest.amount
    assert all(0 <= part <= old.parts[party] for party, part in parts.items())
    assert all(account.used <= used[key] for key, account in lowered.accounts.items())
    assert sum(lowered.carried.values()) == 0


def test_no_more_fits_than_was_given_back() -> None:
    purse = Purse({TOTAL: Account(500, 500)}, {"bank": rules.WHOLE})
    purse.free(rules.booked_again("t", (TOTAL,), {"bank": 300}, {"bank": rules.WHOLE}))
    assert purse.refusal(Charge("t", 301, (TOTAL,))) == "campaign"
    assert purse.refusal(Charge("t", 300, (TOTAL,))) == ""
    assert purse.refusal(Charge("t", 300, (TOTAL, ("day", "x")))) == ""


@pytest.mark.parametrize(("parts", "most", "found"), [
    ({"a": 2, "b": 0}, {"a": 1, "b": 1}, {"a": 1, "b": 1}),
    ({"a": 0, "b": 3}, {"a": 1, "b": 1}, {"a": 1, "b": 2}),  # there is no room for the rest
    ({"a": 1, "b": 4, "c": 0}, {"a": 3, "b": 1, "c": 9}, {"a": 3, "b": 1, "c": 1}),
    ({"a": 1}, {"a": 5}, {"a": 1}),
])  # fmt: skip
def test_who_bears_more_than_before_is_relieved_by_who_has_room(
    parts: dict[str, int], most: dict[str, int], found: dict[str, int]
) -> None:
    assert rules.held_within(parts, most) == found
