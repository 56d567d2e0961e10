"""Many clicks at once never pass the limit of a day."""

import pytest

from journeys.models import Customer, Reveal
from journeys.reveals import operations as reveals
from portal.models import AuditEntry
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of
from tests.races.threads import in_threads


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_share_five_places() -> None:
    row_of("journeys.RevealRule", per_day=5)
    customer, officer = CustomerFactory(), StaffFactory(role="compliance")

    def click(_place: int) -> int:
        try:
            revealed = reveals.reveal(
                customer=Customer.objects.get(pk=customer.pk),
                field="phone",
                kind="complaint",
                words="客户来电核对账单地址",
                actor=officer,
                at=INSTANT,
            )
        except reveals.LimitReached:
            return 0
        return revealed.reveal.number_of_day

    assert sorted(in_threads(8, click)) == [0, 0, 0, 1, 2, 3, 4, 5]
    assert Reveal.objects.count() == 5
    assert AuditEntry.objects.filter(action="reveal.made").count() == 5
