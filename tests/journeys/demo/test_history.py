"""Messages of the past keep what the gate promised."""

import datetime as dt

import pytest

from journeys.demo import history
from journeys.outreach import queries
from journeys.outreach.models import Message
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.outreach import MessageFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_whoever_was_contacted_a_day_apart_still_was() -> None:
    """The third waited for the first to be a day ago."""
    ContactRuleFactory()
    customer = ConsentFactory(effective_at=INSTANT - DAY, recorded_at=INSTANT - DAY).customer
    for _number in range(2):
        MessageFactory(customer=customer)
    MessageFactory(
        customer=customer, not_before=INSTANT + DAY, failure_kind="policy", failure="yielded"
    )
    history.deliver(before=INSTANT + 2 * DAY)
    late = dt.timedelta(seconds=customer.pk % 900)
    rows = Message.objects.order_by("id").values_list("state", "sent_at", "failure")
    assert list(rows) == [("sent", INSTANT + late, "")] * 2 + [("sent", INSTANT + DAY + late, "")]
    found = queries.find_breaches(since=INSTANT - DAY, at=INSTANT + 9 * DAY)
    assert list(found) == []
