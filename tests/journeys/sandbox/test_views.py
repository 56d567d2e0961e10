"""The page of the practice gateways."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.sandbox import operations as sandbox
from journeys.sandbox.models import ReceivedMessage
from tests.factories.journeys import INSTANT

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def receive(minutes: int = 0, **fields: Any) -> ReceivedMessage:
    message = {
        "channel": "sms", "message_key": "1", "destination": "13812345678", "sender": "95500",
        "subject": "", "body": "您好", "at": INSTANT + dt.timedelta(minutes=minutes),
    }  # fmt: skip
    return sandbox.receive(**{**message, **fields})


@pytest.fixture
def client(client_of: ClientOf, settings: Any) -> Client:
    settings.SANDBOX_HTTP_PORT = 1
    return client_of("campaign_manager")


def shown(client: Client, name: str = "sandbox_page", **query: str) -> list[ReceivedMessage]:
    return list(client.get(reverse(name), query).context["page"].rows)


@pytest.mark.parametrize("name", ["sandbox_page", "sandbox_received"])
def test_messages_are_shown_by_channel_newest_first_and_searched(client: Client, name: str) -> None:
    first, second = receive(0), receive(1, body="再见 <b>")
    mail = receive(channel="email", destination="wang@example.test", subject="达标")
    assert shown(client, name) == [second, first]
    assert shown(client, name, channel="email") == [mail]
    assert shown(client, name, channel="email", words="达标") == [mail]
    assert shown(client, name, words="再见") == [second]
    assert shown(client, name, channel="moon") == [second, first]
    assert shown(client, name, words="nothing") == []


def test_destinations_are_masked_and_texts_escaped(client: Client) -> None:
    receive(body="<b>您好</b>")
    text = client.get(reverse("sandbox_page")).content.decode()
    assert ("138****5678" in text, "13812345678" in text) == (True, False)
    assert ("&lt;b&gt;您好" in text, "<b>您好" in text) == (True, False)


def test_the_list_that_is_asked_for_again_keeps_its_place(client: Client) -> None:
    for number in range(25):
        receive(number)
    page = client.get(reverse("sandbox_page"), {"words": "您好", "page": "2"})
    assert page.context["again"] == "words=%E6%82%A8%E5%A5%BD&page=2"
    assert len(page.context["page"].rows) == 5


def test_where_no_gateways_run_the_page_says_so(client: Client, settings: Any) -> None:
    settings.SANDBOX_HTTP_PORT = 0
    for name in ("sandbox_page", "sandbox_received"):
        answer = client.get(reverse(name))
        assert answer.status_code == 404
        assert answer.templates[0].name == "journeys/sandbox/not_running.html"


@pytest.mark.parametrize(("role", "status"), [("administrator", 200), ("analyst", 403)])
def test_only_those_who_may_see_it(
    client_of: ClientOf, settings: Any, role: str, status: int
) -> None:
    settings.SANDBOX_HTTP_PORT = 1
    assert client_of(role).get(reverse("sandbox_page")).status_code == status
