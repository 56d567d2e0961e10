"""Many copies at once never pass the limit of a day."""

import pytest

from journeys.models import RightsCopy
from journeys.rights import operations as rights
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import DAY, row_of
from tests.races.threads import in_threads


@pytest.mark.django_db(transaction=True)
def test_eight_copies_at_once_share_three_places() -> None:
    row_of("journeys.RightsRule", effective_date=DAY, copies_per_day=3)
    officer = StaffFactory(role="compliance")
    requests = [
        row_of(
            "journeys.RightsRequest", customer=CustomerFactory(), kind="access", state="open",
            identity_check="id_document",
        )
        for _number in range(8)
    ]  # fmt: skip

    def make(place: int) -> int:
        try:
            copy, handle = rights.make_copy(
                request_id=requests[place].pk, form="json", actor=officer, at=INSTANT
            )
        except rights.DayIsFull:
            return 0
        handle.close()
        return copy.number_of_day

    assert sorted(in_threads(8, make)) == [0, 0, 0, 0, 0, 1, 2, 3]
    assert RightsCopy.objects.count() == 3
