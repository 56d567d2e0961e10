"""A step that tells of a reward that is taken back before its message went: the message is called
off, and what is granted later is told once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion, Enrolment, Grant, TouchStep
from campaigns.rewards import operations as rewards
from campaigns.touches import queries
from journeys.models import Card, Contact, Message
from journeys.outreach.operations.claiming import claim_batch
from tests.campaigns.rewards.test_reopening import MORE, refund
from tests.campaigns.touches.test_operations import holder
from tests.factories.campaigns import TIER
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.touches import on, plan_of, stay_of, step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db

DAYS = dt.timedelta(days=1)
LOW = TIER | {"code": "low", "name": "低档", "name_en": "Low", "value": "5.00"}
HIGH = TIER | {"code": "high", "name": "高档", "name_en": "High", "value": "20.00", "needs": MORE}
ENTRIES = ("issue", "grant")


def told(
    spent: str = "600.00", entry: str = "issue", *more: dict[str, Any], body: str = "{reward}",
    by: dict[str, Any] | None = None, **changes: Any,
) -> tuple[CampaignVersion, Card]:  # fmt: skip
    """Somebody who was granted a reward and of whom the message that tells it waits."""
    steps = [step("granted", anchor="grant", template="given"), *more]
    plan = plan_of(*steps, entry=by or {"by": "event", "anchor": entry}, **changes)
    version = touched(
        plan=plan, bodies={"given": body}, rewards={"mode": "highest", "tiers": [LOW, HIGH]}
    )
    card = holder(activated_date=DAY, first_used_date=DAY)
    TransactionFactory(card=card, amount=Decimal(spent), posted_date=DAY)
    sweep(DAY, 9)
    live(version, 10)
    sweep(DAY, 10)
    assert steps_of(card.customer_id)["granted"] == ("sent", "sent")
    return version, card


def live(version: CampaignVersion, hour: int, day: dt.date = DAY) -> None:
    at = on(day, hour)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=day, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)


def take_back(card: Card, amount: str = "300.00", hour: int = 11, day: dt.date = DAY) -> None:
    refund(card, amount, day)
    assert rewards.reopen_grants(on=day, at=on(day, hour)) == 1


def spend(card: Card, amount: str = "500.00", day: dt.date = DAY) -> None:
    TransactionFactory(card=card, amount=Decimal(amount), posted_date=day)


def written() -> list[tuple[str, str, str]]:
    """The end of each cause, and what became of its message."""
    rows = Message.objects.order_by("id").values_list("dedup_key", "state", "failure")
    return [(key.partition(":granted:")[2], state, failure) for key, state, failure in rows]


FIRST_GONE = ("1", "cancelled", "replaced")


@pytest.mark.parametrize("entry", ENTRIES)
def test_it_is_called_off_and_its_step_waits_for_what_is_granted_later(entry: str) -> None:
    _version, card = told("600.00", entry)
    take_back(card)
    sweep(DAY, 12)
    assert written() == [FIRST_GONE]
    assert Contact.objects.get().released_at is not None
    assert steps_of(card.customer_id) == {"granted": ("waiting", "")}
    assert stay_of(card.customer_id) == (1, "inside", "")
    row = TouchStep.objects.get()
    assert (row.planned_at, row.due_at, row.answered_at) == (None, None, None)
    assert sweep(DAY, 13) == 0


def test_a_step_that_waits_again_is_of_no_variant_yet() -> None:
    ways = [
        {"code": code, "name": code, "name_en": code, "share": 50, "template": "given"}
        for code in "ab"
    ]
    also = step("also", anchor="grant", variants=ways)
    del also["template"]
    version, card = told("600.00", "issue", also)
    row = TouchStep.objects.get(code="also")
    assert row.state == "sent"
    assert row.variant in ("a", "b")
    take_back(card)
    sweep(DAY, 12)
    row.refresh_from_db()
    assert (row.state, row.variant) == ("waiting", "")
    figures = queries.step_figures(version)[1].variants
    assert [(one.written, one.held_back) for one in figures] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("again", ["never", "after_exit"])
def test_who_is_granted_again_is_told_once_of_that(entry: str, again: str) -> None:
    version, card = told("600.00", entry, reentry={"mode": again})
    take_back(card)
    sweep(DAY, 12)
    spend(card)
    live(version, 13, DAY + DAYS)
    sweep(DAY + DAYS, 14)
    assert written() == [FIRST_GONE, ("1:2", "queued", "")]
    assert stay_of(card.customer_id) == (1, "left", "finished")
    # Whatever moves later, the same grant lets nobody in once more.
    Card.objects.filter(pk=card.pk).update(activated_date=DAY + DAYS)
    sweep(DAY + DAYS, 15)
    sweep(DAY + 2 * DAYS, 15)
    assert len(written()) == 2
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_message_is_called_off_in_its_turn(entry: str) -> None:
    version, card = told("600.00", entry)
    take_back(card)
    spend(card)
    live(version, 12)
    sweep(DAY, 13)  # taken back and granted again between two sweeps
    assert written() == [("1", "queued", "")], "it says what the person has"
    take_back(card, "400.00", hour=14)
    sweep(DAY, 15)
    assert written() == [FIRST_GONE]
    spend(card)
    live(version, 16)
    sweep(DAY, 17)
    take_back(card, "500.00", hour=18)
    sweep(DAY, 19)
    assert written() == [FIRST_GONE, ("1:2", "cancelled", "replaced")]
    spend(card)
    live(version, 20)
    sweep(DAY, 20)
    assert [key for key, state, _why in written() if state == "queued"] == ["1:3"]


def test_of_two_stays_that_told_of_it_the_later_one_waits_again() -> None:
    """One person is inside a plan once: were both open again, no mark could be followed."""
    _version, card = told(by={"by": "audience", "of": "rule"}, reentry={"mode": "after_exit"})
    sweep(DAY + DAYS, 9)
    assert stay_of(card.customer_id) == (2, "left", "finished")
    take_back(card, day=DAY + DAYS)
    sweep(DAY + DAYS, 12)
    assert written() == [FIRST_GONE, ("2", "cancelled", "replaced")]
    rows = TouchStep.objects.order_by("enrolment__rotation").values_list("state", "answer")
    assert list(rows) == [("left", "called_back"), ("waiting", "")]
    assert stay_of(card.customer_id) == (2, "inside", "")


@pytest.mark.parametrize("body", ["{reward}", "奖励已到账"])
def test_what_is_left_is_what_is_told(body: str) -> None:
    _version, card = told("1200.00", "issue", body=body)
    take_back(card)
    sweep(DAY, 12)
    waiting = Message.objects.get(state="queued")
    if body == "{reward}":
        assert written() == [FIRST_GONE, ("1:2", "queued", "")]
        assert waiting.context["reward_en"] == "Low"
    else:
        assert written() == [("1", "queued", "")], "it names nothing, and something is there"


@pytest.mark.parametrize("state", ["sent", "sending", "in_doubt"])
def test_what_was_sent_stays_told_and_is_not_told_again(state: str) -> None:
    version, card = told()
    changed = {"sent_at": on(DAY)} if state == "sent" else {}
    lease = {"lease_until": on(DAY, 20)} if state == "sending" else {}
    Message.objects.update(state=state, **changed, **lease)
    take_back(card)
    sweep(DAY, 12)
    spend(card)
    live(version, 13)
    sweep(DAY, 14)
    assert written() == [("1", state, "")]
    assert steps_of(card.customer_id) == {"granted": ("sent", "sent")}
    assert Grant.objects.filter(reversal=None).count() == 1


def test_a_sending_between_the_taking_back_and_the_sweep_is_not_made() -> None:
    version, card = told()
    take_back(card)
    claims, _any = claim_batch(sizes={"sms": 10}, at=on(DAY, 11))
    assert claims == []
    assert written() == [FIRST_GONE]
    sweep(DAY, 12)
    assert steps_of(card.customer_id) == {"granted": ("waiting", "")}
    spend(card)
    live(version, 13)
    sweep(DAY, 14)
    assert written() == [FIRST_GONE, ("1:2", "queued", "")]
    claims, _any = claim_batch(sizes={"sms": 10}, at=on(DAY, 14))
    assert [claim.customer_id for claim in claims] == [card.customer_id]


def test_other_steps_go_on_and_others_messages_stay() -> None:
    _version, card = told("600.00", "issue", step("later", offset_days=3))
    other = holder(activated_date=DAY, first_used_date=DAY)
    TransactionFactory(card=other, amount=Decimal("600.00"), posted_date=DAY)
    sweep(DAY, 10)
    live(CampaignVersion.objects.get(), 11)
    sweep(DAY, 11)
    take_back(card, hour=12)
    sweep(DAY, 13)
    assert steps_of(card.customer_id) == {"granted": ("waiting", ""), "later": ("waiting", "")}
    assert steps_of(other.customer_id)["granted"] == ("sent", "sent")
    sweep(DAY + 3 * DAYS)
    assert steps_of(card.customer_id) == {"granted": ("waiting", ""), "later": ("sent", "sent")}


@pytest.mark.parametrize("how", ["too long", "inside another", "by another way"])
def test_where_the_stay_cannot_be_open_again_the_step_says_that_it_was_called_back(
    how: str,
) -> None:
    _version, card = told("600.00", "issue", step("later", offset_days=3))
    stay = Enrolment.objects.get()
    if how == "too long":
        Enrolment.objects.update(ends_at=on(DAY, 11))
        sweep(DAY, 11)
    else:
        TouchStep.objects.filter(code="later").update(
            state="skipped", answer="needs", answered_at=on(DAY)
        )
        because = "finished" if how == "inside another" else "wait"
        Enrolment.objects.update(state="left", left_at=on(DAY), left_because=because)
    if how == "inside another":
        Enrolment.objects.create(
            campaign=stay.campaign, version=stay.version, customer=stay.customer, rotation=2,
            occasion="x", entered_at=on(DAY), ends_at=on(DAY + 90 * DAYS),
        )  # fmt: skip
    take_back(card, hour=12)
    sweep(DAY, 13)
    assert written() == [FIRST_GONE]
    stay.refresh_from_db()
    assert stay.state == "left"
    assert TouchStep.objects.get(enrolment=stay, code="granted").answer == "called_back"


def test_staff_who_called_the_message_off_meant_it() -> None:
    version, card = told()
    Message.objects.update(state="cancelled", failure_kind="policy", failure="called_off")
    take_back(card)
    sweep(DAY, 12)
    spend(card)
    live(version, 13)
    sweep(DAY, 14)
    assert written() == [("1", "cancelled", "called_off")]
