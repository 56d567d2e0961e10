"""A step says what became of its message: where that reached nobody, why; where only the address
was at fault, it goes by the next channel of the step. All counts add up."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import CampaignVersion, Enrolment, TouchStep
from campaigns.texts import operations as texts
from campaigns.touches import queries
from journeys.contact import operations as contact
from journeys.models import Card, Contact, Message, MessageTemplate, ReceivedMessage
from journeys.outreach import operations as outreach
from journeys.outreach.operations.claiming import claim_batch
from tests.campaigns.touches.test_channels import holder, written
from tests.campaigns.touches.test_counts import assert_right
from tests.campaigns.touches.test_variants import OTHER, varied
from tests.factories.control import in_force
from tests.factories.journeys import DAY
from tests.factories.portal import StaffFactory
from tests.factories.touches import on, plan_of, stay_of, step, steps_of, sweep, touched

DAYS = dt.timedelta(days=1)


def consent_gone(card: Card, _version: CampaignVersion) -> None:
    contact.withdraw_consent(
        customer_id=card.customer_id, purpose="marketing", channel="sms", evidence="call",
        actor=None, at=on(DAY, 11),
    )  # fmt: skip


def refused(card: Card, _version: CampaignVersion) -> None:
    contact.record_do_not_contact(
        customer_id=card.customer_id, words="不要联系", source="call", actor=None, at=on(DAY, 11)
    )


def held(card: Card, _version: CampaignVersion) -> None:
    in_force(inside=[card.customer])


def withdrawn(_card: Card, _version: CampaignVersion) -> None:
    text = MessageTemplate.objects.get(code="nudge", channel="sms")
    texts.withdraw_text(
        text_id=text.pk, reason="wrong", actor=StaffFactory(role="compliance"), at=on(DAY, 11)
    )


def stopped(_card: Card, _version: CampaignVersion) -> None:
    outreach.stop_origin(
        origin="campaign:first-gift:v1", reason="wrong", actor=StaffFactory(), at=on(DAY, 11)
    )


def nothing(_card: Card, _version: CampaignVersion) -> None:
    """Only the days pass."""


CAUSES = [
    (consent_gone, on(DAY, 12), "no_consent", "Consent was withdrawn before the sending"),
    (refused, on(DAY, 12), "do_not_contact", "Never to be contacted: the person asked so, or"
     " another with the same phone, ID number or e-mail"),
    (held, on(DAY, 12), "control_group", "The person is in the bank's control group"),
    (withdrawn, on(DAY, 12), "text_withdrawn", "Its text was withdrawn"),
    (stopped, on(DAY, 12), "called_off", "Called off by staff"),
    (nothing, on(DAY + 2 * DAYS, 9), "too_late", "Its days were over before it could be sent"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("comes", "at", "why", "words"), CAUSES)
def test_a_step_whose_message_is_not_sent_says_why(
    comes: Callable[[Card, CampaignVersion], None], at: dt.datetime, why: str, words: str
) -> None:
    version = touched(step("one", valid_days=1), step("two", offset_days=9))
    card = holder("sms")
    sweep(DAY)
    assert steps_of(card.customer_id)["one"] == ("sent", "sent")
    comes(card, version)
    claim_batch(sizes={"sms": 10}, at=at)
    assert steps_of(card.customer_id) == {"one": ("unsent", why), "two": ("waiting", "")}
    assert Message.objects.get().state == "cancelled"
    assert stay_of(card.customer_id) == (1, "inside", "")
    assert_right()
    with translation.override("en"):
        (first, _second) = queries.step_figures(version)
        assert first.answers == [(f"Reached nobody: {words}", 1)]
        assert "Reached nobody 1" in queries.picture([first])
        row = TouchStep.objects.get(code="one")
        assert (row.answer_words, row.was_written) == (f"Reached nobody: {words}", False)
    assert (first.states, first.total, first.channels) == ({"unsent": 1}, 1, {})


@pytest.mark.django_db
def test_of_each_variant_everybody_is_counted_once(client_of: Callable[..., Client]) -> None:
    version = touched(
        plan=plan_of(varied(50, 50, b="other"), step("two", offset_days=9),
                     goal={"kind": "activated"}),
        bodies={"other": OTHER},
    )  # fmt: skip
    cards = [holder("sms") for _number in range(20)]
    for card in cards[:4]:
        contact.record_do_not_contact(
            customer_id=card.customer_id, words="x", source="call", actor=None, at=on(DAY, 9)
        )
    sweep(DAY)
    for card in cards[4:7]:
        consent_gone(card, version)
    for card in cards[7:9]:
        Card.objects.filter(pk=card.pk).update(activated_date=DAY)
    claim_batch(sizes={"sms": 100}, at=on(DAY, 12))
    for card in cards[9:14]:
        Card.objects.filter(pk=card.pk).update(activated_date=DAY)
    sweep(DAY, 13)
    found = queries.step_figures(version)[0].variants
    sums = [
        sum(getattr(one, name) for one in found)
        for name in ("written", "reached", "unsent", "waits", "held_back", "left", "total")
    ]
    assert sums == [11, 5, 5, 0, 4, 0, 20]
    rows = TouchStep.objects.filter(code="one")
    assert [one.total for one in found] == [rows.filter(variant=way).count() for way in "ab"]
    reader = StaffFactory(role="campaign_manager", language="en")
    page = client_of(reader).get(reverse("touch_page", args=[version.pk])).content.decode()
    assert "Not enough yet: each variant needs messages written to 100 people." in page


@pytest.mark.django_db
def test_who_only_waits_is_not_held_back() -> None:
    version = touched(*(varied(50, 50, code=code) for code in ("a", "b", "c")))
    holder("sms")
    sweep(DAY)  # two contacts a day
    found = queries.step_figures(version)
    assert [sum(way.written for way in one.variants) for one in found] == [1, 1, 0]
    assert [sum(way.waits for way in one.variants) for one in found] == [0, 0, 1]
    assert [sum(way.held_back for way in one.variants) for one in found] == [0, 0, 0]


@pytest.mark.django_db
def test_steps_of_messages_that_were_over_before_are_set_by_the_migration() -> None:
    touched(step("one", valid_days=1))
    people = [holder("sms") for _number in range(3)]
    sweep(DAY)
    Message.objects.filter(customer=people[0].customer_id).update(
        state="cancelled", failure_kind="policy", failure="no_consent"
    )
    Message.objects.filter(customer=people[1].customer_id).update(
        state="failed", failure_kind="permanent", failure="refused: 400 no"
    )
    from importlib import import_module

    follow = import_module("campaigns.migrations.0147_steps_follow_messages").FOLLOW
    with connection.cursor() as cursor:
        cursor.execute(follow)
    assert [steps_of(card.customer_id)["one"] for card in people] == [
        ("unsent", "no_consent"), ("unsent", "refused"), ("sent", "sent"),
    ]  # fmt: skip
    assert_right()


# --- at the gateway -----------------------------------------------------------------------------
@pytest.fixture
def practice(gateways: None, settings: Any) -> None:
    settings.PUSH_URL = settings.SMS_URL.replace("/cgi-bin/sendsms", "/push")


def send(hour: int = 10) -> int:
    return outreach.send_due_messages(clock=lambda: on(DAY, hour), seconds=10)


def attempts() -> list[tuple[str, str, str]]:
    rows = Message.objects.order_by("id").values_list("channel", "state", "failure")
    return [(channel, state, failure.partition(":")[0]) for channel, state, failure in rows]


@pytest.mark.usefixtures("practice")
def test_what_a_gateway_refuses_reached_nobody() -> None:
    touched(step("one"))
    card = holder("sms", customer__phone="13800130000")
    sweep(DAY)
    send()
    assert attempts() == [("sms", "failed", "bad_address")]
    assert steps_of(card.customer_id) == {"one": ("unsent", "bad_address")}
    assert_right()


@pytest.mark.usefixtures("practice")
def test_a_push_without_device_goes_by_the_next_channel() -> None:
    written("push")
    version = touched(step("one", channels=["push", "sms"]))
    card = holder("push", "sms", customer__number="C0000", customer__phone="13800138001")
    sweep(DAY)
    assert stay_of(card.customer_id) == (1, "left", "finished")
    send()
    row = TouchStep.objects.get()
    assert (row.state, row.tried, row.channel, row.variant) == ("waiting", "push", "", "")
    assert stay_of(card.customer_id) == (1, "inside", "")
    sweep(DAY, 11)
    send(11)
    assert attempts() == [("push", "failed", "bad_address"), ("sms", "sent", "")]
    causes = list(Message.objects.order_by("id").values_list("dedup_key", flat=True))
    first = f"touch:{version.campaign_id}:one:1"
    assert causes == [first, f"{first}:2"]
    row.refresh_from_db()
    assert (row.state, row.answer, row.channel) == ("sent", "sent", "sms")
    assert stay_of(card.customer_id) == (1, "left", "finished")
    assert ReceivedMessage.objects.values_list("channel", "destination").get() == (
        "sms", "13800138001",
    )  # fmt: skip
    assert Contact.objects.filter(released_at=None).values_list("channel").get() == ("sms",)
    sweep(DAY, 12)
    assert Message.objects.count() == 2
    assert_right()


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(("channels", "agreed", "ends"), [
    (["push"], ["push"], ("unsent", "bad_address")),
    (["push", "sms"], ["push"], ("skipped", "no_consent")),
    (["sms", "push"], ["push"], ("skipped", "no_consent")),
])  # fmt: skip
def test_where_no_channel_is_left_the_step_ends(
    channels: list[str], agreed: list[str], ends: tuple[str, str]
) -> None:
    written("push")
    touched(step("one", channels=channels))
    card = holder(*agreed, customer__number="C0000", customer__phone="13800138001")
    sweep(DAY)
    send()
    sweep(DAY, 11)
    assert steps_of(card.customer_id) == {"one": ends}
    assert attempts() == [("push", "failed", "bad_address")]
    assert stay_of(card.customer_id) == (1, "left", "finished")
    assert_right()


@pytest.mark.usefixtures("practice")
def test_who_has_left_is_told_by_no_other_channel() -> None:
    written("push")
    touched(plan=plan_of(step("one", channels=["push", "sms"]), goal={"kind": "activated"}))
    card = holder("push", "sms", customer__number="C0000")
    sweep(DAY)
    message = Message.objects.get()
    claims, _more = claim_batch(sizes={"push": 1}, at=on(DAY, 10))
    assert [claim.message_id for claim in claims] == [message.pk]
    Card.objects.filter(pk=card.pk).update(activated_date=DAY)
    sweep(DAY, 10)  # the stay has finished: it is looked at when the step is due again
    Message.objects.filter(pk=message.pk).update(state="queued", lease_until=None)
    send()
    sweep(DAY, 11)
    assert Message.objects.filter(state="sent").count() == 0
    assert stay_of(card.customer_id)[2] in ("goal", "finished")


@pytest.mark.usefixtures("practice")
def test_of_two_stays_that_had_finished_the_later_one_is_open_again() -> None:
    """One person is inside a plan once: were both open again, nothing could be written down."""
    written("push")
    plan = plan_of(step("one", anchor="entry", channels=["push", "sms"]),
                   reentry={"mode": "after_exit"})  # fmt: skip
    plan["entry"] = {"by": "audience", "of": "rule"}
    touched(plan=plan)
    card = holder("push", "sms", customer__number="C0000", customer__phone="13800138001")
    sweep(DAY)
    sweep(DAY + DAYS)
    stays = Enrolment.objects.filter(customer=card.customer_id).order_by("rotation")
    assert [stay.left_because for stay in stays] == ["finished", "finished"]
    outreach.send_due_messages(clock=lambda: on(DAY + DAYS), seconds=10)
    assert attempts() == [("push", "failed", "bad_address")] * 2
    rows = TouchStep.objects.order_by("enrolment__rotation").values_list("state", "tried")
    assert list(rows) == [("unsent", ""), ("waiting", "push")]
    assert [stay.state for stay in stays.all()] == ["left", "inside"]
    sweep(DAY + DAYS, 11)
    assert attempts()[2:] == [("sms", "queued", "")]
    assert_right()


@pytest.mark.django_db
def test_mail_that_comes_back_reached_nobody() -> None:
    touched(step("one", channels=["email"]))
    card = holder("email", customer__email="a@b.example")
    sweep(DAY)
    Message.objects.update(state="sent", sent_at=on(DAY), attempts=1)
    message = Message.objects.get()
    outreach.take_bounce(
        message_id=message.pk, is_hard=True, address="a@b.example", cause="550", at=on(DAY, 11)
    )
    assert steps_of(card.customer_id) == {"one": ("unsent", "bounced")}
    assert_right()
