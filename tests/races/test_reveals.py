"""Many clicks at once never pass the limit of a day, of reveals nor of searches."""

import pytest

from journeys.models import Customer, ExactSearch, Reveal
from journeys.reveals import operations as reveals
from journeys.reveals.enums import RevealField, SearchDoor
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


@pytest.mark.django_db(transaction=True)
def test_eight_searches_at_once_share_five_places() -> None:
    row_of("journeys.RevealRule", searches_per_day=5)
    officer = StaffFactory(role="compliance")

    def search(_place: int) -> int:
        try:
            found = reveals.search_exactly(
                field=RevealField.PHONE,
                value="15400002469",
                door=SearchDoor.CUSTOMERS,
                find=lambda: [1],
                actor=officer,
                at=INSTANT,
            )
        except reveals.SearchLimitReached:
            return 0
        return len(found)

    assert sorted(in_threads(8, search)) == [0, 0, 0, 1, 1, 1, 1, 1]
    numbers = ExactSearch.objects.order_by("number_of_day").values_list("number_of_day", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, None, None, None]
    assert AuditEntry.objects.filter(action="search.refused").count() == 3
