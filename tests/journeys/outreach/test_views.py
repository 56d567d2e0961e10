"""The pages of the outbox."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journeys.outreach.models import Message, SendingRate
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories.outreach import MessageFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def shown(client: Client, **query: str) -> list[Message]:
    return list(client.get(reverse("outbox_page"), query).context["page"].rows)


def test_the_list_is_masked_and_narrowed(client_of: ClientOf) -> None:
    sms = MessageFactory(customer__phone="13812345678", origin="campaign:A:v1")
    mail = MessageFactory(
        channel="email", state="failed", failure_kind="address", failure="bad_address: 550",
        customer__email="wang@example.test", origin="campaign:B:v1",
    )  # fmt: skip
    client = client_of("campaign_manager")
    text = client.get(reverse("outbox_page")).content.decode()
    assert ("138****5678" in text, "w***@example.test" in text) == (True, True)
    assert ("13812345678" in text, "wang@example.test" in text) == (False, False)
    assert shown(client) == [mail, sms]
    assert shown(client, state="failed") == [mail]
    assert shown(client, channel="sms") == [sms]
    assert shown(client, origin="campaign:B:v1") == [mail]
    assert shown(client, state="moon", channel="sms") == [sms]
    assert shown(client, origin="other") == []


@pytest.mark.parametrize(
    ("role", "status"),
    [("campaign_manager", 200), ("compliance", 200), ("analyst", 403), ("telemarketer", 403)],
)
def test_only_those_who_may_see_it(client_of: ClientOf, role: str, status: int) -> None:
    message = MessageFactory()
    client = client_of(role)
    for name, arguments in (
        ("outbox_page", []), ("outbox_figures", []), ("message_page", [message.pk]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=arguments)).status_code == status


def test_the_figures_count_today_and_the_last_minute(client_of: ClientOf) -> None:
    now = timezone.now()
    MessageFactory.create_batch(2)
    MessageFactory(state="in_doubt")
    MessageFactory(state="sent", sent_at=now - dt.timedelta(seconds=5))
    MessageFactory(state="sent", sent_at=now - dt.timedelta(days=2))
    figures = client_of("compliance").get(reverse("outbox_figures")).context["figures"]
    assert (figures.waiting, figures.in_doubt, figures.parked, figures.per_minute) == (2, 1, 0, 1)
    assert figures.sent_today in {0, 1}  # 0 within five seconds after midnight


def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client_of: ClientOf, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    client = client_of("campaign_manager")
    MessageFactory()
    client.get(reverse("outbox_page"))  # the session's first page starts its clocks
    with django_assert_max_num_queries(19) as first:
        client.get(reverse("outbox_page"))
    MessageFactory.create_batch(2)
    with django_assert_num_queries(len(first)):
        client.get(reverse("outbox_page"))


def settle(client: Client, message: Message, way: str, reason: str = "seen in the log") -> int:
    answer = client.post(
        reverse("settle_message", args=[message.pk]), {"way": way, "reason": reason}
    )
    message.refresh_from_db()
    return answer.status_code


@pytest.mark.parametrize(("way", "state"), [("mark_as_sent", "sent"), ("send_again", "queued")])
def test_a_doubt_is_settled_with_a_reason(client_of: ClientOf, way: str, state: str) -> None:
    message = MessageFactory(state="in_doubt", attempts=1, failure="no_answer")
    client = client_of("campaign_manager")
    assert client.get(reverse("message_page", args=[message.pk])).context["may_settle"] is True
    assert (settle(client, message, way), message.state) == (302, state)
    assert AuditEntry.objects.get(action__startswith="outbox.").reason == "seen in the log"


@pytest.mark.parametrize(
    ("way", "reason"), [("send_again", ""), ("other", "seen in the log"), ("", "seen")]
)
def test_without_a_reason_or_a_way_nothing_is_settled(
    client_of: ClientOf, way: str, reason: str
) -> None:
    message = MessageFactory(state="parked", failure_kind="temporary")
    client = client_of("campaign_manager")
    assert (settle(client, message, way, reason), message.state) == (422, "parked")


def test_what_changed_meanwhile_stays_as_it_is(client_of: ClientOf) -> None:
    message = MessageFactory()
    client = client_of("campaign_manager")
    assert (settle(client, message, "send_again"), message.state) == (302, "queued")
    assert not AuditEntry.objects.filter(action__startswith="outbox.").exists()


def test_who_may_only_see_may_not_settle(client_of: ClientOf) -> None:
    message = MessageFactory(state="in_doubt")
    client = client_of("compliance")
    page = client.get(reverse("message_page", args=[message.pk]))
    assert page.context["may_settle"] is False
    assert (settle(client, message, "mark_as_sent"), message.state) == (403, "in_doubt")


def test_what_is_not_there_is_not_found(client_of: ClientOf) -> None:
    client = client_of("campaign_manager")
    assert client.get(reverse("message_page", args=[1])).status_code == 404
    given = {"way": "send_again", "reason": "seen"}
    assert client.post(reverse("settle_message", args=[1]), given).status_code == 404
    assert client.get(reverse("settle_message", args=[1])).status_code == 405


def test_the_home_panel_is_for_campaign_managers(client_of: ClientOf) -> None:
    MessageFactory(state="in_doubt")
    for role, is_shown in (("campaign_manager", True), ("compliance", False)):
        text = client_of(role).get(reverse("home")).content.decode()
        assert (f"{reverse('outbox_page')}?state=in_doubt" in text) is is_shown


# --- origins --------------------------------------------------------------------------------------

ORIGIN = "campaign:A:v1"


def change(client: Client, way: str, reason: str = "文案有误") -> int:
    answer = client.post(reverse("change_origin", args=[ORIGIN]), {"way": way, "reason": reason})
    return answer.status_code


def test_the_page_tells_what_is_being_sent_and_why_not(client_of: ClientOf) -> None:
    MessageFactory.create_batch(2, origin=ORIGIN)
    MessageFactory(origin=ORIGIN, state="sent", sent_at=timezone.now())
    for failure in ("bad_address: 550", "bad_address: 551", "refused"):
        MessageFactory(
            origin="campaign:B:v1", state="failed", failure_kind="address", failure=failure
        )
    context = client_of("compliance").get(reverse("outbox_page")).context
    at_work = [(one.origin, one.waiting, one.sent, one.percent) for one in context["origins"]]
    assert at_work == [(ORIGIN, 2, 1, 33)]
    causes = [(cause.code, cause.number, cause.percent) for cause in context["causes"]]
    assert causes == [("bad_address", 2, 100), ("refused", 1, 50)]
    assert [before + now for _channel, before, now in context["rates"]] == [1]


def test_an_origin_is_paused_resumed_and_stopped_with_a_reason(client_of: ClientOf) -> None:
    message = MessageFactory(origin=ORIGIN)
    client = client_of("compliance")
    assert change(client, "pause", "") == 422
    assert change(client, "pause") == 302
    page = client.get(reverse("origin_page", args=[ORIGIN]))
    assert page.context["standing"].halt.reason == "文案有误"
    assert "文案有误" in page.content.decode()
    assert change(client, "pause") == 302  # with a sentence
    assert change(client, "resume") == 302
    assert change(client, "stop") == 302
    message.refresh_from_db()
    assert (message.state, message.failure) == ("cancelled", "called_off")
    actions = AuditEntry.objects.filter(action__startswith="outbox.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "outbox.paused", "outbox.resumed", "outbox.stopped", "outbox.called_off",
    ]  # fmt: skip


def test_those_set_aside_are_sent_again_together(client_of: ClientOf) -> None:
    parked = MessageFactory.create_batch(
        2, origin=ORIGIN, state="parked", failure_kind="temporary", failure="busy", attempts=3
    )
    doubt = MessageFactory(origin=ORIGIN, state="in_doubt", failure="no_answer")
    other = MessageFactory(origin="other", state="parked", failure_kind="temporary")
    assert change(client_of("compliance"), "send_again") == 403
    assert change(client_of("campaign_manager"), "send_again") == 302
    for message in (*parked, doubt, other):
        message.refresh_from_db()
    assert [(each.state, each.attempts, each.failure) for each in parked] == [("queued", 0, "")] * 2
    assert (doubt.state, other.state) == ("in_doubt", "parked")
    entry = AuditEntry.objects.get(action="outbox.all_sent_again")
    assert (entry.reason, entry.changes["messages"]) == ("文案有误", 2)


def test_an_origin_nobody_knows_has_no_page(client_of: ClientOf) -> None:
    client = client_of("campaign_manager")
    assert client.get(reverse("origin_page", args=["campaign:Z:v9"])).status_code == 404
    assert client.get(reverse("origin_standing", args=["campaign:Z:v9"])).status_code == 404


def test_a_rate_is_set_from_today_on(client_of: ClientOf) -> None:
    client, today = client_of("campaign_manager"), clock.today()
    given = {
        "channel": "sms", "gateway": "", "per_minute": "600", "burst": "20", "source": "合同",
        "effective_date": today.isoformat(),
    }  # fmt: skip
    past = given | {"effective_date": (today - dt.timedelta(days=1)).isoformat()}
    statuses = [client.post(reverse("outbox_rates"), form).status_code
                for form in (past, given | {"burst": "0"}, given, given)]  # fmt: skip
    assert statuses == [422, 422, 302, 422]
    assert list(SendingRate.objects.values_list("per_minute", "burst")) == [(600, 20)]
