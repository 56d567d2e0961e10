"""A call that a step put into the pool leaves it with its person, unless somebody is on it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import connection

from campaigns.models import CallTurn, Enrolment, LeftCall
from campaigns.touches import operations as touches
from campaigns.touches.operations import calling
from journeys.models import Card, Contact, Lead, Message
from journeys.outreach import operations as outreach
from journeys.telemarketing import operations as leads
from journeys.telemarketing import queries as telemarketing
from journeys.telemarketing.enums import LeadState
from portal.models import AuditEntry, Staff
from portal.staff.access import Scope
from tests.campaigns.touches.test_channels import holder, written
from tests.campaigns.touches.test_counts import assert_right
from tests.factories.journeys import DAY, LeadFactory, TransactionFactory
from tests.factories.leads import moved
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
    assert not LeftCall.objects.exists()
    sweep(DAY, 12)
    assert AuditEntry.objects.filter(action="leads.called_off").count() == 1


def take(state: str = "new") -> Staff:
    """Somebody is on the call."""
    person = StaffFactory(role="telemarketer")
    moved(Lead.objects.get(), owner=person, state=state)
    return person


@pytest.mark.parametrize("state", ["working", "new"])
def test_who_is_on_a_call_keeps_it(state: str) -> None:
    card = called(step("later", offset_days=20))
    person = take(state)
    activate(card)
    for hour in (11, 12):
        sweep(DAY, hour)
    lead = Lead.objects.get()
    assert (lead.is_open, lead.left_at) == (True, on(DAY, 11))
    assert steps_of(card.customer_id)["call"] == ("sent", "sent")
    assert Message.objects.get().state == "sent"
    assert Contact.objects.get().released_at is None
    assert AuditEntry.objects.get(action="leads.person_left").changes == {"leads": 1}
    assert not LeftCall.objects.exists()
    leads.end_lead(lead_id=lead.pk, state=LeadState.WON, actor=person, at=on(DAY, 13))
    assert not Lead.objects.get().is_left


def test_a_plan_that_is_stopped_takes_its_calls_along() -> None:
    card = called(step("later", offset_days=20))
    outreach.stop_origin(
        origin="campaign:first-gift:v1", reason="wrong", actor=StaffFactory(), at=on(DAY, 11)
    )
    off("called_off")
    assert steps_of(card.customer_id)["call"] == ("unsent", "called_off")


@pytest.mark.parametrize("state", ["working", "new"])
def test_who_is_on_a_call_of_a_plan_that_is_stopped_is_told(state: str) -> None:
    card = called(step("later", offset_days=20))
    person = take(state)
    outreach.stop_origin(
        origin="campaign:first-gift:v1", reason="wrong", actor=StaffFactory(), at=on(DAY, 11)
    )
    lead = Lead.objects.get()
    assert (lead.is_open, lead.is_left, lead.left_at) == (True, True, on(DAY, 11))
    assert (Message.objects.get().state, steps_of(card.customer_id)["call"]) == (
        "sent", ("sent", "sent"),
    )  # fmt: skip
    assert AuditEntry.objects.get(action="leads.person_left").changes == {"leads": 1}
    # Given back, it is made by nobody else.
    leads.release_lead(lead_id=lead.pk, actor=person, at=on(DAY, 12))
    assert not telemarketing.callable_leads(scope=Scope(""), at=on(DAY, 12)).exists()


def test_a_call_of_another_origin_stays() -> None:
    called(step("later", offset_days=20))
    outreach.stop_origin(
        origin="campaign:other:v1", reason="wrong", actor=StaffFactory(), at=on(DAY, 11)
    )
    assert (Lead.objects.get().state, Message.objects.get().state) == ("new", "sent")
    assert Lead.objects.get().left_at is None


def spent(card: Card) -> int:
    """The goal of spending is reached after all calls were asked about, in the minute before the
    one that is the call's own, which is returned."""
    minute = 60 + Message.objects.get().pk % 60
    calling.recall_calls(at=minutes_later(minute - 1))
    TransactionFactory(card=card, amount=600, posted_date=DAY)
    return minute


