"""Which reward is chosen: more is never less, and the highest that can be had is given."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.budgets.rules import WHOLE, Account, Charge, Purse, cents
from campaigns.conditions.rules.brought import PersonsBrought
from campaigns.planning.rules.persons import ForEach
from campaigns.planning.rules.rewards import Rewards, Tier
from campaigns.rewards import rules
from campaigns.rewards.rules import Candidate, Customer, Gift, Standing

TOTAL = ("campaign", "")
BROUGHT = PersonsBrought.read(
    {"event": "used", "at_least": 1, "days": 90, "last_day": "inside"}, ""
)


def who(*reached: int) -> Candidate:
    return Candidate(1, 1, 1, reached)


class Till:
    """Charges one total and the stock of each tier."""

    def __init__(self, total: int, stock: dict[str, int]) -> None:
        accounts = {TOTAL: Account(0, total)}
        accounts |= {("stock", code): Account(0, 100 * units) for code, units in stock.items()}
        self.purse = Purse(accounts, {"bank": WHOLE})

    def give(self, gifts: tuple[Gift, ...]) -> str:
        done = []
        for gift in gifts:
            charge = Charge(gift.tier.code, cents(gift.amount), (TOTAL,))
            if refusal := self.purse.refusal(charge):
                for one in done:
                    self.purse.undo(one)
                return refusal
            done.append(self.purse.book(charge))
        return ""

    def fits(self, gift: Gift) -> bool:
        return not self.purse.refusal(Charge(gift.tier.code, cents(gift.amount), (TOTAL,)))


def tier(
    code: str, value: str = "10.00", kind: str = "cash_back", points: int | None = None
) -> Tier:
    return Tier(code, kind, code, code, Decimal(value), points)


def given_to(mode: str, tiers: list[Tier], reached: tuple[int, ...], till: Till) -> Decimal:
    answer, gifts = rules.choose(Rewards(mode, tuple(tiers)), who(*reached), Customer(True), till)
    assert (answer == "granted") == bool(gifts)
    return sum((gift.amount for gift in gifts), Decimal(0))


@st.composite
def offers(draw: st.DrawFn) -> tuple[list[Tier], int, dict[str, int]]:
    values = sorted(draw(st.lists(st.integers(1, 60), min_size=1, max_size=5)))
    tiers = [tier(f"t{number}", f"{value}.00") for number, value in enumerate(values)]
    stock = draw(st.dictionaries(st.sampled_from([one.code for one in tiers]), st.integers(0, 1)))
    return tiers, draw(st.integers(0, 15_000)), stock


@pytest.mark.parametrize("mode", ["highest", "each"])
@given(offers(), st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)))
def test_who_reaches_more_is_never_given_less(
    mode: str, offer: tuple[list[Tier], int, dict[str, int]], less: set[int], further: set[int]
) -> None:
    tiers, total, stock = offer
    places = [
        tuple(sorted(place for place in found if place < len(tiers)))
        for found in (less, less | further)
    ]
    worth = [given_to(mode, tiers, reached, Till(total, stock)) for reached in places if reached]
    assert worth == sorted(worth)


@given(
    st.integers(1, 60), st.integers(0, 30), st.integers(0, 30), st.integers(0, 40_000),
    st.lists(st.integers(1, 60), max_size=3),
)  # fmt: skip
def test_who_brought_more_is_never_given_less(
    value: int, fewer: int, more: int, total: int, others: list[int]
) -> None:
    """Of equal gifts as many are given as there is room for, however many persons were brought."""
    plain = [tier(f"t{number}", f"{one}.00") for number, one in enumerate(others)]
    each = dataclasses.replace(tier("each", f"{value}.00"), for_each=ForEach(BROUGHT, 100))
    tiers, at = (*plain, each), len(plain)

    def given_for(persons: int) -> Decimal:
        brought = {at: tuple(range(persons))} if persons else {}
        reached = (*range(at), at) if persons else tuple(range(at))
        one = Candidate(1, 1, 1, reached, brought=brought)
        _answer, gifts = rules.choose(Rewards("each", tiers), one, Customer(True), Till(total, {}))
        return sum((gift.amount for gift in gifts), Decimal(0))

    less, most = given_for(fewer), given_for(fewer + more)
    assert less <= most
    if not plain:
        assert most == min(fewer + more, total // (value * 100)) * value


def test_twenty_brought_with_room_for_fifteen_bring_fifteen() -> None:
    each = dataclasses.replace(tier("each", "10.00"), for_each=ForEach(BROUGHT, 100))
    for persons in (15, 16, 20):
        one = Candidate(1, 1, 1, (0,), brought={0: tuple(range(persons))})
        answer, gifts = rules.choose(
            Rewards("each", (each,)), one, Customer(True), Till(15_000, {})
        )
        assert (answer, len(gifts)) == ("granted", 15)
        assert [gift.person and gift.person.referral_id for gift in gifts] == list(range(15))


@st.composite
def kinds_of_money(draw: st.DrawFn) -> list[Tier]:
    """Tiers of cash back, or of points of one price, in whatever order."""
    values = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    if draw(st.booleans()):
        return [tier(f"t{at}", f"{value}.00") for at, value in enumerate(values)]
    return [tier(f"t{at}", f"{value}.00", "points", value * 100) for at, value in enumerate(values)]


@given(kinds_of_money(), st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=5))
def test_of_the_highest_alone_one_has_the_same_in_the_end_in_whatever_order_it_was_reached(
    tiers: list[Tier], runs: list[set[int]]
) -> None:
    """Each run finds some tiers reached; what one has in the end is what one run would give to who
    reached all of them at once, also where a higher tier is worth less than a lower one."""
    found = [sorted(place for place in run if place < len(tiers)) for run in runs]
    found = [run for run in found if run]

    def has_after(order: list[list[int]]) -> Tier | None:
        customer, till = Customer(True), Till(10_000_000, {})
        for reached in order:
            rewards = Rewards("highest", tuple(tiers))
            _answer, gifts = rules.choose(rewards, who(*reached), customer, till)
            if gifts:
                customer = has(gifts[0].tier, number=gifts[0].round)
        return customer.standing[0].tier if customer.standing else None

    at_once = has_after([sorted({place for run in found for place in run})] if found else [])
    for order in (found, found[::-1]):
        ended = has_after(order)
        assert (ended and ended.value) == (at_once and at_once.value)


def test_of_points_that_follow_spending_the_most_is_given_also_by_a_lower_tier() -> None:
    """What a tier that multiplies comes to is not known before; a higher one may come to less."""
    low, high = tier("low", "1.00", "points", 100), tier("high", "0.50", "points", 50)
    rewards, till = Rewards("highest", (low, high)), Till(10_000, {})
    assert rules.choose(rewards, who(0, 1), Customer(True), till)[1][0].tier == low
    assert rules.choose(rewards, who(1), has(low), till) == ("had_before", ())
    _answer, gifts = rules.choose(rewards, who(0, 1), has(high), till)
    assert [(gift.tier, str(gift.amount)) for gift in gifts] == [(low, "0.50")]


HIGH, LOW = tier("high", "30.00"), tier("low", "10.00")


@pytest.mark.parametrize(("stock", "total", "codes", "answer"), [
    ({}, 4000, ["high"], "granted"),
    ({"high": 0}, 4000, ["low"], "granted"),
    ({}, 2999, ["low"], "granted"),
    ({"high": 0, "low": 0}, 4000, [], "stock_out"),
    ({}, 999, [], "over_budget_total"),
])  # fmt: skip
def test_the_highest_that_can_be_had_is_given(
    stock: dict[str, int], total: int, codes: list[str], answer: str
) -> None:
    rewards = Rewards("highest", (LOW, HIGH))
    found, gifts = rules.choose(rewards, who(0, 1), Customer(True), Till(total, stock))
    assert (found, [gift.tier.code for gift in gifts]) == (answer, codes)


def has(had: Tier, slot: str = "", number: int = 1) -> Customer:
    return Customer(True, (Standing(1, 1, slot, number, had),), {slot: number})


@pytest.mark.parametrize(("had", "higher", "worth"), [
    (LOW, HIGH, "20.00"),
    (tier("p", "10.00", "points", 100), tier("q", "30.00", "points", 300), "20.00"),
    (tier("p", "10.00", "points", 300), tier("q", "30.00", "points", 300), None),
    (tier("p", "10.00", "points", 100), HIGH, None),
    (tier("p", "10.00", "gift"), tier("q", "30.00", "gift"), None),
    (tier("p", "10.00", "benefit"), tier("q", "30.00", "benefit"), None),
    (HIGH, LOW, None),
    (HIGH, HIGH, None),
])  # fmt: skip
def test_who_reaches_a_higher_tier_later_gets_the_difference_where_it_is_money(
    had: Tier, higher: Tier, worth: str | None
) -> None:
    rewards = Rewards("highest", (higher,))
    answer, gifts = rules.choose(rewards, who(0), has(had), Till(10_000, {}))
    assert [str(gift.amount) for gift in gifts] == ([worth] if worth else [])
    assert answer == ("granted" if worth else "had_before")
    assert all(gift.round == 2 and gift.instead_of for gift in gifts)


def test_each_tier_is_given_once() -> None:
    rewards = Rewards("each", (LOW, HIGH))
    answer, gifts = rules.choose(rewards, who(0, 1), has(LOW, "low"), Till(10_000, {}))
    assert (answer, [gift.slot for gift in gifts]) == ("granted", ["high"])
    both = Customer(True, (Standing(1, 1, "low", 1, LOW), Standing(2, 1, "high", 1, HIGH)), {})
    assert rules.choose(rewards, who(0, 1), both, Till(10_000, {})) == ("had_before", ())


def test_nothing_for_a_card_that_is_not_in_use() -> None:
    rewards = Rewards("highest", (LOW,))
    assert rules.choose(rewards, who(0), Customer(), Till(10_000, {})) == ("not_in_use", ())
