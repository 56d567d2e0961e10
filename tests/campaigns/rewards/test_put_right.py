"""What is given instead of a reward that was taken back fits as far as that one reached, whatever a
newer version plans."""

from decimal import Decimal
from typing import Any

import pytest

from campaigns.budgets import queries as budgets
from campaigns.models import BudgetEntry, BudgetLimit, CampaignVersion, Grant, LowerTier
from campaigns.rewards import operations as giving
from journeys.models import Card, Transaction
from tests.campaigns.rewards.test_multiples import (
    ONE,
    TRIPLE,
    USED,
    balance,
    given_now,
    ran,
    refund,
    spender,
    version_of,
)
from tests.factories.campaigns import AT, ON
from tests.factories.portal import BranchFactory
from tests.factories.rewards import ask, candidate, tier, used_of, version_with

pytestmark = pytest.mark.django_db
MUCH = {"total": "1000.00"}
TWO = {"bank": "50", "M1": "50"}


def reopened() -> int:
    return giving.reopen_grants(on=ON + 2 * ONE, at=AT + 3 * ONE)


def give_back(card: Card, amount: str = "200.00") -> None:
    refund(Transaction.objects.get(card=card, amount=Decimal(amount)), amount, ON + ONE)


def branch_limit(most: str) -> dict[str, Any]:
    return {"branches": {"B9": most}}


# What is planned first, and by a newer version, which less than what is used: 25.60, two units.
@pytest.mark.parametrize(("before", "less", "stock"), [
    ({}, {"total": "21.00"}, None),
    ({}, {"per_day": "21.00"}, None),
    ({}, {"per_customer": "1.00"}, None),
    ({"per_customer": "12.80"}, {"per_customer": "1.00"}, None),
    (branch_limit("30.00"), branch_limit("21.00"), None),
    ({"shares": TWO}, {"total": "21.00", "shares": TWO}, None),
    ({}, {}, {"stock": 1}),
    ({}, {}, {"budget": "21.00"}),
])  # fmt: skip
def test_the_rest_is_given_though_a_newer_version_plans_less(
    before: dict[str, Any], less: dict[str, Any], stock: dict[str, Any] | None
) -> None:
    branch = BranchFactory(code="B9")
    first = version_of(budget=MUCH | before)
    card, other = spender("3000.00", "200.00"), spender("3000.00", "200.00")
    type(card.customer).objects.update(branch=branch)
    ran(first)
    assert [one[1] for one in given_now()] == [6400, 6400]
    second = version_with(TRIPLE | (stock or {}), rule=USED, budget=MUCH | less)
    assert second.campaign_id == first.campaign_id
    assert second.pk != first.pk
    ran(second, on=ON + ONE)  # opens the book for it
    give_back(card)
    assert reopened() == 1
    assert (balance(card), balance(other)) == (6000, 6400)
    assert used_of(first, "campaign") == Decimal("24.80")
    assert budgets.differences(first.campaign_id) == []
    # No limit is wider than what is used: nobody else is given what was freed.
    for limit in BudgetLimit.objects.filter(book__run=None, planned__isnull=False):
        assert limit.most == max(limit.planned or 0, limit.used)


def test_the_rest_is_given_though_its_own_version_planned_less_than_the_newer_one_used() -> None:
    """An older version is bound by its own limits besides; what it gave is within them."""
    first = version_of(budget={"total": "13.00"})
    card = spender("3000.00", "200.00")
    ran(first)
    second = version_with(TRIPLE, rule=USED, budget=MUCH)
    spender("3000.00")
    ran(second, on=ON + ONE)
    give_back(card)
    assert reopened() == 1
    assert (balance(card), used_of(first, "campaign")) == (6000, Decimal("24.00"))


def test_the_rest_is_charged_to_the_branch_of_the_first_grant() -> None:
    full, left = BranchFactory(code="FULL"), BranchFactory(code="LEFT")
    version = version_of(budget=MUCH | {"branches": {"FULL": "20.00"}})
    card, other = spender("3000.00", "200.00"), spender("9000.00")
    type(card.customer).objects.filter(pk=card.customer_id).update(branch=left)
    type(card.customer).objects.filter(pk=other.customer_id).update(branch=full)
    ran(version)
    assert used_of(version, "branch", str(full.pk)) == Decimal("20.00")
    type(card.customer).objects.filter(pk=card.customer_id).update(branch=full)
    give_back(card)
    assert reopened() == 1
    assert balance(card) == 6000
    assert used_of(version, "branch", str(left.pk)) == Decimal("12.00")
    assert budgets.differences(version.campaign_id) == []


LOW, HIGH = tier("low", "4.00"), tier("high", "6.00", needs={
    "kind": "spending_in_window", "counted_from": "dates", "first_date": "2026-03-01",
    "last_date": "2026-06-20", "last_day": "inside", "at_least": "1000.00",
    "refunds": "of_purchases",
})  # fmt: skip


def high_lost(newer: dict[str, Any]) -> tuple[CampaignVersion, Card]:
    """Two have the higher tier, a newer version plans less than these, and one gives back."""
    first = version_with(LOW, HIGH, rule=USED, budget=MUCH)
    card, other = spender("990.00", "200.00"), spender("2000.00")
    ran(first)
    assert {one.reward for one in Grant.objects.all()} == {"high"}
    assert other.pk != card.pk
    second = version_with(LOW, HIGH, rule=USED, budget=newer)
    ran(second, on=ON + ONE)
    give_back(card)
    return first, card


@pytest.mark.parametrize("newer", [{"total": "7.00"}, MUCH | {"per_customer": "3.00"}])
def test_the_lower_tier_is_given_out_of_what_the_higher_one_gives_back(
    newer: dict[str, str],
) -> None:
    version, card = high_lost(newer)
    assert reopened() == 1
    standing = Grant.objects.get(card=card, reversal=None)
    assert (standing.reward, LowerTier.objects.get().grant) == ("low", standing)
    assert used_of(version, "campaign") == Decimal("10.00")
    limit = BudgetLimit.objects.get(book__run=None, kind="campaign")
    assert limit.most == max(Decimal(newer["total"]), Decimal("10.00"))
    assert budgets.differences(version.campaign_id) == []


def test_a_day_that_was_not_charged_for_the_higher_one_still_binds() -> None:
    version, card = high_lost(MUCH | {"per_day": "3.00"})
    assert reopened() == 1
    assert not Grant.objects.filter(card=card, reversal=None).exists()
    assert LowerTier.objects.get().answer == "over_budget_day"
    assert used_of(version, "campaign") == Decimal("6.00")
    assert budgets.differences(version.campaign_id) == []


def test_release_and_rest_are_entered_one_after_the_other() -> None:
    version = version_of(budget=MUCH)
    card = spender("3000.00", "200.00")
    ran(version)
    give_back(card)
    assert reopened() == 1
    entries = BudgetEntry.objects.order_by("id").values_list("kind", "amount", "units")
    assert list(entries) == [
        ("reserve", Decimal("12.80"), 1), ("release", Decimal("-12.80"), -1),
        ("reserve", Decimal("12.00"), 1),
    ]  # fmt: skip


def test_where_nothing_is_given_instead_the_whole_is_free_again() -> None:
    version = version_with(tier("one", "6.00", needs=HIGH["needs"]), rule=USED,
                           budget={"total": "6.00"})  # fmt: skip
    card = spender("990.00", "200.00")
    ran(version)
    give_back(card)
    assert reopened() == 1
    assert used_of(version, "campaign") == 0
    assert [one.answer for one in ask(version, [candidate(spender("5.00"))])] == ["granted"]
    assert budgets.differences(version.campaign_id) == []
