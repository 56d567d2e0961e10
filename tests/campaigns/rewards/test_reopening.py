"""Taking back what a refund undid, and nothing else."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from campaigns.budgets import queries as budgets
from campaigns.models import (
    BudgetEntry,
    BudgetLimit,
    CampaignVersion,
    Grant,
    GrantReversal,
    LowerTier,
    ReversalFailure,
)
from campaigns.planning import operations as planning
from campaigns.planning.rules import drift
from campaigns.rewards import operations as rewards
from campaigns.rewards import queries as given_back
from journeys.models import Card, Transaction
from journeys.points import queries as points
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Submission
from portal.staff.access import Scope
from tests.factories import campaigns
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import AT, ON, ask, candidate, run_of, tier, used_card, used_of
from tests.factories.rewards import version_with as plan_with
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

ALL = Scope(branch_path="")
DECIDED = DAY + dt.timedelta(days=10)
MORE: dict[str, Any] = {
    "kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "1000.00",
}  # fmt: skip


def day(number: int) -> dt.date:
    """A day counted from the issue of the card."""
    return DAY + dt.timedelta(days=number)


def refund(card: Card, amount: str, on: dt.date) -> None:
    TransactionFactory(card=card, kind="refund", amount=-Decimal(amount), posted_date=on)


def granted(version: CampaignVersion, spent: str, *reached: int) -> Card:
    """A card on whose first day enough was spent, and whose holder was given the reward."""
    card = used_card(issued_date=DAY)
    TransactionFactory(card=card, amount=Decimal(spent), posted_date=DAY)
    run = run_of(version)
    type(run).objects.filter(pk=run.pk).update(on_date=DECIDED, started_at=AT - (ON - DECIDED))
    awards = ask(version, [candidate(card, *reached)], run=run, on=DECIDED)
    assert [one.answer for one in awards] == ["granted"]
    return card


def counts() -> tuple[int, int, int]:
    return Grant.objects.count(), GrantReversal.objects.count(), BudgetEntry.objects.count()


@pytest.mark.parametrize(("back", "on", "is_lost"), [
    ("100.00", day(20), False),
    ("100.01", day(20), True),
    ("100.01", day(10), True),   # told late: posted up to the day of the decision
    ("100.01", day(5), True),
    ("100.01", day(65), True),   # the last day of the window
    ("100.01", day(66), False),  # beyond it nothing counts
    ("600.00", ON + dt.timedelta(days=1), False),  # has not come yet
])  # fmt: skip
def test_a_refund_below_what_is_needed_takes_back_and_another_does_not(
    back: str, on: dt.date, is_lost: bool
) -> None:
    shares = {"bank": "66.66", "M1": "33.34"}
    version = plan_with(budget={"total": "10.00", "shares": shares})
    card = granted(version, "600.00")
    refund(card, back, on)
    assert rewards.reopen_grants(on=ON, at=AT) == is_lost
    assert used_of(version, "campaign") == (0 if is_lost else 10)
    assert budgets.differences(version.campaign_id) == []
    assert GrantReversal.objects.filter(kind="condition_lost", failed_at=3).count() == is_lost
    assert AuditEntry.objects.filter(action="reward.taken_back").count() == is_lost
    before = counts()
    assert rewards.reopen_grants(on=ON, at=AT) == 0
    assert counts() == before


@pytest.mark.parametrize(("is_named", "taken"), [(True, 1), (False, 0)])
@pytest.mark.parametrize("refunds", ["when_posted", "of_purchases"])
def test_a_refund_to_the_card_that_came_instead_takes_back(
    refunds: str, is_named: bool, taken: int
) -> None:
    """The purchase was made with the card that was replaced; a refund that names none is one of the
    new card's."""
    spent = MORE | {"at_least": "500.00", "refunds": refunds}
    version = plan_with(rule={"all": [{"kind": "activated"}, spent]})
    card = granted(version, "600.00")
    new = used_card(
        customer=card.customer, issued_date=day(20), activated_date=day(20),
        first_used_date=day(20),
    )  # fmt: skip
    bought = Transaction.objects.get(card=card)
    TransactionFactory(
        card=new, kind="refund", amount=Decimal("-300.00"), posted_date=day(25),
        refund_of=bought.reference if is_named else "",
    )  # fmt: skip
    assert rewards.reopen_grants(on=ON, at=AT) == taken
    assert GrantReversal.objects.count() == taken


