"""Whoever opens an address with a browser sees a whole page, also where it gives a part of one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import campaigns as plans
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import StaffFactory
from tests.project import doors
from tests.project.test_roles import OWN, address

OPENED = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ASKED = {"Accept": "*/*", "HX-Request": "true"}
SEEN = [name for name in OWN if doors.DOORS[name].answer == 200]


@pytest.fixture(autouse=True)
def _practice_gateways(settings: Any) -> None:
    """Their page exists only where they run."""
    settings.SANDBOX_HTTP_PORT = 1


def _somebody_for(door: doors.Door) -> Any:
    roles = (
        "compliance", "administrator", "campaign_manager", "branch_manager",
        "relationship_manager", "telemarketer",
    )  # fmt: skip
    return StaffFactory(role=next(role for role in roles if door.lets_in(role)))


@pytest.mark.django_db
@pytest.mark.parametrize("name", SEEN)
def test_an_address_opened_by_a_person_shows_a_whole_page(name: str, client_of: Any) -> None:
    door = doors.DOORS[name]
    staff = _somebody_for(door)
    client = Client() if door.who == doors.PUBLIC else client_of(staff)
    answer = client.get(address(name, staff), door.data or {}, headers=OPENED, follow=True)
    assert answer.status_code == 200
    if answer["Content-Type"].startswith("text/html"):
        assert "</html>" in answer.content.decode()


@pytest.mark.django_db
def test_a_part_is_given_to_its_page_and_a_person_is_sent_there(client_of: Any) -> None:
    code = plans.draft().campaign.code
    client = client_of("campaign_manager")
    part, page = reverse("campaign_runs", args=[code]), reverse("campaign_page", args=[code])
    assert "</html>" not in client.get(part, headers=ASKED).content.decode()
    answer = client.get(part, headers=OPENED)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert client_of("telemarketer").get(part, headers=OPENED).status_code == 403


@pytest.mark.django_db
def test_what_was_asked_for_goes_along(client_of: Any) -> None:
    number = CustomerFactory().number
    part = reverse("customer_timeline", args=[number]) + "?kind=points"
    answer = client_of("compliance").get(part, headers=OPENED)
    assert answer["Location"] == reverse("customer_page", args=[number]) + "?kind=points"
