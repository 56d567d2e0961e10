"""Giving rewards: first come, first served, within all limits, and never twice."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campaigns.budgets import queries as budgets
from campaigns.models import BudgetBook, BudgetEntry, BudgetLimit, Grant, GrantReversal
from campaigns.planning.rules import plans
from campaigns.rewards import operations as rewards
from journeys.models import PointsBatch, PointsEntry
from journeys.points import queries as points
from portal.models import AuditEntry
from tests.factories.journeys import DAY, CardFactory
from tests.factories.portal import BranchFactory
from tests.factories.rewards import (
    AT,
    ON,
    ask,
    borne_by,
    candidate,
    run_of,
    tier,
    used_card,
    used_of,
    version_with,
)

pytestmark = pytest.mark.django_db


def proven(version: Any) -> None:
    """What is used goes with the ledger, and the ledger with the grants."""
    assert budgets.differences(version.campaign_id) == []
    standing = Grant.objects.filter(campaign=version.campaign, reversal=None)
    assert sum((row.amount for row in standing), Decimal(0)) == sum(
        borne_by(version).values(), Decimal(0)
    )


@pytest.mark.parametrize(("budget", "granted", "answer"), [
    ({"total": "30.00"}, 3, "over_budget_total"),
    ({"total": "29.99"}, 2, "over_budget_total"),
    ({"per_day": "20.00"}, 2, "over_budget_day"),
    ({"branches": {"B9": "10.00"}}, 1, "over_budget_branch"),
    ({"branches": {"R9": "20.00"}}, 2, "over_budget_branch"),
    ({"per_customer": "9.99"}, 0, "over_budget_customer"),
    ({"per_customer": "10.00"}, 4, ""),
    ({}, 4, ""),
])  # fmt: skip
def test_each_limit_is_kept_first_come_first_served(
    budget: dict[str, Any], granted: int, answer: str
) -> None:
    region = BranchFactory(code="R9", level="region")
    branch = BranchFactory(code="B9", parent=region)
    version = version_with(budget=budget)
    cards = [used_card(customer__branch=branch) for _number in range(4)]
    # Not by number: in the order in which they are named.
    order = [cards[place] for place in (2, 0, 3, 1)]
    awards = ask(version, [candidate(card) for card in order])
    assert [one.customer_id for one in awards] == [card.customer_id for card in order]
    assert [one.answer for one in awards] == ["granted"] * granted + [answer] * (4 - granted)
    assert [one.amount for one in awards[:granted]] == [Decimal("10.00")] * granted
    assert list(Grant.objects.order_by("id").values_list("card", flat=True)) == [
        card.pk for card in order[:granted]
    ]
    assert used_of(version, "campaign") == used_of(version, "day", ON.isoformat())
    assert used_of(version, "branch", str(region.pk)) == 10 * granted
    proven(version)


@pytest.mark.parametrize(("most", "given"), [
    ("39.99", ["high", "low", "low"]),
    ("40.00", ["high", "high", "low"]),
    ("60.00", ["high", "high", "high"]),
])  # fmt: skip
def test_a_tier_has_a_budget_of_its_own(most: str, given: list[str]) -> None:
    version = version_with(tier("low", "5.00"), tier("high", "20.00", budget=most))
    awards = ask(version, [candidate(used_card(), 0, 1) for _number in range(3)])
    assert [one.tiers for one in awards] == [(code,) for code in given]
    for code, value in (("low", 5), ("high", 20)):
        assert (used_of(version, "tier", code) or 0) == value * given.count(code)
    proven(version)
    plan = plans.plan_of(version.content)
    assert plans.read_plan(plan.as_content()) == plan
    assert [tier.budget for tier in plan.rewards.tiers] == [None, Decimal(most)]


def test_who_reaches_only_a_tier_whose_budget_is_used_up_is_told_so() -> None:
    """All or none: neither the stock nor the campaign is charged. The owner hears of it, until
    something is given again."""
    version = version_with(tier(value="20.00", budget="39.99", stock=9))
    card = used_card()
    answers = ask(version, [candidate(card), candidate(used_card())])
    assert [one.answer for one in answers] == ["granted", "over_budget_tier"]
    key = "first-gift"
    assert [used_of(version, *one) for one in (("tier", key), ("stock", key), ("campaign",))] == [
        Decimal(20), Decimal(1), Decimal(20),
    ]  # fmt: skip
    assert BudgetBook.objects.get().refused_kind == "tier"
    proven(version)


def test_a_newer_version_counts_what_a_tier_has_cost_before() -> None:
    version = version_with(tier(value="20.00"))
    ask(version, [candidate(used_card())])
    second = version_with(tier(value="20.00", budget="30.00"))
    answers = ask(second, [candidate(used_card())])
    assert [one.answer for one in answers] == ["over_budget_tier"]
    proven(second)


def test_stock_is_kept_and_then_the_lower_tier_is_given() -> None:
    version = version_with(tier("low", "5.00"), tier("high", "20.00", stock=1))
    awards = ask(version, [candidate(used_card(), 0, 1) for _number in range(2)])
    assert [(one.answer, one.tiers, one.amount) for one in awards] == [
        ("granted", ("high",), Decimal("20.00")),
        ("granted", ("low",), Decimal("5.00")),
    ]
    assert (used_of(version, "stock", "high"), used_of(version, "stock", "low")) == (1, 1)
    proven(version)


def test_costs_are_shared_to_the_cent_and_a_partys_limit_is_its_part_of_the_total() -> None:
    budget = {"total": "30.00", "shares": {"bank": "66.66", "M1": "33.34"}}
    version = version_with(budget=budget)
    awards = ask(version, [candidate(used_card()) for _number in range(4)])
    assert [one.answer for one in awards] == ["granted"] * 3 + ["over_budget_total"]
    assert borne_by(version) == {"bank": Decimal("20.00"), "M1": Decimal("10.00")}
    limits = BudgetLimit.objects.filter(kind="party").order_by("key")
    assert [(row.key, row.planned, row.used) for row in limits] == [
        ("M1", Decimal("10.00"), Decimal("10.00")), ("bank", Decimal("20.00"), Decimal("20.00")),
    ]  # fmt: skip
    proven(version)


def test_nothing_is_given_twice_and_nothing_before_use() -> None:
    version = version_with(budget={"total": "100.00"})
    used, unused = used_card(), CardFactory(activated_date=DAY)
    first = ask(version, [candidate(used), candidate(unused)])
    again = ask(version, [candidate(used), candidate(unused)])
    assert [one.answer for one in first] == ["granted", "not_in_use"]
    assert [one.answer for one in again] == ["had_before", "not_in_use"]
    assert (Grant.objects.count(), used_of(version, "campaign")) == (1, 10)
    proven(version)


def test_a_customer_stands_once_among_the_candidates() -> None:
    version, card = version_with(), used_card()
    with pytest.raises(rewards.AskedTwice):
        ask(version, [candidate(card), candidate(card)])
    assert (Grant.objects.count(), BudgetBook.objects.count()) == (0, 0)


def test_each_tier_is_given_once_and_what_does_not_fit_is_left() -> None:
    tiers = tier("a", "10.00"), tier("b", "20.00"), tier("c", "30.00")
    version = version_with(*tiers, mode="each", budget={"total": "45.00"})
    card = used_card()
    first = ask(version, [candidate(card, 0)])
    later = ask(version, [candidate(card, 0, 1, 2)])
    assert [(one.answer, one.tiers) for one in first + later] == [
        ("granted", ("a",)), ("granted", ("c",)),
    ]  # fmt: skip
    last = ask(version, [candidate(card, 0, 1, 2)])
    assert [(one.answer, one.tiers, one.amount) for one in last] == [("had_before", (), 0)]
    assert sorted(Grant.objects.values_list("slot", flat=True)) == ["a", "c"]
    proven(version)


def test_who_reaches_a_higher_tier_later_gets_the_difference() -> None:
    budget = {"total": "25.00", "shares": {"bank": "50", "M1": "50"}}
    version = version_with(tier("low", "5.01"), tier("high", "20.00"), budget=budget)
    card = used_card()
    ask(version, [candidate(card, 0)])
    later = ask(version, [candidate(card, 0, 1)], on=ON + dt.timedelta(days=1))
    assert [(one.answer, one.tiers, one.amount) for one in later] == [
        ("granted", ("high",), Decimal("14.99"))
    ]
    assert used_of(version, "campaign") == Decimal("20.00")
    assert used_of(version, "day", ON.isoformat()) == 0
    assert borne_by(version) == {"bank": Decimal("10.00"), "M1": Decimal("10.00")}
    assert [(row.grant.reward, row.kind) for row in GrantReversal.objects.all()] == [
        ("low", "exchanged")
    ]
    proven(version)


def test_a_higher_tier_that_does_not_fit_leaves_the_lower_one() -> None:
    version = version_with(tier("low", "5.00"), tier("high", "20.00"), budget={"total": "19.99"})
    card = used_card()
    ask(version, [candidate(card, 0)])
    assert [one.answer for one in ask(version, [candidate(card, 0, 1)])] == ["had_before"]
    assert Grant.objects.get().reward == "low"
    assert (GrantReversal.objects.count(), BudgetEntry.objects.count()) == (0, 1)
    proven(version)


def test_a_run_that_only_reckons_answers_the_same_and_grants_nothing() -> None:
    budget = {"total": "75.00", "per_customer": "20.00", "shares": {"bank": "50", "M1": "50"}}
    version = version_with(tier("low", "5.00"), tier("high", "20.00", stock=2), budget=budget)
    cards = [used_card() for _number in range(8)]
    ask(version, [candidate(cards[0], 0)])
    everybody = [candidate(card, 0, 1) for card in cards]
    before = BudgetEntry.objects.count(), Grant.objects.count(), used_of(version, "campaign")
    run = run_of(version, "preview")
    # In two parts, as the chunks of a run come.
    reckoned = [
        *ask(version, everybody[:3], is_live=False, run=run),
        *ask(version, everybody[3:], is_live=False, run=run),
    ]
    assert before == (
        BudgetEntry.objects.count(), Grant.objects.count(), used_of(version, "campaign")
    )  # fmt: skip
    granted = ask(version, everybody)
    assert reckoned == granted
    sums = [
        {(kind, key): used for kind, key, used in
         book.limits.exclude(kind="customer").values_list("kind", "key", "used")}
        for book in BudgetBook.objects.order_by("id")
    ]  # fmt: skip
    assert sums[0] == sums[1]
    proven(version)


def test_a_run_about_a_past_day_begins_with_what_was_used_by_then() -> None:
    version = version_with(budget={"total": "20.00"})
    cards = [used_card() for _number in range(3)]
    ask(version, [candidate(cards[0])], on=ON - dt.timedelta(days=2))
    ask(version, [candidate(cards[1])], on=ON)
    past = ON - dt.timedelta(days=1)
    again = [candidate(card) for card in cards]
    awards = ask(version, again, is_live=False, on=past)
    assert [one.answer for one in awards] == ["had_before", "granted", "over_budget_total"]


@pytest.mark.parametrize(("total", "most", "more"), [
    ("50.00", 50, 3), ("20.00", 20, 0), ("10.00", 20, 0),
])  # fmt: skip
def test_a_new_version_counts_what_was_used_before(total: str, most: int, more: int) -> None:
    version = version_with(budget={"total": "30.00"})
    ask(version, [candidate(used_card()) for _number in range(2)])
    newer = version_with(budget={"total": total})
    assert newer.campaign_id == version.campaign_id
    awards = ask(newer, [candidate(used_card()) for _number in range(4)])
    assert [one.answer for one in awards].count("granted") == more
    limit = BudgetLimit.objects.get(kind="campaign")
    assert (limit.planned, limit.most, limit.used) == (Decimal(total), most, 20 + 10 * more)
    proven(version)


def test_points_are_credited_expire_and_are_exchanged() -> None:
    low = tier("low", "5.00", kind="points", points=100)
    high = tier("high", "20.00", kind="points", points=300)
    version = version_with(low, high)
    card = used_card()
    ask(version, [candidate(card, 0)])
    batch = PointsBatch.objects.get()
    assert (batch.points, batch.on_date, batch.expires_date) == (100, ON, dt.date(2027, 7, 1))
    assert points.balance_of(card.customer_id) == 100
    ask(version, [candidate(card, 0, 1)])
    assert points.balance_of(card.customer_id) == 300
    ask(version, [candidate(card, 0, 1)])
    entries = PointsEntry.objects.order_by("id").values_list("kind", "points")
    assert list(entries) == [("earned", 100), ("adjusted", -100), ("earned", 300)]


def test_the_refusal_of_all_is_noted_once_and_ends_with_a_larger_budget() -> None:
    version = version_with(budget={"total": "10.00"})
    for _number in range(2):
        ask(version, [candidate(used_card()) for _place in range(2)])
    book = BudgetBook.objects.get()
    assert (book.refused_kind, book.refused_at) == ("campaign", AT)
    assert AuditEntry.objects.filter(action="campaign.out_of_budget").count() == 1
    newer = version_with(budget={"total": "20.00"})
    ask(newer, [candidate(used_card())])
    book.refresh_from_db()
    assert (book.refused_kind, book.refused_at, book.version) == ("", None, newer)


def test_a_wrong_row_is_found_by_the_proof() -> None:
    version = version_with(budget={"total": "30.00"})
    ask(version, [candidate(used_card())])
    BudgetLimit.objects.filter(kind="campaign").update(used=9)
    found = budgets.differences(version.campaign_id)
    assert [(one.kind, one.used, one.entered) for one in found] == [("campaign", 9, 10)]


def test_the_database_refuses_what_the_books_would_not_hold() -> None:
    version = version_with(budget={"total": "30.00"})
    ask(version, [candidate(used_card())])
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLimit.objects.filter(kind="campaign").update(used=Decimal("30.01"))
    assert used_of(version, "campaign") == 10