def test_the_reason_stands_with_what_was_found() -> None:
    version = plan_with()
    card = granted(version, "600.00")
    refund(card, "350.00", day(20))
    rewards.reopen_grants(on=ON, at=AT)
    found = GrantReversal.objects.get()
    assert (found.grant.customer_id, found.on_date, found.failed_at) == (
        card.customer_id, day(20), 3
    )  # fmt: skip
    assert found.facts[3] == [False, "250.00"]


def test_who_makes_up_for_a_refund_keeps_the_reward() -> None:
    version = plan_with()
    card = granted(version, "600.00")
    refund(card, "350.00", day(20))
    TransactionFactory(card=card, amount=Decimal(250), posted_date=day(30))
    assert rewards.reopen_grants(on=ON, at=AT) == 0
    assert GrantReversal.objects.count() == 0


def test_who_makes_up_for_it_later_is_given_it_again_once() -> None:
    version = plan_with(budget={"total": "10.00"})
    card = granted(version, "600.00")
    refund(card, "350.00", day(20))
    assert rewards.reopen_grants(on=day(21), at=AT) == 1
    TransactionFactory(card=card, amount=Decimal(250), posted_date=day(30))
    again = [ask(version, [candidate(card)])[0].answer for _number in range(2)]
    assert again == ["granted", "had_before"]
    assert list(Grant.objects.order_by("id").values_list("round", flat=True)) == [1, 2]
    assert rewards.reopen_grants(on=ON, at=AT) == 0
    assert used_of(version, "campaign") == 10
    assert budgets.differences(version.campaign_id) == []


