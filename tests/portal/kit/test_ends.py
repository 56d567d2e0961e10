"""Rows that are overdue, and those near their last day, by one statement."""

import datetime as dt

import pytest

from journeys.models import Complaint
from portal.kit.ends import Ends, ends_of
from tests.project.rows import row_of

TODAY = dt.date(2026, 3, 31)
DAY = dt.timedelta(days=1)


@pytest.mark.django_db
def test_ends_are_counted_with_their_first_days(django_assert_num_queries: object) -> None:
    rows = Complaint.objects.order_by("due_date")
    assert ends_of(rows, TODAY) == Ends()
    for days in (-4, -1, 0, 2):  # a special complaint: 30 days, the last of them is the end
        opened = TODAY + (days - 30) * DAY
        assert row_of("journeys.Complaint", opened_date=opened).due_date == TODAY + days * DAY
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = ends_of(rows, TODAY)
    assert found == Ends(2, TODAY - 4 * DAY, 2, TODAY)
