"""Counting what was sent from four sides at once counts it once."""

import pytest

from journeys.models import SentCount
from journeys.outreach import operations as outreach
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_counts_at_once() -> None:
    customer = CustomerFactory()
    for _number in range(20):
        MessageFactory(customer=customer, state="sent", sent_at=INSTANT, origin="a")
    in_threads(4, lambda _place: outreach.count_sent(at=INSTANT, seconds=30))
    assert list(SentCount.objects.values_list("origin", "messages")) == [("a", 20)]
