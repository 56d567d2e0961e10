"""The number of the lead in hand: shown or handed over for the one call, counted and recorded; and
what a telephone system tells."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from journeys.contact import operations as contact
from journeys.models import Lead, LeadDial, LeadHold
from journeys.reveals import operations as reveals
from journeys.telemarketing import operations
from portal.intake import operations as intake
from portal.kit import clock
from portal.models import AuditEntry, Branch
from tests.factories.journeys import ContactRuleFactory, CustomerFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_next import AT, lead, refused

pytestmark = pytest.mark.django_db(transaction=True)
ON = clock.bank_day(AT)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


def limit(dials: int, *, on: dt.date = ON) -> None:
    reveals.set_reveal_rule(
        effective_date=on, per_day=20, reason_length=8, source="x", actor=None, at=AT,
        dials_per_day=dials,
    )  # fmt: skip


def test_the_number_is_shown_to_whoever_has_the_lead_in_hand(branch: Branch) -> None:
    limit(2)
    me, one = caller(branch), lead(branch, phone="15400300001")
    operations.next_lead(caller=me, at=AT)
    shown = operations.show_number(caller=me, at=AT + MINUTE)
    assert shown.number == "15400300001"
    row = LeadDial.objects.get()
    assert (row.hold.lead, row.way, row.number_of_day, row.allowed) == (one, "shown", 1, 2)
    entry = AuditEntry.objects.get(action="leads.dialled")
    assert entry.changes == {"way": "shown", "number_of_day": 1, "allowed": 2}
    assert one.name not in json.dumps(entry.changes)
    # Nothing was called by it: the call is the caller's word.
    assert LeadHold.objects.get().called_at is None


def test_who_has_none_in_hand_is_shown_nothing(branch: Branch) -> None:
    limit(9)
    me, other = caller(branch), caller(branch)
    lead(branch)
    operations.next_lead(caller=other, at=AT)
    refused(lambda: operations.show_number(caller=me, at=AT))
    late = AT + 20 * MINUTE
    refused(lambda: operations.show_number(caller=other, at=late))
    assert (LeadDial.objects.count(), LeadHold.objects.get().end) == (0, "timed_out")


def test_the_day_has_its_limit_and_without_one_nothing_is_shown(branch: Branch) -> None:
    me = caller(branch)
    lead(branch)
    operations.next_lead(caller=me, at=AT)
    refused(lambda: operations.show_number(caller=me, at=AT))
    limit(1)
    operations.show_number(caller=me, at=AT)
    refused(lambda: operations.show_number(caller=me, at=AT))
    assert LeadDial.objects.count() == 1
    assert LeadHold.objects.get().ended_at is None


def test_the_gate_is_asked_at_the_instant_of_dialling(branch: Branch) -> None:
    limit(9)
    me = caller(branch)
    lead(branch, phone="15400300009")
    operations.next_lead(caller=me, at=AT)
    customer = CustomerFactory(phone="15400300009")
    contact.record_do_not_contact(
        customer_id=customer.pk, words="别打了", source="call", actor=None, at=AT
    )
    refused(lambda: operations.show_number(caller=me, at=AT))
    assert (LeadDial.objects.count(), LeadHold.objects.get().end) == (0, "closed")


def test_two_windows_count_one_after_the_other(branch: Branch) -> None:
    limit(9)
    me = caller(branch)
    lead(branch)
    operations.next_lead(caller=me, at=AT)
    for _window in range(2):
        operations.show_number(caller=me, at=AT)
    assert list(LeadDial.objects.order_by("pk").values_list("number_of_day", flat=True)) == [1, 2]


# --- what the database holds --------------------------------------------------------------------
def refused_by(sql: str, *values: Any) -> str | None:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        connection.cursor().execute(sql, list(values))
    return getattr(getattr(refusal.value.__cause__, "diag", None), "constraint_name", None)


def test_a_dial_hangs_on_the_lead_in_hand_and_stays(branch: Branch) -> None:
    limit(9)
    me, other = caller(branch), caller(branch)
    lead(branch)
    operations.next_lead(caller=me, at=AT)
    row = operations.show_number(caller=me, at=AT).dial
    new = (
        "INSERT INTO journeys_leaddial (hold_id, asked_by_id, at, on_date, number_of_day, allowed, "
        "way, reference) VALUES (%s, %s, %s, %s, %s, %s, 'shown', '')"
    )
    assert refused_by(new, row.hold_id, other.pk, AT, ON, 1, 9) == "lead_dial_of_lead_in_hand"
    assert refused_by(new, row.hold_id, me.pk, AT, ON, 2, 10) == "lead_dial_within_rule"
    next_day = ON + dt.timedelta(days=1)
    assert refused_by(new, row.hold_id, me.pk, AT, next_day, 2, 9) == "lead_dial_within_rule"
    operations.put_down(caller_id=me.pk, at=AT)
    assert refused_by(new, row.hold_id, me.pk, AT, ON, 2, 9) == "lead_dial_of_lead_in_hand"
    for change in ("number_of_day = 2", "way = 'system'", "allowed = 99"):
        assert refused_by(f"UPDATE journeys_leaddial SET {change}") == "lead_dial_stays"
    assert refused_by("DELETE FROM journeys_leaddial") == "lead_dial_stays"


# --- the telephone system -----------------------------------------------------------------------
@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("portal.kit.clock.now", lambda: AT)
    return token_for("telephone")


def token_for(kind: str) -> str:
    _token, secret = intake.create_token(
        name=kind, kinds=[kind], last_day=ON, by=StaffFactory(role="administrator"), at=AT
    )
    return str(secret)


def ask(token: str, door: str, **body: Any) -> Any:
    return Client().post(
        reverse(f"api_telephone_{door}"), json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip


def test_it_is_handed_what_to_dial_once(branch: Branch, token: str) -> None:
    limit(9)
    me = caller(branch)
    lead(branch, phone="15400300002")
    operations.next_lead(caller=me, at=AT)
    row = operations.ask_to_dial(caller=me, at=AT)
    order = {"dial": row.pk, "caller": me.username, "number": "15400300002"}
    assert ask(token, "orders").json() == {"orders": [order]}
    assert ask(token, "orders").json() == {"orders": []}
    row.refresh_from_db()
    assert (row.way, row.taken_at) == ("system", AT)


def test_what_is_late_or_put_down_or_closed_is_not_dialled(branch: Branch) -> None:
    limit(9)
    me = caller(branch)
    one = lead(branch)
    operations.next_lead(caller=me, at=AT)
    operations.ask_to_dial(caller=me, at=AT)
    assert operations.take_orders(at=AT + MINUTE) == []
    Lead.objects.filter(pk=one.pk).update(call_before=AT)
    assert operations.take_orders(at=AT) == []
    Lead.objects.filter(pk=one.pk).update(call_before=None)
    operations.put_down(caller_id=me.pk, at=AT)
    assert operations.take_orders(at=AT) == []
    assert LeadDial.objects.get().taken_at is None


def test_it_tells_that_a_call_began_and_ended(branch: Branch, token: str) -> None:
    limit(9)
    me = caller(branch)
    lead(branch)
    said = {"caller": me.username, "reference": "T1"}
    assert ask(token, "calls", **said, event="began").status_code == 404
    operations.next_lead(caller=me, at=AT)
    row = operations.show_number(caller=me, at=AT).dial
    assert ask(token, "calls", **said, event="ended").status_code == 404
    began = ask(token, "calls", **said, event="began").json()
    assert began == {"dial": row.pk, "began_at": AT.isoformat(), "ended_at": None}
    assert ask(token, "calls", **said, event="began").json() == began
    # It may end after the lead was put down; and it is no call that counts by that.
    operations.put_down(caller_id=me.pk, at=AT)
    ended = ask(token, "calls", **said, event="ended").json()
    assert ended == {**began, "ended_at": AT.isoformat()}
    assert ask(token, "calls", **said, event="ended").json() == ended
    assert LeadHold.objects.get().called_at is None
    assert Lead.objects.get().attempts == 0


@pytest.mark.parametrize("body", [
    {}, {"caller": "x", "event": "began"}, {"caller": "x", "event": "moon", "reference": "T"},
    {"caller": 1, "event": "began", "reference": "T"},
    {"caller": "x" * 61, "event": "began", "reference": "T"},
])  # fmt: skip
def test_what_it_sends_wrong_is_told(branch: Branch, token: str, body: Any) -> None:
    assert ask(token, "calls", **body).status_code == 422


def test_other_tokens_do_not_open_it(branch: Branch, token: str) -> None:
    other = token_for("on_site")
    assert [ask(other, door).status_code for door in ("orders", "calls")] == [403, 403]
    assert [ask("x", door).status_code for door in ("orders", "calls")] == [401, 401]
