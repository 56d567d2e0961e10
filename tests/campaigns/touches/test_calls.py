"""A call that a step put into the pool leaves it with its person, unless somebody is on it."""

import datetime as dt
from typing import Any

import pytest

from campaigns.models import Enrolment, TouchStep
from journeys.models import Card, Contact, Lead, Message
from journeys.outreach import operations as outreach
from journeys.telemarketing import queries as telemarketing
from portal.models import AuditEntry
from portal.staff.access import Scope
from tests.campaigns.touches.test_channels import holder, written
from tests.campaigns.touches.test_counts import assert_right
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.portal import StaffFactory
from tests.factories.touches import SPENT, on, plan_of, stay_of, step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = dt.timedelta(days=1)


def called(*more: dict[str, Any], goal: Any = None, **fields: Any) -> Card:
    """Somebody whose call waits in the pool."""
    written("phone")
    goal = goal or {"kind": "activated"}
    touched(plan=plan_of(step("call", channels=["phone"], valid_days=9), *more, goal=goal))
    card = holder("phone", "sms", customer__phone="13800138000", **fields)
    sweep(DAY)
    outreach.send_due_messages(clock=lambda: on(DAY), seconds=10)
    assert (Lead.objects.get().state, Message.objects.get().state) == ("new", "sent")
    return card


def activate(card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(activated_date=DAY)


def off(failure: str) -> None:
    """The call is out of the pool, and everything says so."""
    assert Lead.objects.get().state == "off"
    assert not telemarketing.callable_leads(scope=Scope(""), at=on(DAY, 12)).exists()
    message = Message.objects.get()
    assert (message.state, message.failure, message.sent_at) == ("cancelled", failure, None)
    assert Contact.objects.get().released_at is not None
    entry = AuditEntry.objects.get(action="leads.called_off")
    assert entry.changes == {"leads": 1}
    assert_right()


def test_who_reaches_the_goal_is_not_called_any_more() -> None:
    card = called(step("later", offset_days=20))
    activate(card)
    sweep(DAY, 11)
    off("left")
    assert steps_of(card.customer_id) == {
        "call": ("left", "called_back"),
        "later": ("left", "goal"),
    }
    assert stay_of(card.customer_id) == (1, "left", "goal")
    sweep(DAY, 12)
    assert AuditEntry.objects.filter(action="leads.called_off").count() == 1


@pytest.mark.parametrize("fields", [{"state": "working"}, {"owner": True}])
def test_who_is_on_a_call_keeps_it(fields: dict[str, Any]) -> None:
    card = called(step("later", offset_days=20))
    if "owner" in fields:
        fields = {"owner": StaffFactory(role="telemarketer")}
    Lead.objects.update(**fields)
    activate(card)
    for hour in (11, 12):
        sweep(DAY, hour)
    lead = Lead.objects.get()
    assert lead.is_open
    assert steps_of(card.customer_id)["call"] == ("sent", "sent")
    assert Message.objects.get().state == "sent"
    assert Contact.objects.get().released_at is None


def test_a_plan_that_is_stopped_takes_its_calls_along() -> None:
    card = called(step("later", offset_days=20))
    outreach.stop_origin(
        origin="campaign:first-gift:v1", reason="wrong", actor=StaffFactory(), at=on(DAY, 11)
    )
    off("called_off")
    assert steps_of(card.customer_id)["call"] == ("unsent", "called_off")


def test_a_call_of_another_origin_stays() -> None:
    called(step("later", offset_days=20))
    outreach.stop_origin(
        origin="campaign:other:v1", reason="wrong", actor=StaffFactory(), at=on(DAY, 11)
    )
    assert (Lead.objects.get().state, Message.objects.get().state) == ("new", "sent")


def test_a_goal_of_spending_is_looked_for_each_hour_also_where_all_steps_are_done() -> None:
    """Of spending there is no mark, and who has finished is asked about no more."""
    card = called(goal=SPENT, activated_date=DAY, first_used_date=DAY)
    assert stay_of(card.customer_id) == (1, "left", "finished")
    TransactionFactory(card=card, amount=600, posted_date=DAY)
    minute = TouchStep.objects.get().pk % 60

    def sweep_at(minutes: int) -> None:
        from campaigns.touches import operations as touches

        touches.sweep_touches(at=on(DAY, 11) + minutes * dt.timedelta(minutes=1))

    sweep_at((minute + 1) % 60)
    assert Lead.objects.get().state == "new"
    sweep_at(minute)
    off("left")
    assert steps_of(card.customer_id) == {"call": ("left", "called_back")}
    assert Enrolment.objects.get().left_because == "finished"
