"""A crowd of customers at once: what the factories build, inserted in bulk."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone

from journeys.models import Application, Card, Consent, Customer, Transaction
from portal.kit import clock
from tests.factories.journeys import (
    ApplicationFactory,
    CardFactory,
    ConsentFactory,
    ConsentTextFactory,
    CustomerFactory,
    ProductFactory,
    TransactionFactory,
)
from tests.factories.portal import BranchFactory

DAYS_SINCE_ISSUE = 80


def issued() -> dt.date:
    """The day on which the crowd's cards were issued."""
    return clock.today() - dt.timedelta(days=DAYS_SINCE_ISSUE)


def usual_phone(place: int) -> str:
    """The phone of somebody in the crowd, by the place there."""
    return f"139{place:08d}"


def make_crowd(
    number: int, *, buyers: int = 5, phone_of: Callable[[int], str] = usual_phone
) -> list[str]:
    """This will make customers who all consent to SMS and use their card, issued in time; every
    fifth one, or one of so many `buyers`, spent enough for the known case. Returns the phones of
    these, in the order of ids."""
    branch, product, day = BranchFactory(), ProductFactory(), issued()
    text = ConsentTextFactory()
    phones = [phone_of(place) for place in range(number)]
    customers = Customer.objects.bulk_create(
        CustomerFactory.build(branch=branch, phone=phone, registered_date=day) for phone in phones
    )
    filed = day - dt.timedelta(days=10)
    applications = Application.objects.bulk_create(
        ApplicationFactory.build(
            customer=customer, product=product, branch=branch, filed_date=filed, decided_date=day
        )
        for customer in customers
    )
    cards = Card.objects.bulk_create(
        CardFactory.build(
            customer=application.customer, application=application, issued_date=day,
            activated_date=day, first_used_date=day,
        )
        for application in applications
    )  # fmt: skip
    Transaction.objects.bulk_create(
        TransactionFactory.build(
            card=card, amount=Decimal(10 if place % buyers else 600), posted_date=day
        )
        for place, card in enumerate(cards)
    )
    Consent.objects.bulk_create(
        ConsentFactory.build(
            customer=customer, text=text, effective_at=timezone.now() - dt.timedelta(days=1)
        )
        for customer in customers
    )
    return phones[::buyers]
