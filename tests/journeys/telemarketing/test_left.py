"""Whoever is on a call sees that its person is out of the plan, and can end the call."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Lead
from journeys.telemarketing import operations, panels, queries
from journeys.telemarketing.enums import LeadState
from portal.models import AuditEntry
from portal.staff.access import scope_of
from tests.factories.intake import AT
from tests.factories.journeys import LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_views import _request

pytestmark = pytest.mark.django_db
KEY = "7-0123456789abcdef"
ENGLISH = "Out of the plan since 2026-"
CHINESE = "客户已于 2026-"


def lead(**fields: object) -> Lead:
    branch = BranchFactory()
    if fields.get("state") != "off":  # nobody is on what is called off
        fields["owner"] = StaffFactory(role="telemarketer", branch=branch, language="en")
    return LeadFactory(number=f"M-{KEY}", branch=branch, **fields)


def told() -> int:
    return operations.tell_left(keys=[KEY, "8-0123456789abcdef"], at=AT)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list_and_the_home_page_say_it(language: str, client_of: Callable[..., Client]) -> None:
    one = lead(state="working")
    one.owner.language = language
    one.owner.save()
    assert told() == 1
    words = ENGLISH if language == "en" else CHINESE
    client = client_of(one.owner)
    for address in (reverse("lead_list"), "/"):
        assert client.get(address).content.decode().count(words) == 1


def test_it_is_said_once_and_the_call_is_ended_like_any_other(
    client_of: Callable[..., Client],
) -> None:
    one = lead(state="working")
    assert [told(), operations.tell_left(keys=[KEY], at=AT + dt.timedelta(days=1))] == [1, 0]
    one.refresh_from_db()
    assert (one.left_at, one.is_left) == (AT, True)
    assert AuditEntry.objects.get(action="leads.person_left").changes == {"leads": 1}
    mine = queries.callable_leads(scope=scope_of(one.owner), at=AT)
    assert list(mine) == [one]
    assert panels.my_leads(_request(one.owner))["leads"] == [one]
    operations.end_lead(lead_id=one.pk, state=LeadState.WON, actor=one.owner, at=AT)
    one.refresh_from_db()
    assert not one.is_left
    assert ENGLISH not in client_of(one.owner).get(reverse("lead_list")).content.decode()


@pytest.mark.parametrize("state", ["won", "lost", "off"])
def test_a_call_that_is_over_says_nothing(state: str) -> None:
    lead(state=state)
    assert told() == 0
    assert Lead.objects.get().left_at is None


def test_one_that_was_given_back_says_that_it_goes_by_itself(
    client_of: Callable[..., Client],
) -> None:
    one = lead(state="working")
    told()
    staff = one.owner
    operations.release_lead(lead_id=one.pk, actor=staff, at=AT)
    page = client_of(staff).get(reverse("lead_list")).content.decode()
    assert "it leaves the list by itself" in page
    assert ENGLISH not in page
    assert not queries.callable_leads(scope=scope_of(staff), at=AT).exists()
    assert queries.free_leads(scope=scope_of(staff), at=AT) == 0
