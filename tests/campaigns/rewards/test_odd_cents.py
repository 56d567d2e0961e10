"""Odd cents of rewards that are taken back add up, and keep none from being taken back."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from campaigns.budgets import panels
from campaigns.budgets import queries as budgets
from campaigns.models import BudgetLimit, Grant, ReversalFailure
from campaigns.rewards import operations as rewards
from journeys.models import Transaction
from portal.staff.access import Scope
from tests.campaigns.rewards.test_reopening import DECIDED, day
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.rewards import AT, ON, ask, candidate, run_of, tier, used_card, used_of
from tests.factories.rewards import version_with as plan_with

pytestmark = pytest.mark.django_db


def carried(version: Any) -> dict[str, Decimal]:
    rows = BudgetLimit.objects.filter(book__campaign=version.campaign, kind="party")
    return dict(rows.values_list("key", "carried"))


def test_more_than_a_yuan_of_odd_cents_is_carried_and_settled_by_the_next_grant(
    client_of: Any,
) -> None:
    version = plan_with(
        tier("g", "10.01"), budget={"total": "9999.00", "shares": {"bank": "50", "M1": "50"}}
    )
    cards = [used_card(issued_date=DAY) for _number in range(404)]
    post(cards, "600.00", DAY)
    run = run_of(version)
    type(run).objects.filter(pk=run.pk).update(on_date=DECIDED, started_at=AT - (ON - DECIDED))
    asked = [candidate(card) for card in cards]
    assert {one.answer for one in ask(version, asked, run=run, on=DECIDED)} == {"granted"}
    post(cards[::2], "-500.00", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == 202
    assert not ReversalFailure.objects.exists()
    assert carried(version) == {"M1": Decimal("1.01"), "bank": Decimal("-1.01")}
    standing = sum(Grant.objects.filter(reversal=None).values_list("amount", flat=True))
    parties = [used_of(version, "party", key) or 0 for key in ("M1", "bank")]
    assert sum(parties) == standing == used_of(version, "campaign") == Decimal("2022.02")
    assert budgets.differences(version.campaign_id) == []
    with translation.override("en"):
        assert said_of(version) == [
            "¥1.01 too little for its share",
            "¥1.01 too much for its share",
        ]
    page = client_of("analyst").get(reverse("budget_page", args=[version.campaign.code]))
    assert page.content.decode().count("¥1.01") == 2
    ask(version, [candidate(used_card())])
    assert all(abs(rest) < Decimal("0.01") for rest in carried(version).values())
    assert said_of(version) == ["", ""]


def said_of(version: Any) -> list[str]:
    found = panels.account(campaign_id=version.campaign_id, scope=Scope(branch_path=""), on=ON)
    return [line.carried for line in found["lines"][1:3]]


def post(cards: list[Any], amount: str, on: Any) -> None:
    kind = "purchase" if Decimal(amount) > 0 else "refund"
    Transaction.objects.bulk_create(
        TransactionFactory.build(
            card=card, customer=card.customer, kind=kind, amount=Decimal(amount), posted_date=on,
            merchant=None,
        )
        for card in cards
    )  # fmt: skip
