"""What the database refuses about grants."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from campaigns.models import Grant
from tests.factories.campaigns import AT, approved
from tests.factories.journeys import DAY, CardFactory
from tests.factories.rewards import run_of

pytestmark = pytest.mark.django_db


def give(**fields: Any) -> Grant:
    version = approved()
    run = run_of(version)
    usual = {
        "campaign": version.campaign, "version": version, "run": run, "reward": "first-gift",
        "amount": Decimal("10.00"), "granted_date": DAY, "granted_at": AT,
    }  # fmt: skip
    with transaction.atomic():
        return Grant.objects.create(**usual | fields)


@pytest.mark.parametrize(("activated", "used", "is_given"), [
    (0, 0, True), (-1, 0, True), (1, 0, False), (0, 1, False), (None, 0, False), (0, None, False),
])  # fmt: skip
def test_no_gift_before_activation_and_use(
    activated: int | None, used: int | None, is_given: bool
) -> None:
    def day(offset: int | None) -> dt.date | None:
        return None if offset is None else DAY + dt.timedelta(days=offset)

    card = CardFactory(
        issued_date=DAY - dt.timedelta(days=5),
        activated_date=day(activated),
        first_used_date=day(used),
    )
    if is_given:
        give(card=card, customer=card.customer)
    else:
        with pytest.raises(IntegrityError):
            give(card=card, customer=card.customer)
    assert Grant.objects.count() == int(is_given)


def test_no_gift_on_the_card_of_somebody_else() -> None:
    card, other = (CardFactory(activated_date=DAY, first_used_date=DAY) for _number in range(2))
    with pytest.raises(IntegrityError):
        give(card=card, customer=other.customer)


def test_no_gift_twice_none_of_nothing_and_none_taken_back() -> None:
    card = CardFactory(activated_date=DAY, first_used_date=DAY)
    give(card=card, customer=card.customer)
    with pytest.raises(IntegrityError):
        give(card=card, customer=card.customer)
    with pytest.raises(IntegrityError):
        give(card=card, customer=card.customer, reward="other", amount=Decimal(0))
    with pytest.raises(DatabaseError), transaction.atomic():
        Grant.objects.all().delete()
    assert Grant.objects.count() == 1
