"""The demo bank's complaints show every kind of clock."""

import datetime as dt

import pytest

from journeys.care import queries, rules
from journeys.care.models import Complaint, ServiceCase
from journeys.contact.models import MarketingPause
from journeys.demo import care
from portal.kit import clock
from portal.models import Submission
from portal.staff.access import Scope
from portal.staff.enums import Role
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import StaffFactory

ON = dt.date(2026, 11, 23)


@pytest.mark.django_db
def test_every_kind_of_clock_is_shown() -> None:
    StaffFactory(role=Role.BRANCH_MANAGER)
    StaffFactory(role=Role.COMPLIANCE)
    ids = {row.number: row.pk for row in (CustomerFactory() for _number in range(5))}
    care.build_care(seed="1", ids=ids, on=ON, at=clock.start_of(ON))
    care.build_settled(seed="1", ids=ids, sent=[], at=clock.start_of(ON))
    running = queries.list_complaints(scope=Scope(""), state="open")
    left = sorted(rules.clock_on(row.due_date, ON).days_left for row in running)
    assert left == [-2, 1, 2, 2, 11, 21, 24, 25]
    assert Submission.objects.filter(state="approved").count() == 1
    assert Submission.objects.filter(state="pending").count() == 1
    assert {row.state for row in Complaint.objects.all()} == {"open", "answered", "closed"}
    open_pauses = set(MarketingPause.objects.filter(until=None).values_list("reference", flat=True))
    assert open_pauses == set(
        Complaint.objects.exclude(state="closed").values_list("number", flat=True)
    )
    assert ServiceCase.objects.filter(state="closed").exists()
    assert not Complaint.objects.filter(closed_date__gt=ON).exists()
    (again,) = Complaint.objects.filter(rounds__isnull=False)
    found = queries.rounds_of(again, on=ON)
    assert [(row.days_late, row.is_kept) for row in found] == [(4, False), (0, True)]