def minutes_later(minutes: int, seconds: int = 0) -> dt.datetime:
    return on(DAY, 11) + dt.timedelta(minutes=minutes, seconds=seconds)


def test_a_goal_of_spending_is_looked_for_each_hour_also_where_all_steps_are_done() -> None:
    """Of spending there is no mark, and who has finished is asked about no more."""
    card = called(goal=SPENT, activated_date=DAY, first_used_date=DAY)
    assert stay_of(card.customer_id) == (1, "left", "finished")
    minute = spent(card)
    touches.sweep_touches(at=minutes_later(minute - 1, 59))
    assert Lead.objects.get().state == "new"
    touches.sweep_touches(at=minutes_later(minute))
    off("left")
    assert steps_of(card.customer_id) == {"call": ("left", "called_back")}
    assert Enrolment.objects.get().left_because == "finished"


@pytest.mark.parametrize("late", [1, 59, 60, 61, 3 * 24 * 60])
def test_a_sweep_that_comes_late_asks_for_the_minutes_that_were_missed(late: int) -> None:
    card = called(goal=SPENT, activated_date=DAY, first_used_date=DAY)
    minute = spent(card)
    touches.sweep_touches(at=minutes_later(minute + late))
    off("left")


def test_each_turn_is_asked_about_once_and_a_clock_that_was_wrong_keeps_none() -> None:
    card = called(goal=SPENT, activated_date=DAY, first_used_date=DAY)
    minute = spent(card)
    CallTurn.objects.update(asked_until=minutes_later(minute + 5))
    calling.recall_calls(at=minutes_later(minute))
    assert Lead.objects.get().state == "new"
    CallTurn.objects.update(asked_until=minutes_later(minute + 6))
    calling.recall_calls(at=minutes_later(minute))
    assert CallTurn.objects.get().asked_until == minutes_later(minute)
    off("left")


def test_a_turn_whose_calls_could_not_be_read_is_asked_about_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    card = called(goal=SPENT, activated_date=DAY, first_used_date=DAY)
    minute = spent(card)
    with out_of_reach("journeys_lead"):
        touches.sweep_touches(at=minutes_later(minute))
    assert "Calls could not be looked after" in caplog.text
    assert Lead.objects.get().state == "new"
    touches.sweep_touches(at=minutes_later(minute + 1))
    off("left")


@contextmanager
def out_of_reach(table: str) -> Iterator[None]:
    """Nobody can read a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table}_away RENAME TO {table}")


def test_who_is_on_a_call_is_told_of_a_goal_of_spending_within_the_hour() -> None:
    card = called(goal=SPENT, activated_date=DAY, first_used_date=DAY)
    take("working")
    minute = spent(card)
    for minutes in range(minute, minute + 60):
        calling.recall_calls(at=minutes_later(minutes))
    told = minutes_later(minute)
    assert (Lead.objects.get().left_at, Message.objects.get().state) == (told, "sent")


def test_a_call_that_is_given_back_after_its_person_left_is_not_made() -> None:
    card = called(step("later", offset_days=20))
    person = take()
    activate(card)
    sweep(DAY, 11)
    assert Lead.objects.get().is_left
    assert telemarketing.callable_leads(scope=Scope(""), at=on(DAY, 12)).exists()
    leads.release_lead(lead_id=Lead.objects.get().pk, actor=person, at=on(DAY, 12))
    assert not telemarketing.callable_leads(scope=Scope(""), at=on(DAY, 12)).exists()
    for minute in range(60):
        calling.recall_calls(at=on(DAY, 12) + dt.timedelta(minutes=minute))
    off("left")


def test_a_call_that_comes_while_its_person_leaves_is_taken_out_once_it_is_there() -> None:
    """The worker has the message in hand when the person leaves."""
    card = called(step("later", offset_days=20))
    (lead,) = Lead.objects.all()
    Lead.objects.all().delete()
    Message.objects.update(state="sending", sent_at=None, lease_until=on(DAY, 13))
    activate(card)
    sweep(DAY, 11)
    assert LeftCall.objects.count() == 1
    lead.save(force_insert=True)
    Message.objects.update(state="sent", sent_at=on(DAY, 11), lease_until=None)
    sweep(DAY, 12)
    off("left")
    assert not LeftCall.objects.exists()


@contextmanager
def refusing(lead: Lead) -> Iterator[None]:
    """Nobody can write to a lead."""
    name = f"refuse_{lead.pk}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'out of order'; END $$;
            CREATE TRIGGER {name} BEFORE UPDATE ON journeys_lead FOR EACH ROW
            WHEN (old.id = {lead.pk}) EXECUTE FUNCTION {name}()"""
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP FUNCTION {name} CASCADE")


