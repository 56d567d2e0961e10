"""How an origin stands, as its page and the outbox say it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journeys.outreach import queries
from journeys.outreach.enums import MessageState
from portal.staff.access import Scope
from tests.factories.campaigns import draft
from tests.factories.journeys import INSTANT
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
ORIGIN = "campaign:first-gift:v1"
HOUR = dt.timedelta(hours=1)
FIELDS: dict[str, dict[str, Any]] = {
    MessageState.SENDING: {"lease_until": timezone.now},
    MessageState.SENT: {"sent_at": timezone.now},
    MessageState.FAILED: {"failure_kind": "permanent", "failure": "refused"},
    MessageState.PARKED: {"failure_kind": "temporary", "failure": "busy"},
    MessageState.CANCELLED: {"failure_kind": "policy", "failure": "called_off"},
}


def made(state: str, **fields: Any) -> None:
    values = {name: one() if callable(one) else one for name, one in FIELDS.get(state, {}).items()}
    MessageFactory(**{"origin": ORIGIN, "state": state} | values | fields)


def test_the_figures_of_an_origin_add_up_to_its_messages(client_of: Callable[..., Client]) -> None:
    for number, state in enumerate(MessageState.values, start=1):
        for _message in range(number):
            made(state)
    page = client_of("campaign_manager").get(reverse("origin_page", args=[ORIGIN]))
    one = page.context["standing"]
    shown = (one.waiting, one.sending, one.sent, one.in_doubt, one.parked, one.failed,
             one.cancelled)  # fmt: skip
    assert shown == (1 + 2, 3, 4, 6, 7, 5, 8)
    assert sum(shown) == one.number == 36
    assert one.trouble == one.in_doubt + one.parked + one.failed


def test_the_figures_of_the_outbox_are_of_one_moment(django_assert_num_queries: Any) -> None:
    """Asked one after another they would not add up while messages move from one to the next."""
    for number, state in enumerate(MessageState.values, start=1):
        for _message in range(number):
            made(state, **({"sent_at": INSTANT} if state == "sent" else {}))
    with django_assert_num_queries(2):  # the other one asks what is being cancelled
        found = queries.figures(scope=Scope(""), at=INSTANT)
    assert found == queries.Figures(
        waiting=1, paused=2, sending=3, sent_today=4, failed=5, in_doubt=6, parked=7, per_minute=4
    )


@pytest.mark.parametrize(
    ("also", "fields", "waits"),
    [
        ("", {}, True),
        ("held", {}, True),
        ("sent", {}, True),
        ("queued", {"not_before": 2 * HOUR}, True),
        ("queued", {"not_before": -HOUR}, False),
        ("sending", {}, False),
    ],
)
def test_it_is_said_when_the_first_may_go_where_none_may_now(
    also: str, fields: dict[str, Any], waits: bool
) -> None:
    at = timezone.now()
    made("queued", not_before=at + HOUR)
    if also:
        made(also, **{name: at + later for name, later in fields.items()})
    (one,) = queries.origins_at_work(scope=Scope(""), at=at, most=5)
    assert one.next_at == (at + HOUR if waits else None)
    (later,) = queries.origins_at_work(scope=Scope(""), at=at + HOUR, most=5)
    assert later.next_at is None


@pytest.mark.parametrize(
    ("states", "says"),
    [
        (["queued", "parked"], "Going out"),
        (["sending", "in_doubt"], "Going out"),
        (["parked", "in_doubt", "sent"], "Set aside"),
        (["in_doubt", "failed"], "In doubt"),
        (["sent", "failed"], "All at their end"),
    ],
)
def test_what_waits_for_a_person_alone_does_not_go_out(
    states: list[str], says: str, client_of: Callable[..., Client]
) -> None:
    for state in states:
        made(state)
    client = client_of(StaffFactory(role="compliance", language="en"))
    part = client.get(reverse("origin_standing", args=[ORIGIN]), headers={"HX-Request": "true"})
    badge = part.content.decode().partition('class="badge')[2].partition("</span>")[0]
    assert badge.endswith(says)


def test_the_page_says_until_when_it_waits(client_of: Callable[..., Client]) -> None:
    at = timezone.now() + dt.timedelta(days=1)
    made("queued", not_before=at)
    client = client_of(StaffFactory(role="compliance", language="en"))
    when = f"Waits until {timezone.localtime(at):%m-%d %H:%M}"
    for name, arguments in (("outbox_page", []), ("origin_page", [ORIGIN])):
        text = client.get(reverse(name, args=arguments)).content.decode()
        assert (text.count(when), "Going out" in text) == (1, False)


def test_a_campaign_is_named_and_its_page_is_one_click_away(
    client_of: Callable[..., Client],
) -> None:
    version, reader = draft(), StaffFactory(role="campaign_manager", language="en")
    made("queued")
    address = reverse("campaign_version", args=[version.pk])
    page = client_of(reader).get(reverse("origin_page", args=[ORIGIN]))
    assert page.context["standing"].name == "First gift, version 1"
    assert page.content.decode().count(f'href="{address}"') == 1
    # What is no campaign of ours is named by itself, and leads nowhere.
    made("queued", origin="campaign:gone:v1")
    page = client_of(reader).get(reverse("origin_page", args=["campaign:gone:v1"]))
    assert page.context["standing"].url == ""
    text = page.content.decode()
    assert "Campaign gone, version 1</h1>" in text
    assert "To the campaign" not in text
