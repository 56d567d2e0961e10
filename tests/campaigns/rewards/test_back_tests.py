"""A back-test of days on which the campaign itself ran says what it would have given on them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.eligibility import queries
from campaigns.models import Grant
from tests.campaigns.rewards.test_multiples import ONE, ran
from tests.factories.campaigns import ON, approved, card_in_use
from tests.factories.journeys import TransactionFactory

pytestmark = pytest.mark.django_db
RULE = {
    "kind": "spending_in_window", "counted_from": "dates", "first_date": "2026-03-01",
    "last_date": "2026-12-20", "last_day": "inside", "at_least": "500.00",
}  # fmt: skip
GIFT: dict[str, Any] = {
    "code": "first-gift", "kind": "gift", "name": "礼", "name_en": "Gift", "value": "10.00",
    "stock": 3,
}  # fmt: skip
CASH: dict[str, Any] = {**GIFT, "kind": "cash_back"}
HIGHER: dict[str, Any] = {
    **CASH, "code": "more", "value": "25.00",
    "needs": RULE | {"at_least": "900.00"},
}  # fmt: skip


@pytest.mark.parametrize("tiers", [[GIFT], [CASH, HIGHER]])
@pytest.mark.parametrize("first", [ON - ONE, ON])
def test_what_it_gave_itself_on_these_days_hides_nothing(
    tiers: list[dict[str, Any]], first: dt.date
) -> None:
    """Neither from those who have it, nor in stock and budgets: three units are left to three."""
    version = approved(
        rule=RULE, rewards={"tiers": tiers}, budget={"total": "1000.00", "per_customer": "30.00"}
    )
    for number in range(3):
        card = card_in_use("1.00")
        TransactionFactory(card=card, amount=Decimal(600), posted_date=ON + number * ONE)
    TransactionFactory(card=card, amount=Decimal(400), posted_date=ON + 3 * ONE)
    span: dict[str, dt.date] = {"first": first, "on": ON + 3 * ONE}
    said = queries.figures_of(ran(version, "back_test", **span)).given
    for number in range(4):
        ran(version, on=ON + number * ONE)
    stand = Grant.objects.filter(reversal=None)
    assert (said.count, said.amount) == (stand.count(), sum(one.amount for one in stand))
    assert queries.figures_of(ran(version, "back_test", **span)).given == said


def test_what_was_given_before_its_days_counts_as_had() -> None:
    version = approved(rule=RULE, rewards={"tiers": [GIFT]})
    for number in range(2):
        card = card_in_use("1.00")
        TransactionFactory(card=card, amount=Decimal(600), posted_date=ON + number * ONE)
        ran(version, on=ON + number * ONE)
    after = ran(version, "back_test", first=ON + ONE, on=ON + 2 * ONE)
    assert queries.figures_of(after).given.count == 1
