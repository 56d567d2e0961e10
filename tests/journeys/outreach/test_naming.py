"""Lists of messages say the name of what is sent, with its code, and find it by either."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from journeys.outreach import queries
from journeys.outreach.enums import HouseOrigin
from journeys.outreach.models import Message
from portal.staff.access import Scope
from tests.factories.campaigns import draft
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


@pytest.fixture
def messages() -> dict[str, Message]:
    draft(code="spring-1")
    draft(code="spring-10")
    Campaign.objects.filter(code="spring-1").update(name="春日首刷礼", name_en="Spring gift")
    Campaign.objects.filter(code="spring-10").update(name="春日积分", name_en="Spring points")
    origins = {
        "gift": "campaign:spring-1:v1", "points": "campaign:spring-10:v1",
        "gone": "campaign:other:v3", "house": HouseOrigin.POINTS_HINT.value,
    }  # fmt: skip
    return {name: MessageFactory(origin=origin) for name, origin in origins.items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("首刷礼", ["gift"]),
        ("春日", ["gift", "points"]),
        ("spring GIFT", ["gift"]),
        ("spring", ["gift", "points"]),
        ("spring-10", ["points"]),
        ("campaign:spring-1:v1", ["gift"]),  # its own page says so: not the tenth as well
        ("other", ["gone"]),
        ("Reminder of points", ["house"]),
        ("nothing of the kind", []),
    ],
)
def test_they_are_found_by_name_in_either_language_and_by_code(
    messages: dict[str, Message], text: str, found: list[str]
) -> None:
    rows = queries.list_messages(scope=Scope(""), origin=text)
    assert sorted(row.pk for row in rows) == sorted(messages[name].pk for name in found)


@pytest.mark.parametrize(
    ("language", "name"), [("zh-hans", "春日首刷礼，第1版"), ("en", "Spring gift, version 1")]
)
def test_the_list_and_the_page_say_name_and_code(
    messages: dict[str, Message], language: str, name: str, client_of: ClientOf
) -> None:
    client = client_of(StaffFactory(role="compliance", language=language))
    for address in (
        reverse("outbox_page") + "?origin=spring-1",
        reverse("message_page", args=[messages["gift"].pk]),
    ):
        page = client.get(address).content.decode()
        assert name in page
        assert "spring-1/1" in page
