"""Once a campaign is over no run exchanges any more: what a refund leaves of multiplied points, and
the other tiers that still hold, are weighed in the step that takes back. Nothing is lost to the
customer, and nothing given twice."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from campaigns.budgets import queries as budgets
from campaigns.models import CampaignVersion, Grant, GrantReversal, LowerTier
from campaigns.planning import operations as planning
from campaigns.rewards import operations as giving
from campaigns.rewards import queries as told
from journeys.models import Card, Transaction
from tests.campaigns.rewards.test_multiples import (
    ONE,
    SPENDING,
    TRIPLE,
    balance,
    given_now,
    ran,
    refund,
    spender,
    version_of,
)
from tests.factories.campaigns import AT, ON, TIER
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import used_of

pytestmark = pytest.mark.django_db
OVER = {"runs_to": (ON + ONE).isoformat()}  # its last day is that of the run
MUCH = {"total": "1000.00"}


def spent(at_least: str) -> dict[str, Any]:
    return {
        "kind": "spending_in_window", **SPENDING, "at_least": at_least, "refunds": "of_purchases",
    }  # fmt: skip


FIXED = TIER | {
    "code": "fixed", "kind": "points", "name_en": "Fixed", "points": 1_000, "value": "2.00",
    "needs": spent("300.00"),
}  # fmt: skip
# Of all that was spent, wherever that was.
DOUBLE = TRIPLE | {
    "code": "double", "times": "2", "points": 4_000, "value": "8.00",
    "spending": {name: value for name, value in SPENDING.items() if name != "mccs"},
}  # fmt: skip
HIGH = FIXED | {"code": "high", "points": 12_000, "value": "24.00", "needs": spent("6000.00")}
CASH = TIER | {"code": "cash", "kind": "cash_back", "value": "2.00", "needs": spent("300.00")}


def ended(*tiers: dict[str, Any], amount: str = "3000.00", **changes: Any
          ) -> tuple[CampaignVersion, Card]:  # fmt: skip
    """A campaign that gave multiplied points on its last day."""
    version = version_of(*tiers, **{"budget": MUCH} | OVER | changes)
    card = spender(amount)
    ran(version)
    assert Grant.objects.get().reward == "triple"
    return version, card


def give_back(card: Card, amount: str, later: int = 1) -> None:
    bought = Transaction.objects.filter(card=card, mcc="5411", amount__gt=0).latest("amount")
    refund(bought, amount, ON + later * ONE)


def reopened(later: int = 2) -> int:
    return giving.reopen_grants(on=ON + later * ONE, at=AT + later * ONE)


def test_a_fixed_tier_that_is_worth_more_than_the_rest_is_given_in_its_place() -> None:
    version, card = ended(FIXED, TRIPLE)
    give_back(card, "2600.00")
    assert reopened() == 1
    # Of 400 yuan 800 points are left; the tier of 300 gives 1,000.
    assert given_now() == [(card.pk, 1_000, Decimal("2.00"))]
    assert (balance(card), used_of(version, "campaign")) == (1_000, Decimal("2.00"))
    assert budgets.differences(version.campaign_id) == []
    old, new = Grant.objects.order_by("id")
    assert (new.door, new.round, GrantReversal.objects.get().kind) == ("lower", 2, "less_spent")
    assert (LowerTier.objects.get().grant, LowerTier.objects.get().answer) == (new, "granted")
    with translation.override("en"):
        (one,) = told.taken_back([old.pk]).values()
        assert (one.have, one.instead) == ("¥400", "Fixed")
    rows = Grant.objects.count(), balance(card)
    assert reopened(3) == 0
    assert (Grant.objects.count(), balance(card)) == rows


@pytest.mark.parametrize(("back", "reward", "points"), [
    ("2499.99", "triple", 1_000), ("2500.00", "triple", 1_000), ("2500.01", "fixed", 1_000),
    ("2700.00", "fixed", 1_000), ("2700.01", "triple", 598), ("2999.00", "triple", 2),
])  # fmt: skip
def test_to_the_cent_whichever_is_more(back: str, reward: str, points: int) -> None:
    _version, card = ended(FIXED, TRIPLE)
    give_back(card, back)
    assert reopened() == 1
    grant = Grant.objects.get(reversal=None)
    assert (grant.reward, grant.points, balance(card)) == (reward, points, points)


def test_what_is_lost_after_that_leaves_the_multiplied_points_once_more() -> None:
    """The fixed tier stands below the other in the plan, and is undone by a second refund."""
    version, card = ended(FIXED, TRIPLE)
    give_back(card, "2600.00")
    assert reopened() == 1
    give_back(card, "200.00", 3)
    assert reopened(4) == 1
    assert given_now() == [(card.pk, 400, Decimal("0.80"))]
    assert (balance(card), used_of(version, "campaign")) == (400, Decimal("0.80"))
    assert budgets.differences(version.campaign_id) == []


def test_cash_that_is_worth_more_than_the_points_left_takes_their_place() -> None:
    version, card = ended(CASH, TRIPLE)
    give_back(card, "2600.00")
    assert reopened() == 1
    assert (Grant.objects.get(reversal=None).reward, balance(card)) == ("cash", 0)
    assert used_of(version, "campaign") == Decimal("2.00")
    assert budgets.differences(version.campaign_id) == []


# --- where the other cannot be had, the rest is put right as before -------------------------------
def test_a_fixed_tier_that_ran_out_leaves_the_rest() -> None:
    version = version_of(FIXED | {"stock": 1}, TRIPLE, budget=MUCH, **OVER)
    first, card = spender("310.00"), spender("3000.00")
    ran(version)
    assert {one.reward for one in Grant.objects.all()} == {"fixed", "triple"}
    give_back(card, "2600.00")
    assert reopened() == 1
    assert given_now() == [(first.pk, 1_000, Decimal("2.00")), (card.pk, 800, Decimal("1.60"))]
    assert LowerTier.objects.get().answer == "granted"
    assert budgets.differences(version.campaign_id) == []


def test_a_card_closed_since_keeps_the_rest() -> None:
    version, card = ended(FIXED, TRIPLE)
    Card.objects.filter(pk=card.pk).update(closed_date=ON + ONE)
    give_back(card, "2600.00")
    assert reopened() == 1
    assert given_now() == [(card.pk, 800, Decimal("1.60"))]
    assert used_of(version, "campaign") == Decimal("1.60")
    assert budgets.differences(version.campaign_id) == []


def test_a_budget_that_was_lowered_since_is_no_hindrance() -> None:
    version, card = ended(FIXED, TRIPLE, budget={"total": "12.00"})
    version_of(FIXED, TRIPLE, budget={"total": "1.00"}, **OVER)
    give_back(card, "2600.00")
    assert reopened() == 1
    assert given_now() == [(card.pk, 1_000, Decimal("2.00"))]
    assert budgets.differences(version.campaign_id) == []


def test_while_the_campaign_is_stopped_nothing_is_put_right() -> None:
    version, card = ended(FIXED, TRIPLE)
    planning.stop_campaign(
        campaign_id=version.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    give_back(card, "2600.00")
    assert (reopened(), given_now()) == (0, [(card.pk, 6_000, Decimal("12.00"))])


# --- as a run would give it that knew of every refund --------------------------------------------
AMOUNT = st.sampled_from([50, 299, 300, 499, 500, 501, 900, 2_000, 5_000, 7_000])
BOUGHT = st.lists(st.tuples(AMOUNT, st.booleans()), min_size=1, max_size=3)
# Which purchase, the part of it in hundredths, and on which day it is given back.
BACK = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 100), st.integers(1, 4)), min_size=1, max_size=4
)


def post_refunds(bought: list[Transaction], backs: list[tuple[int, int, int]]) -> None:
    left = [one.amount for one in bought]
    for place, hundredths, later in backs:
        at = place % len(bought)
        amount = min(left[at], (bought[at].amount * hundredths / 100).quantize(Decimal("0.01")))
        if amount > 0:
            left[at] -= amount
            refund(bought[at], str(amount), ON + later * ONE)


@pytest.mark.parametrize("looks", [(5,), (1, 2, 3, 4)])
@pytest.mark.parametrize("tiers", [
    (FIXED, TRIPLE), (FIXED, DOUBLE, TRIPLE, HIGH), (TRIPLE | {"points": 2_000, "value": "4.00"},
    HIGH),
])  # fmt: skip
def test_what_is_left_is_what_a_run_gives_that_knew_of_every_refund(
    tiers: tuple[dict[str, Any], ...], looks: tuple[int, ...]
) -> None:
    @settings(
        max_examples=6, suppress_health_check=list(HealthCheck), database=None,
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(bought=BOUGHT, backs=BACK)
    @example(bought=[(900, True)], backs=[(0, 60, 1)])
    @example(bought=[(900, True), (500, False)], backs=[(0, 60, 1), (0, 20, 3), (1, 90, 4)])
    @example(bought=[(7_000, True)], backs=[(0, 30, 1), (0, 66, 2)])
    def compare(bought: list[tuple[int, bool]], backs: list[tuple[int, int, int]]) -> None:
        with transaction.atomic():
            version = version_of(*tiers, budget=MUCH, **OVER)
            card = spender()
            posted = [
                TransactionFactory(card=card, amount=Decimal(amount), posted_date=DAY,
                                   mcc="5411" if is_grocery else "5812")
                for amount, is_grocery in bought
            ]  # fmt: skip
            ran(version)
            post_refunds(posted, backs)
            for later in looks:
                reopened(later)
            reopened(6)
            twin = version_of(*tiers, budget=MUCH, code="twin", name="twin", name_en="twin")
            ran(twin, on=ON + 5 * ONE)
            rows = Grant.objects.filter(reversal=None)
            # Of two tiers that come to the same, either: neither is exchanged for the other.
            mine, theirs = (
                list(rows.filter(campaign=one.campaign).values_list("points", "amount"))
                for one in (version, twin)
            )
            assert mine == theirs
            assert balance(card) == sum(points for points, _worth in mine + theirs)
            worth = sum((amount for _points, amount in mine), Decimal("0.00"))
            assert (used_of(version, "campaign") or Decimal(0)) == worth
            assert budgets.differences(version.campaign_id) == []
            before = Grant.objects.count()
            assert (reopened(7), Grant.objects.count()) == (0, before), "nothing twice"
            transaction.set_rollback(True)

    compare()
