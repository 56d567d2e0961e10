"""A message that still waits tells of no reward that was taken back."""

import datetime as dt
from typing import Any

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.models import Grant
from campaigns.rewards import operations as rewards
from journeys.models import Contact, Message
from portal.models import AuditEntry
from tests.campaigns.rewards.test_reopening import MORE, day, refund
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use

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