def test_a_refund_leaves_the_tier_that_still_holds() -> None:
    low = tier("low", "5.00", kind="points", points=100)
    high = tier("high", "20.00", kind="points", points=300, needs=MORE)
    version = plan_with(low, high)
    card = granted(version, "1200.00", 0, 1)
    assert points.balance_of(card.customer_id) == 300
    refund(card, "300.00", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert GrantReversal.objects.get().failed_at == 4
    assert Grant.objects.get(reversal=None).reward == "low"
    assert points.balance_of(card.customer_id) == 100
    assert used_of(version, "campaign") == 5
    assert rewards.reopen_grants(on=ON, at=AT) == 0
    refund(card, "500.00", day(21))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert points.balance_of(card.customer_id) == 0
    assert not Grant.objects.filter(reversal=None).exists()


def test_points_that_were_used_are_owed() -> None:
    version = plan_with(tier("p", "5.00", kind="points", points=100))
    card = granted(version, "600.00")
    row_of(
        "journeys.PointsEntry", customer=card.customer, kind="redeemed", points=-60,
        on_date=day(12),
    )  # fmt: skip
    refund(card, "350.00", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert points.account_of(customer_id=card.customer_id).balance == -60


def test_time_that_goes_by_takes_nothing_back() -> None:
    """A card that is closed later, and a refund that does not matter."""
    version = plan_with()
    card = granted(version, "600.00")
    refund(card, "10.00", day(20))
    Card.objects.filter(pk=card.pk).update(closed_date=day(40))
    assert rewards.reopen_grants(on=ON, at=AT) == 0


@pytest.mark.parametrize("closed", [15, 20, 40])
def test_closing_the_card_does_not_keep_what_a_refund_undid(closed: int) -> None:
    version = plan_with(budget={"total": "10.00"})
    card = granted(version, "600.00")
    Card.objects.filter(pk=card.pk).update(closed_date=day(closed))
    refund(card, "100.01", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert used_of(version, "campaign") == 0
    assert rewards.reopen_grants(on=ON, at=AT) == 0


def test_a_grant_that_fails_does_not_stop_the_others_and_is_tried_again() -> None:
    version = plan_with(budget={"total": "30.00"})
    cards = [granted(version, "600.00") for _number in range(3)]
    for card in cards:
        refund(card, "350.00", day(20))
    bad = Grant.objects.get(card=cards[1])
    # What is used of a limit is less than what is to be given back: the constraint refuses.
    BudgetLimit.objects.create(
        book=BudgetEntry.objects.get(grant=bad).book, kind="customer", customer=bad.customer,
        key=str(bad.customer_id),
    )  # fmt: skip
    assert rewards.reopen_grants(on=ON, at=AT) == 2
    failure = ReversalFailure.objects.get()
    assert (failure.grant, failure.first_at) == (bad, AT)
    assert "limit_holds" in failure.reason
    assert not GrantReversal.objects.filter(grant=bad).exists()
    later = AT + dt.timedelta(hours=1)
    assert rewards.reopen_grants(on=ON, at=later) == 0
    failure.refresh_from_db()
    assert (failure.first_at, failure.last_at) == (AT, later)
    BudgetLimit.objects.filter(kind="customer").update(used=10)
    assert rewards.reopen_grants(on=ON, at=later) == 1
    assert not ReversalFailure.objects.exists()


def test_while_a_campaign_is_stopped_nothing_is_taken_back() -> None:
    version = plan_with()
    card = granted(version, "600.00")
    refund(card, "350.00", day(20))
    type(version.campaign).objects.update(stopped_at=AT)
    assert rewards.reopen_grants(on=ON, at=AT) == 0
    type(version.campaign).objects.update(stopped_at=None)
    assert rewards.reopen_grants(on=ON, at=AT) == 1


LOW = tier("low", "5.00")
HIGH = tier("high", "20.00", needs=MORE)


def lower() -> tuple[str, str | None]:
    row = LowerTier.objects.get()
    return row.answer, row.grant and row.grant.reward


def lost_high(version: CampaignVersion, back: str = "300.00") -> Card:
    """A card whose holder was given the higher tier, and then had so much refunded."""
    card = granted(version, "1200.00", 0, 1)
    refund(card, back, day(20))
    return card


def void(version: CampaignVersion) -> None:
    planning.void_approval(version_id=version.pk, drifts=[drift.Drift(drift.TEXTS)], at=AT)


def later(version: CampaignVersion) -> None:
    campaigns.approve(campaigns.draft(name_en="Later"))


def over(version: CampaignVersion) -> None:
    """Nothing is to be done: the campaign's last day lies before the day of the round."""


@pytest.mark.parametrize("becomes", [None, void, later, over])
def test_the_lower_tier_that_was_reached_is_given_whatever_came_of_the_version(
    becomes: Callable[[CampaignVersion], None] | None,
) -> None:
    ends = {"runs_to": str(ON)} if becomes is over else {}
    version = plan_with(LOW, HIGH, **ends)
    lost_high(version)
    if becomes:
        becomes(version)
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert lower() == ("granted", "low")
    given = Grant.objects.get(reversal=None)
    assert (given.reward, given.version, given.round) == ("low", version, 2)
    assert used_of(version, "campaign") == 5
    assert budgets.differences(version.campaign_id) == []
    assert rewards.reopen_grants(on=ON, at=AT) == 0


def test_a_vetoed_version_gives_no_lower_tier_once_its_stop_is_lifted() -> None:
    version = plan_with(LOW, HIGH)
    card = lost_high(version)
    compliance = StaffFactory(role="compliance")
    approvals.decide(
        submission_id=Submission.objects.get().pk, checker=compliance, verdict="veto",
        reason="why", at=AT,
    )  # fmt: skip
    assert rewards.reopen_grants(on=ON, at=AT) == 0, "the campaign is stopped"
    planning.lift_stop(campaign_id=version.campaign_id, reason="x", actor=compliance, at=AT)
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert lower() == ("vetoed", None)
    assert not Grant.objects.filter(customer=card.customer, reversal=None).exists()


@pytest.mark.parametrize(("back", "stock", "closed", "answer"), [
    ("300.00", 1, None, "stock_out"), ("300.00", 5, ON, "closed"),
    ("800.00", 5, None, "not_reached"),
])  # fmt: skip
def test_why_no_lower_tier_is_given_is_kept(
    back: str, stock: int, closed: dt.date | None, answer: str
) -> None:
    version = plan_with(tier("low", "5.00", stock=stock), HIGH)
    other = used_card()
    ask(version, [candidate(other)])
    card = lost_high(version, back)
    Card.objects.filter(pk=card.pk).update(closed_date=closed)
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert lower() == (answer, None)


@pytest.mark.parametrize(("tiers", "mode"), [((LOW,), "highest"), ((LOW, HIGH), "each")])
def test_where_there_is_no_lower_tier_nothing_is_asked(
    tiers: tuple[dict[str, Any], ...], mode: str
) -> None:
    version = plan_with(*tiers, mode=mode)
    card = granted(version, "1200.00", *range(len(tiers)))
    refund(card, "1000.00", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == len(tiers)
    assert not LowerTier.objects.exists()


def test_the_receipts_say_what_was_given_instead() -> None:
    version = plan_with(LOW, HIGH)
    lost_high(version)
    rewards.reopen_grants(on=ON, at=AT)
    with translation.override("en"):
        (taken,) = given_back.explained(
            list(given_back.reversals_of(version.campaign_id, scope=ALL))
        )
        old, new = Grant.objects.order_by("id")
        assert taken.instead == LOW["name_en"]
        assert given_back.history_of(new) == f"instead of {HIGH['name_en']}, which a refund undid"
        assert given_back.history_of(old) == f"taken back: a refund undid it as of {day(20)}"
