"""Two clocks settle pay at once: nothing is earned, taken back or closed twice."""

import datetime as dt

import pytest
from django.db.models import Sum

from journeys.models import Card
from journeys.targets import operations
from journeys.targets.models import PayEntry, PayMonth
from tests.factories import leads
from tests.factories import targets as made
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_pay_is_settled_once_however_many_settle_it() -> None:
    owner = made.manager()
    made.in_force(owner)
    people = [leads.caller(owner.branch), leads.caller(owner.branch)]
    for one in people:
        for _number in range(3):
            made.sold(one, dt.date(2026, 3, 5))
    for on in (dt.date(2026, 4, 10), dt.date(2026, 5, 10)):
        in_threads(4, lambda _number, on=on: operations.settle_pay(on=on, at=made.AT))
        Card.objects.update(closed_date=dt.date(2026, 4, 11))
    assert PayMonth.objects.count() == 4
    assert PayEntry.objects.filter(kind="earned").count() == 20
    assert PayEntry.objects.filter(kind="taken_back").count() == 6
    entries = PayEntry.objects.aggregate(sum=Sum("amount"))["sum"]
    paid = PayMonth.objects.aggregate(sum=Sum("payable"))["sum"]
    # March paid 372 each; what the cards take back stands in May, which is not closed yet.
    assert (entries, paid) == (2 * (372 - 42), 2 * 372)
