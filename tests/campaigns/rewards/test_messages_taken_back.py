"""A message that still waits tells of no reward that was taken back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion, Decision, Grant
from campaigns.rewards import operations as rewards
from journeys.models import Card, Contact, DoNotContact, Message
from journeys.outreach import operations as sending
from journeys.outreach import queries as outreach
from portal.models import AuditEntry
from tests.campaigns.rewards.test_reopening import MORE, day, refund
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use
from tests.factories.journeys import TransactionFactory

pytestmark = pytest.mark.django_db

LOW = TIER | {"code": "low", "name": "低档", "name_en": "Low", "value": "5.00"}
HIGH = TIER | {"code": "high", "name": "高档", "name_en": "High", "value": "20.00", "needs": MORE}


def told(spent: str, back: str, *tiers: dict[str, Any], mode: str = "highest") -> Message:
    """The message to a customer who was given a reward, once so much was refunded."""
    version = approved(rewards={"mode": mode, "tiers": list(tiers)})
    card = card_in_use(spent)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    assert Message.objects.get().state == "queued"
    refund(card, back, day(20))
    return Message.objects.get()


def take_back() -> int:
    return rewards.reopen_grants(on=ON, at=AT + dt.timedelta(minutes=5))


def test_it_is_called_off_with_its_contact_where_nothing_is_left() -> None:
    message = told("600.00", "300.00", LOW)
    assert take_back() == 1
    message.refresh_from_db()
    assert (message.state, message.failure_kind, message.failure) == (
        "cancelled", "policy", "replaced",
    )  # fmt: skip
    assert Contact.objects.get().released_at is not None


@pytest.mark.parametrize(("mode", "before"), [
    ("highest", ("高档", "High", "¥20")), ("each", ("低档、高档", "Low, High", "¥25")),
])  # fmt: skip
def test_it_tells_of_the_lower_tier_that_is_left(mode: str, before: tuple[str, ...]) -> None:
    message = told("1200.00", "300.00", LOW, HIGH, mode=mode)
    keys = ("reward", "reward_en", "amount")
    assert tuple(message.context[key] for key in keys) == before
    rest = {key: value for key, value in message.context.items() if key not in keys}
    assert take_back() == 1
    message.refresh_from_db()
    assert message.state == "queued"
    assert message.context == rest | {"reward": "低档", "reward_en": "Low", "amount": "¥5"}
    assert Contact.objects.get().released_at is None
    assert AuditEntry.objects.filter(action="outbox.reworded").count() == 1


@pytest.mark.parametrize("back", ["300.00", "800.00"])
def test_what_was_sent_stays_as_it_was_sent(back: str) -> None:
    message = told("1200.00", back, LOW, HIGH)
    Message.objects.update(state="sent", sent_at=AT)
    assert take_back() == 1
    context = message.context
    message.refresh_from_db()
    assert (message.state, message.context) == ("sent", context)
    assert not AuditEntry.objects.filter(action__startswith="outbox.reworded").exists()


def test_while_a_refund_changes_nothing_it_waits_as_it_is() -> None:
    message = told("600.00", "1.00", LOW)
    assert take_back() == 0
    context = message.context
    message.refresh_from_db()
    assert (message.state, message.context) == ("queued", context)
    assert Grant.objects.filter(reversal=None).count() == 1


# --- granted again ------------------------------------------------------------------------------
def spend_again(card: Card) -> None:
    TransactionFactory(card=card, amount=Decimal("500.00"), posted_date=day(21))


def run_on(kind: str = "live", later: int = 10) -> list[tuple[str, str]]:
    """The answers of a run some minutes later: of the rewards and of the gate."""
    version, at = CampaignVersion.objects.get(), AT + dt.timedelta(minutes=later)
    run = eligibility.start_run(version_id=version.pk, kind=kind, on=ON, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    return list(Decision.objects.filter(run=run).values_list("award", "gate"))


def written() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("id").values_list("dedup_key", "state"))


FIRST, SECOND, THIRD = (f"first-gift:qualified{turn}" for turn in ("", ":2", ":3"))


def test_who_is_granted_again_after_the_message_was_called_off_is_told_once_of_that() -> None:
    message = told("600.00", "300.00", LOW)
    take_back()
    spend_again(message.customer.cards.get())
    assert run_on("dry_run") == [("granted", "open")]
    assert written() == [(FIRST, "cancelled")]
    assert run_on(later=20) == [("granted", "open")]
    assert run_on(later=30) == [("had_before", "already")]
    assert written() == [(FIRST, "cancelled"), (SECOND, "queued")]
    again = Message.objects.get(dedup_key=SECOND)
    assert again.context == message.context
    assert (again.channel, again.origin) == (message.channel, message.origin)
    contacts = [(one.dedup_key, one.released_at is None) for one in Contact.objects.order_by("id")]
    assert contacts == [(FIRST, False), (SECOND, True)]
    about = outreach.message_about(customer_id=again.customer_id, dedup_key=FIRST)
    assert about == again


def test_the_second_message_is_called_off_in_its_turn_and_a_third_grant_told() -> None:
    card = told("600.00", "300.00", LOW).customer.cards.get()
    take_back()
    spend_again(card)
    run_on()
    refund(card, "400.00", day(22))
    assert rewards.reopen_grants(on=ON, at=AT + dt.timedelta(minutes=15)) == 1
    assert written() == [(FIRST, "cancelled"), (SECOND, "cancelled")]
    assert run_on(later=20) == [("", "")]
    spend_again(card)
    assert run_on(later=30) == [("granted", "open")]
    assert written() == [(FIRST, "cancelled"), (SECOND, "cancelled"), (THIRD, "queued")]
    assert Grant.objects.filter(reversal=None).count() == 1


def test_what_is_left_of_a_second_grant_is_what_its_message_says() -> None:
    message = told("1200.00", "800.00", LOW, HIGH)
    take_back()
    card = message.customer.cards.get()
    TransactionFactory(card=card, amount=Decimal("900.00"), posted_date=day(21))
    assert run_on() == [("granted", "open")]
    assert Message.objects.get(dedup_key=SECOND).context["reward_en"] == "High"
    refund(card, "500.00", day(22))
    assert rewards.reopen_grants(on=ON, at=AT + dt.timedelta(minutes=15)) == 1
    again = Message.objects.get(dedup_key=SECOND)
    assert (again.state, again.context["reward_en"]) == ("queued", "Low")
    assert written()[0] == (FIRST, "cancelled")


def test_who_was_told_before_it_was_taken_back_is_not_told_again() -> None:
    message = told("600.00", "300.00", LOW)
    Message.objects.update(state="sent", sent_at=AT)
    take_back()
    spend_again(message.customer.cards.get())
    assert run_on() == [("granted", "already")]
    assert written() == [(FIRST, "sent")]


def test_staff_who_called_the_message_off_meant_it() -> None:
    message = told("600.00", "1.00", LOW)
    later = AT + dt.timedelta(minutes=5)
    sending.begin_calling_off(
        origins=[message.origin], actor=None, reason="A wrong date.", at=later
    )
    sending.call_off_at_once(origins=[message.origin], at=later)
    assert run_on() == [("had_before", "already")]
    assert written() == [(FIRST, "cancelled")]


def test_the_second_message_passes_the_gate_as_the_first_did() -> None:
    message = told("600.00", "300.00", LOW)
    take_back()
    spend_again(message.customer.cards.get())
    DoNotContact.objects.create(customer=message.customer, at=AT, words="别再联系我", source="call")
    assert run_on() == [("granted", "do_not_contact")]
    assert written() == [(FIRST, "cancelled")]
    assert Contact.objects.count() == 1
