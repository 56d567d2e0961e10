"""A sender name that is withdrawn stops what was approved with it, and says so before."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import SenderName
from campaigns.texts import queries
from campaigns.texts.forms import SenderNameForm
from journeys.models import Contact, Message
from journeys.outreach.operations.claiming import claim_batch
from tests.campaigns.executing import executes
from tests.campaigns.texts.test_senders import OTHER, OURS, permit
from tests.campaigns.touches.test_channels import holder
from tests.factories.journeys import DAY
from tests.factories.portal import StaffFactory
from tests.factories.touches import on, step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


def written() -> Any:
    touched(step("one", valid_days=5), step("two", offset_days=9))
    card = holder("sms")
    sweep(DAY)
    return card


def test_from_its_day_on_nothing_goes_under_the_name() -> None:
    permit(OURS, DAY - 9 * DAYS)
    permit(OURS, DAY + DAYS, is_permitted=False)
    card = written()
    assert queries.withdrawn_on(DAY) == frozenset()
    claims, _more = claim_batch(sizes={"sms": 0}, at=on(DAY))
    assert claims == []
    claims, _more = claim_batch(sizes={"sms": 9}, at=on(DAY + DAYS))
    assert claims == []
    message = Message.objects.get()
    assert (message.state, message.failure_kind, message.failure) == (
        "cancelled", "policy", "sender_gone",
    )  # fmt: skip
    assert Contact.objects.get().released_at == on(DAY + DAYS)
    assert steps_of(card.customer_id)["one"] == ("unsent", "sender_gone")


@pytest.mark.parametrize("names", [[], [OURS], [OTHER], [OURS, OTHER]])
def test_what_was_not_withdrawn_goes(names: list[str]) -> None:
    for name in names:
        permit(name, DAY)
    permit("别的名字", DAY, is_permitted=False)
    written()
    claims, _more = claim_batch(sizes={"sms": 9}, at=on(DAY))
    assert len(claims) == 1


def test_a_service_message_waits_for_its_name() -> None:
    written()
    Message.objects.update(purpose="service")
    permit(OURS, DAY, is_permitted=False)
    assert claim_batch(sizes={"sms": 9}, at=on(DAY))[0] == []
    message = Message.objects.get()
    assert (message.state, message.failure, message.not_before) == (
        "queued", "sender_gone", on(DAY, 11),
    )  # fmt: skip
    permit(OURS, DAY + DAYS)
    assert len(claim_batch(sizes={"sms": 9}, at=on(DAY + DAYS))[0]) == 1


@executes(SenderNameForm, "name", "effective_date", "source", "stops")
def test_the_page_of_the_name_says_what_stops_and_withdrawing_asks(
    client_of: Callable[..., Client],
) -> None:
    row = permit(OURS, DAY)
    written()
    found = queries.under(OURS)
    assert ([one.code for one in found.texts], [one.number for one in found.versions]) == (
        ["nudge"], [1],
    )  # fmt: skip
    assert (found.waiting, queries.under(OTHER).is_any) == (1, False)
    client = client_of(StaffFactory(role="administrator", language="en"))
    page = client.get(reverse("admin:campaigns_sendername_change", args=[row.pk]))
    stops = "message texts nudge/sms/zh-hans/1; approved campaigns"
    assert stops in page.content.decode()
    given = {"name": OURS, "effective_date": "2026-09-01", "source": "到期"}
    add = reverse("admin:campaigns_sendername_add")
    asked = client.post(add, given)
    assert (asked.status_code, SenderName.objects.count()) == (200, 1)
    assert stops in asked.content.decode()
    assert "messages that wait: 1" in asked.content.decode()
    assert client.post(add, given | {"stops": "on"}).status_code == 302
    assert client.post(add, given | {"name": OTHER}).status_code == 302
    assert SenderName.objects.filter(is_permitted=False).count() == 2