def test_a_fault_in_the_calls_of_one_plan_keeps_nothing_else_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each is in both plans; the call of one of them, in the first, cannot be taken out."""
    first = called(step("thanks", anchor="activation"))
    broken = Lead.objects.get()
    call, later = step("call", channels=["phone"], valid_days=9), step("later", offset_days=20)
    plan = plan_of(call, later, goal={"kind": "activated"})
    touched(plan=plan, code="second")
    for days in range(4):
        day = DAY + days * DAYS
        sweep(day, 11)
        outreach.send_due_messages(clock=partial(on, day, 11), seconds=10)
    calls = Message.objects.filter(channel="phone").order_by("origin")
    one, other = "campaign:first-gift:v1", "campaign:second:v1"
    assert list(calls.values_list("origin", "state")) == [(one, "sent"), (other, "sent")]
    activate(first)
    with refusing(broken):
        sweep(DAY + 3 * DAYS, 12)
    assert "Calls of version" in caplog.text
    assert list(calls.values_list("origin", "state")) == [(one, "sent"), (other, "cancelled")]
    assert [mark.step.enrolment.campaign.code for mark in LeftCall.objects.all()] == ["first-gift"]
    sweep(DAY + 3 * DAYS, 13)
    assert set(Lead.objects.values_list("state", flat=True)) == {"off"}


def many_leads() -> None:
    """Ten thousand leads, of which one in ten is a call that nobody is on."""
    made = LeadFactory()
    fields = [
        field.column for field in Lead._meta.concrete_fields if field.column not in ("id", "number")
    ]
    names = ", ".join(fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO journeys_lead (number, {names})
            SELECT CASE WHEN n % 10 = 0 THEN 'M-' || n || '-0123456789abcdef' ELSE 'L-' || n END,
                   {names}
            FROM journeys_lead, generate_series(1, 10000) AS n WHERE id = {made.pk}"""
        )
        cursor.execute("ANALYZE journeys_lead")


@pytest.mark.parametrize(
    ("index", "asked"),
    [
        ("lead_call_turn", "SELECT message_id FROM ({calls}) AS call WHERE turn = %(one)s"
                           " AND (before IS NULL OR before > now())"),
        ("lead_open_call", "SELECT is_free FROM ({calls}) AS call WHERE message_id = %(one)s"),
    ],
)  # fmt: skip
def test_a_sweep_reads_the_calls_that_it_asks_about_by_index(index: str, asked: str) -> None:
    many_leads()
    with connection.cursor() as cursor:
        sql = asked.format(calls=telemarketing.OPEN_CALLS)
        cursor.execute(f"EXPLAIN {sql}", {"one": 20})
        plan = "\n".join(row[0] for row in cursor.fetchall())
        assert index in plan
        assert "Seq Scan" not in plan
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS found", {"one": 20})
        assert cursor.fetchone()[0] == (167 if index == "lead_call_turn" else 1)
