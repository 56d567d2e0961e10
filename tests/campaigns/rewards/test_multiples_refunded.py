"""Points that follow from spending, after a refund and after what posts late."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.budgets import queries as budgets
from campaigns.models import CampaignVersion, Grant, GrantReversal, LowerTier
from campaigns.rewards import operations as giving
from campaigns.rewards import queries as given_back
from journeys.models import Card, PointsEntry, Transaction
from tests.campaigns.rewards.test_multiples import (
    LAST,
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
from tests.factories import campaigns
from tests.factories.campaigns import AT, ON
from tests.factories.journeys import TransactionFactory
from tests.factories.rewards import ask, candidate, used_of

pytestmark = pytest.mark.django_db


def reopened(on: dt.date = ON + 2 * ONE) -> int:
    return giving.reopen_grants(on=on, at=AT + 3 * ONE)


def test_a_refund_leaves_the_points_of_what_is_left() -> None:
    shares = {"bank": "66.66", "M1": "33.34"}
    version = version_of(budget={"total": "13.00", "per_day": "13.00", "shares": shares})
    card = spender("3000.00", "200.00")
    ran(version)
    bought = Transaction.objects.get(card=card, amount=200)
    refund(bought, "200.00", ON + ONE)
    assert reopened() == 1
    old, new = Grant.objects.order_by("id")
    assert (old.points, new.points, new.amount) == (6400, 6000, Decimal("12.00"))
    assert (new.granted_date, new.round, new.door) == (old.granted_date, 2, "lower")
    reversal = GrantReversal.objects.get()
    assert (reversal.kind, reversal.on_date) == ("less_spent", ON + ONE)
    assert reversal.facts[-1] == [True, "3000.00"]
    assert LowerTier.objects.get().grant == new
    assert balance(card) == 6000
    assert used_of(version, "campaign") == Decimal("12.00")
    assert used_of(version, "day", str(ON)) == Decimal("12.00")
    assert budgets.differences(version.campaign_id) == []
    before = Grant.objects.count(), PointsEntry.objects.count()
    assert reopened() == 0
    assert (Grant.objects.count(), PointsEntry.objects.count()) == before
    with translation.override("en"):
        assert given_back.history_of(new) == (
            "instead of Triple points: 6,400 points, which a refund undid"
        )
        (taken,) = given_back.taken_back([old.pk]).values()
        assert (taken.reward, taken.have, taken.instead) == (
            "Triple points: 6,400 points", "¥3,000", "Triple points: 6,000 points",
        )  # fmt: skip


@pytest.mark.parametrize(("back", "left"), [("0.49", 6400), ("0.51", 6398), ("3199.49", 2)])
def test_only_whole_yuan_less_take_points_back(back: str, left: int) -> None:
    version = version_of()
    card = spender("3000.00", "200.50")
    ran(version)
    bought = Transaction.objects.get(card=card, amount=3000)
    refund(bought, min(Decimal(back), Decimal(3000)).to_eng_string(), ON + ONE)
    if Decimal(back) > 3000:
        other = Transaction.objects.get(card=card, amount=Decimal("200.50"))
        refund(other, str(Decimal(back) - 3000), ON + ONE)
    assert reopened() == (left != 6400)
    assert balance(card) == left
    assert budgets.differences(version.campaign_id) == []


def test_below_what_is_asked_everything_is_taken_back() -> None:
    version = version_of(TRIPLE | {"spending": SPENDING | {"at_least": "3000.00"}})
    card = spender("3000.00")
    ran(version)
    refund(Transaction.objects.get(card=card, amount=3000), "0.01", ON + ONE)
    assert reopened() == 1
    assert (given_now(), balance(card), used_of(version, "campaign")) == ([], 0, Decimal(0))
    assert GrantReversal.objects.get().kind == "condition_lost"


def test_more_than_the_cap_may_be_refunded_before_points_are_lost() -> None:
    version = version_of()
    card = spender("5000.00", "1000.00")
    ran(version)
    bought = Transaction.objects.get(card=card, amount=1000)
    refund(bought, "1000.00", ON + ONE)
    assert reopened() == 0
    refund(Transaction.objects.get(card=card, amount=5000), "1.00", ON + 2 * ONE)
    assert reopened() == 1
    assert balance(card) == 9998


def test_a_card_closed_since_keeps_what_is_left_and_no_more() -> None:
    version = version_of()
    card = spender("3000.00", "200.00")
    ran(version)
    Card.objects.filter(pk=card.pk).update(closed_date=ON + ONE)
    refund(Transaction.objects.get(card=card, amount=200), "200.00", ON + ONE)
    assert reopened() == 1
    assert given_now() == [(card.pk, 6000, Decimal("12.00"))]


@pytest.mark.parametrize("mode", ["highest", "each"])
def test_the_other_tiers_stay_as_they_are(mode: str) -> None:
    base = campaigns.TIER | {"code": "low", "kind": "cash_back", "value": "1.00"}
    version = version_of(base, TRIPLE, mode=mode)
    card = spender("3000.00")
    ran(version)
    refund(Transaction.objects.get(card=card, amount=3000), "1000.00", ON + ONE)
    assert reopened() == 1
    standing = Grant.objects.filter(reversal=None).order_by("reward")
    found = list(standing.values_list("reward", "points"))
    low = [("low", None)] if mode == "each" else []
    assert found == [*low, ("triple", 4000)]


def test_what_posts_late_within_the_days_is_given_by_a_later_run() -> None:
    version = version_of()
    card = spender("3000.00")
    ran(version)
    TransactionFactory(card=card, amount=Decimal(100), mcc="5411", posted_date=LAST)
    ran(version, on=ON + ONE)
    assert given_now() == [(card.pk, 6200, Decimal("12.40"))]
    assert balance(card) == 6200
    assert budgets.differences(version.campaign_id) == []


# --- as the lower tier ------------------------------------------------------------------------
BIG = campaigns.TIER | {
    "code": "big", "kind": "cash_back", "value": "50.00", "needs": {
        "kind": "spending_in_window", **SPENDING, "at_least": "3000.00", "refunds": "of_purchases",
    },
}  # fmt: skip


def had_the_higher(*amounts: str, **spending: str) -> tuple[CampaignVersion, Card]:
    """Who spent enough for cash back of 50, above points that multiply the same spending."""
    version = version_of(TRIPLE | {"spending": SPENDING | spending}, BIG, budget={"total": "50.00"})
    card = spender(*amounts)
    ran(version)
    assert [one.reward for one in Grant.objects.all()] == ["big"]
    return version, card


def bought(card: Card, amount: str) -> Transaction:
    return Transaction.objects.get(card=card, amount=Decimal(amount))


@pytest.mark.parametrize(("back", "left", "worth"), [
    ("3000.00", 40, "0.08"), ("2990.01", 58, "0.12"), ("1000.00", 4040, "8.08"),
])  # fmt: skip
def test_the_lower_tier_gives_the_points_of_what_is_left_of_the_spending(
    back: str, left: int, worth: str
) -> None:
    version, card = had_the_higher("3000.00", "20.00")
    refund(bought(card, "3000.00"), back, ON + ONE)
    assert reopened() == 1
    assert given_now() == [(card.pk, left, Decimal(worth))]
    assert balance(card) == left
    # As a run gives it to one who never spent more.
    kept = Decimal("3000.00") - Decimal(back)
    other = spender("20.00", *([str(kept)] if kept else []))
    ran(version, on=ON + 2 * ONE)
    assert given_now()[1:] == [(other.pk, left, Decimal(worth))]
    assert used_of(version, "campaign") == 2 * Decimal(worth)
    assert budgets.differences(version.campaign_id) == []


def test_what_was_refunded_since_the_higher_one_was_lost_is_no_longer_multiplied() -> None:
    """Two refunds before anybody looked: the higher tier was lost by the first."""
    version, card = had_the_higher("3000.00", "200.00", "20.00")
    refund(bought(card, "3000.00"), "3000.00", ON + ONE)
    refund(bought(card, "200.00"), "150.00", ON + 2 * ONE)
    assert reopened() == 1
    assert (given_now(), balance(card)) == ([(card.pk, 140, Decimal("0.28"))], 140)
    assert reopened(ON + 3 * ONE) == 0
    assert budgets.differences(version.campaign_id) == []


@pytest.mark.parametrize("kept", ["19.99", "0.50"])
def test_too_little_left_to_multiply_is_no_lower_tier(kept: str) -> None:
    _version, card = had_the_higher("3000.00", "20.00", at_least="20.00")
    refund(bought(card, "3000.00"), "3000.00", ON + ONE)
    back = Decimal("20.00") - Decimal(kept)
    refund(bought(card, "20.00"), str(back), ON + 2 * ONE)
    assert reopened() == 1
    assert (given_now(), balance(card)) == ([], 0)
    assert LowerTier.objects.get().answer == "not_reached"


def test_nobody_is_given_what_multiplies_a_sum_that_is_not_known() -> None:
    """The most of all points is no answer to how many somebody comes to."""
    version = version_of()
    card = spender("3000.00")
    with pytest.raises(ValueError, match="triple"):
        ask(version, [candidate(card)])
    assert not Grant.objects.exists()
