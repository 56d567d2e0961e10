"""The pages of the bank's control group, and what other pages say of it."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from journeys.contact.models import ControlGroup
from portal.approvals.models import Submission
from portal.kit import clock
from tests.factories.control import in_force
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def reader(role: str) -> Any:
    return StaffFactory(role=role, language="en")


def get(client: Any, name: str, **arguments: Any) -> str:
    answer = client.get(reverse(name, kwargs=arguments))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_without_a_group_the_page_says_so(client_of: Any) -> None:
    page = get(client_of(reader("campaign_manager")), "control_group_list")
    assert "No control group is in force" in page
    assert reverse("control_group_new") in page
    assert reverse("control_group_new") not in get(
        client_of(reader("approver")), "control_group_list"
    )


def test_the_page_says_since_when_until_when_how_many_and_who(client_of: Any) -> None:
    today = clock.today()
    maker = reader("campaign_manager")
    held, free = CustomerFactory(), CustomerFactory()
    row = in_force(
        inside=[held], outside=[free], permille=25, starts_date=today - DAY,
        ends_date=today + 9 * DAY, proposed_by=maker,
    )  # fmt: skip
    client = client_of(maker)
    page = get(client, "control_group_list")
    for words in ("2.5%", f"{today - DAY}", f"{today + 8 * DAY}", maker.name_en, "年度对照组"):
        assert words in page
    assert "1 of 2 customer numbers" in get(client, "control_group_size")
    assert row.settled_by.name_en in get(client, "control_group_page", group_id=row.pk)
    assert client.get(reverse("control_group_page", args=[row.pk + 1])).status_code == 404


def test_a_group_is_proposed_by_the_form(client_of: Any) -> None:
    client = client_of(reader("campaign_manager"))
    today = clock.today()
    given = {
        "starts_date": str(today + DAY), "last_date": str(today + 365 * DAY), "percent": "2.5",
        "people": "kept", "reason": "年度对照组",
    }  # fmt: skip
    address = reverse("control_group_new")
    refused = client.post(address, given)
    assert (refused.status_code, ControlGroup.objects.count()) == (422, 0)
    assert client.post(address, given | {"people": "anew", "percent": "16"}).status_code == 422
    assert client.post(address, given | {"people": "anew"}).status_code == 302
    row = ControlGroup.objects.get()
    assert (row.starts_date, row.ends_date, row.permille, row.state) == (
        today + DAY, today + 366 * DAY, 25, "proposed",
    )  # fmt: skip
    page = get(client, "control_group_list")
    assert "Waits for approval" in page
    assert address not in page
    submission = Submission.objects.get()
    shown = get(client_of(reader("approver")), "approval_page", submission_id=submission.pk)
    assert "2.5% of all persons are sent no marketing" in shown
    assert reverse("control_group_page", args=[row.pk]) in shown


def test_the_page_of_a_customer_says_until_when(client_of: Any) -> None:
    ContactRuleFactory()
    staff = reader("compliance")
    customer = CustomerFactory(branch=staff.branch)
    ConsentFactory(customer=customer, effective_at=clock.now() - DAY)
    today = clock.today()
    in_force(inside=[customer], starts_date=today, ends_date=today + 9 * DAY)
    page = get(client_of(staff), "customer_contact", number=customer.number)
    # Of the five channels one is consented to; the others say that first.
    assert page.count(f"In the bank&#x27;s control group until {today + 8 * DAY}") == 1
