"""Several versions of a campaign at work, and runs that only reckon: one book, the same answers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campaigns.budgets import queries as budgets
from campaigns.models import BudgetBook, BudgetLimit, Grant
from journeys.models import Card
from tests.factories.journeys import CardFactory
from tests.factories.portal import BranchFactory
from tests.factories.rewards import (
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

LOW, HIGH = tier("low", "4.00"), tier("high", "6.00")


def test_a_customers_limit_binds_an_older_version_too() -> None:
    older = version_with(LOW, HIGH, mode="each")
    newer = version_with(LOW, HIGH, mode="each", budget={"per_customer": "9.00"})
    first, second = used_card(), used_card()
    ask(newer, [candidate(first, 0)])
    assert [one.answer for one in ask(older, [candidate(first, 0, 1)])] == ["had_before"]
    assert [one.tiers for one in ask(older, [candidate(second, 0, 1)])] == [("high",)]
    assert used_of(older, "customer", str(first.customer_id)) == 4
    assert budgets.differences(older.campaign_id) == []


def test_an_older_version_is_charged_to_the_customer_and_can_be_given_back() -> None:
    older = version_with(LOW, HIGH, budget={"per_customer": "9.00"})
    newer = version_with(LOW, HIGH, tier("third", "1.00"))
    card = used_card()
    ask(older, [candidate(card, 0)])
    ask(newer, [candidate(card, 0, 1)])
    assert used_of(older, "customer", str(card.customer_id)) == 6
    assert budgets.differences(older.campaign_id) == []


@pytest.mark.parametrize(("budget", "answer"), [
    ({"total": "8.00"}, "over_budget_total"),
    ({"per_day": "8.00"}, "over_budget_day"),
    ({"per_customer": "3.99"}, "over_budget_customer"),
    ({"branches": {"B9": "8.00"}}, "over_budget_branch"),
])  # fmt: skip
def test_an_older_version_keeps_its_own_limits(budget: dict[str, Any], answer: str) -> None:
    branch = BranchFactory(code="B9")
    older = version_with(LOW, budget=budget)
    newer = version_with(LOW)
    cards = [used_card(customer__branch=branch) for _number in range(4)]
    assert [one.answer for one in ask(newer, [candidate(cards[0])])] == ["granted"]
    answers = [one.answer for one in ask(older, [candidate(card) for card in cards[1:]])]
    granted = 0 if "per_customer" in budget else 1
    assert answers == ["granted"] * granted + [answer] * (3 - granted)
    assert budgets.differences(older.campaign_id) == []


def test_the_stock_of_a_tier_that_a_newer_version_dropped_is_kept() -> None:
    older = version_with(
        tier("gone", "4.00", stock=2), budget={"shares": {"bank": "50", "M1": "50"}}
    )
    ask(older, [candidate(used_card())])
    newer = version_with(tier("new", "4.00"))
    ask(newer, [candidate(used_card())])
    held = BudgetLimit.objects.get(kind="stock", key="gone")
    assert (held.planned, held.most, held.used) == (2, 2, 1)
    answers = [one.answer for one in ask(older, [candidate(used_card()) for _number in range(2)])]
    assert answers == ["granted", "stock_out"]
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLimit.objects.filter(kind="stock", key="gone").update(used=3)
    assert budgets.differences(older.campaign_id) == []


def test_what_only_an_older_version_names_is_there_where_a_newer_one_opened_the_book() -> None:
    older = version_with(
        tier("gone", "4.00", stock=1), budget={"shares": {"bank": "50", "M1": "50"}}
    )
    newer = version_with(tier("new", "4.00"))
    ask(newer, [candidate(used_card())])
    answers = [one.answer for one in ask(older, [candidate(used_card()) for _number in range(2)])]
    assert answers == ["granted", "stock_out"]
    assert (used_of(older, "stock", "gone"), used_of(older, "party", "M1")) == (1, 2)
    assert budgets.differences(older.campaign_id) == []


def test_live_is_the_dry_run_to_the_last_customer_and_cent_after_earlier_grants() -> None:
    """The parts of a cent that are carried over decide about a party's last cent."""
    budget = {"total": "26.64", "shares": {"bank": "66.66", "M1": "33.34"}}
    version = version_with(tier("odd", "3.33"), budget=budget)
    ask(version, [candidate(used_card())])
    everybody = [candidate(used_card()) for _number in range(9)]
    run = run_of(version, "dry_run")
    reckoned = [
        *ask(version, everybody[:4], is_live=False, run=run),
        *ask(version, everybody[4:], is_live=False, run=run),
    ]
    dry = BudgetBook.objects.get(run=run)
    granted = ask(version, everybody)
    assert [one.parts for one in reckoned] == [one.parts for one in granted]
    assert reckoned == granted
    live = BudgetBook.objects.get(run=None)
    columns = ("kind", "key", "used", "most", "carried")
    assert list(dry.limits.order_by("kind", "key").values_list(*columns)) == list(
        live.limits.order_by("kind", "key").values_list(*columns)
    )
    assert live.limits.exclude(carried=0).count() == 2


def test_a_dry_run_of_an_older_version_is_bound_as_a_live_one_would_be() -> None:
    older = version_with(LOW)
    newer = version_with(LOW, budget={"total": "8.00"})
    ask(newer, [candidate(used_card())])
    everybody = [candidate(used_card()) for _number in range(3)]
    reckoned = ask(older, everybody, is_live=False)
    assert [one.answer for one in reckoned] == ["granted", *["over_budget_total"] * 2]
    assert ask(older, everybody) == reckoned


def test_the_parts_in_the_answers_are_those_of_the_ledger() -> None:
    budget = {"shares": {"bank": "66.66", "M1": "33.34"}}
    version = version_with(tier("low", "3.33"), tier("high", "7.77"), budget=budget)
    cards = [used_card() for _number in range(7)]
    awards = ask(version, [candidate(card, 0) for card in cards])
    awards += ask(version, [candidate(card, 0, 1) for card in cards[:3]])
    summed: dict[str, Decimal] = {}
    for one in awards:
        assert sum(one.parts.values()) == one.amount
        for party, part in one.parts.items():
            summed[party] = summed.get(party, Decimal(0)) + part
    assert summed == borne_by(version)


@pytest.mark.parametrize(("closed", "answer"), [
    (ON - dt.timedelta(days=1), "closed"), (ON, "closed"), (ON + dt.timedelta(days=1), "granted"),
])  # fmt: skip
def test_a_card_closed_by_the_day_of_the_grant_is_given_nothing(
    closed: dt.date, answer: str
) -> None:
    version, card = version_with(), used_card()
    Card.objects.filter(pk=card.pk).update(closed_date=closed)
    assert [one.answer for one in ask(version, [candidate(card)])] == [answer]
    assert Grant.objects.count() == (answer == "granted")


def test_an_unused_card_is_told_apart_from_a_closed_one() -> None:
    version, card = version_with(), CardFactory(closed_date=ON)
    assert [one.answer for one in ask(version, [candidate(card)])] == ["not_in_use"]
