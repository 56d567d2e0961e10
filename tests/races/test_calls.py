"""A plan is stopped while its calls are looked after: nobody waits for the other in a ring."""

import pytest
from django.db import connection, transaction

from journeys.models import Lead, Message
from journeys.outreach import operations as outreach
from tests.campaigns.touches.test_calls import called, take
from tests.factories.journeys import DAY
from tests.factories.portal import StaffFactory
from tests.factories.touches import on, step
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_whoever_is_on_a_call_is_told_by_the_stop_alone_while_it_goes_on() -> None:
    """Messages are locked before their leads, and what is locked is left to whoever has it."""
    called(step("later", offset_days=20))
    take()
    message = Message.objects.get()
    causes = [(message.customer_id, message.dedup_key)]

    def tell(_place: int) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            return outreach.tell_callers(causes=causes, at=on(DAY, 12))

    with transaction.atomic():
        outreach.stop_origin(
            origin="campaign:first-gift:v1", reason="wrong", actor=StaffFactory(), at=on(DAY, 11)
        )
        assert in_threads(1, tell) == [0]
    assert Lead.objects.get().left_at == on(DAY, 11)
