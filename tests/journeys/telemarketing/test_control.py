"""The bank's control group binds the telephone: calls that messages ask for, and lists of leads."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from journeys.models import Lead
from journeys.telemarketing import panels, queries
from portal.kit import clock
from portal.staff.access import Scope
from tests.factories.control import in_force
from tests.factories.intake import AT
from tests.factories.journeys import CustomerFactory, LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_resting import (
    OTHER,
    PHONE,
    agreed,
    call_of,
    is_open,
    may_be_called,
)
from tests.journeys.telemarketing.test_views import _request

pytestmark = pytest.mark.django_db


def test_the_call_of_a_message_rests_as_the_gate_would_answer_and_service_goes() -> None:
    customer = agreed()
    marketing, service = call_of(customer), call_of(customer, "service")
    assert [may_be_called(lead) for lead in (marketing, service)] == [True, True]
    in_force(inside=[customer])
    assert [may_be_called(lead) for lead in (marketing, service)] == [False, True]
    assert [is_open(customer, purpose) for purpose in ("marketing", "service")] == [False, True]
    rows = queries.list_leads(scope=Scope(""), at=AT)
    assert {row.pk: (row.is_resting, row.is_control) for row in rows} == {
        marketing.pk: (True, True), service.pk: (False, False),
    }  # fmt: skip


def test_whoever_answers_the_phone_of_somebody_in_it_is_on_no_call_list() -> None:
    held, free = CustomerFactory(phone=PHONE), CustomerFactory(phone=OTHER)
    branch = BranchFactory()
    leads = [LeadFactory(phone=phone, branch=branch) for phone in (PHONE, OTHER, "15400000003", "")]
    in_force(inside=[held], outside=[free])
    assert [may_be_called(lead) for lead in leads] == [False, True, True, True]
    # A second customer under the phone, who is not in it, frees nobody.
    CustomerFactory(phone=PHONE)
    assert [may_be_called(lead) for lead in leads] == [False, True, True, True]
    assert Lead.objects.count() == 4


def test_the_list_says_why_and_until_when(client_of: Any) -> None:
    staff = StaffFactory(role="telemarketer", language="en")
    held = CustomerFactory(phone=PHONE, branch=staff.branch)
    LeadFactory(phone=PHONE, branch=staff.branch, owner=staff)
    today = clock.today()
    group = in_force(inside=[held], starts_date=today, ends_date=today + dt.timedelta(days=9))
    page = client_of(staff).get(reverse("lead_list"))
    words = f"In the bank's control group until {group.last_day}"
    assert words in page.content.decode()
    counts = panels.my_leads(_request(staff))
    assert counts is not None
    assert (counts["resting"], counts["leads"]) == (1, [])
