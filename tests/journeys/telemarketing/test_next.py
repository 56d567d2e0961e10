"""The next lead: the best one that may be called now, in one hand at a time."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from journeys.contact import operations as contact
from journeys.models import Contact, Lead, LeadHold, LeadMove
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState
from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories.journeys import (
    INSTANT,
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    LeadFactory,
)
from tests.factories.leads import called, caller, moved, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_resting import call_of

pytestmark = pytest.mark.django_db
AT = INSTANT  # noon of a Monday
HOURS = dt.timedelta(hours=1)
DAYS = dt.timedelta(days=1)
_phones = iter(range(15400100001, 15400200000))


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


def lead(branch: Branch, **values: Any) -> Lead:
    values.setdefault("phone", str(next(_phones)))
    return LeadFactory(branch=branch, **values)


def given(person: Staff, at: dt.datetime = AT) -> Lead:
    return operations.next_lead(caller=person, at=at).lead


def refused(work: Any) -> str:
    with pytest.raises(operations.LeadRefused) as refusal:
        work()
    return str(refusal.value)


def none_for(person: Staff, at: dt.datetime = AT) -> bool:
    """Whether there is no next lead, and nothing was written."""
    refused(lambda: operations.next_lead(caller=person, at=at))
    return not Lead.objects.filter(holder=person).exists()


def test_the_best_lead_comes_first(branch: Branch) -> None:
    me = caller(branch)
    low, high = lead(branch, priority=10), lead(branch, priority=90)
    own = lead(branch, priority=1, owner=me)
    due = lead(
        branch, priority=0, promised_at=AT - HOURS, call_from=AT - HOURS, attempts=1,
        called_at=AT - DAYS,
    )  # fmt: skip
    lead(branch, priority=99, promised_at=AT + HOURS, call_from=AT + HOURS)
    order = []
    for _place in range(4):
        order.append(given(me))
        called(me, AT)
    assert order == [due, own, high, low]
    assert none_for(me)


def test_a_hold_says_why_and_until_when(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch, attempts=1, called_at=AT - DAYS)
    hold = operations.next_lead(caller=me, at=AT)
    one.refresh_from_db()
    assert (one.holder, one.held_until, one.owner) == (me, AT + dt.timedelta(minutes=20), None)
    assert hold.reasons == [
        {"code": "pool"}, {"code": "same_time"}, {"priority": 50, "attempts": 1, "most": 6},
    ]  # fmt: skip
    assert not LeadMove.objects.exists()


def test_what_is_in_hand_stays_there(branch: Branch) -> None:
    me, other = caller(branch), caller(branch)
    first = lead(branch, priority=60)
    second = lead(branch)
    assert [given(me), given(me)] == [first, first]
    assert given(other) == second
    assert LeadHold.objects.count() == 2
    assert refused(
        lambda: operations.claim_lead(lead_id=first.pk, actor=other, at=AT)
    ).startswith(("Somebody has this lead in hand", "该线索正在他人手上"))  # fmt: skip
    assert operations.claim_lead(lead_id=first.pk, actor=me, at=AT).holder == me


def test_it_is_put_down_by_hand_by_the_clock_and_with_the_session(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    given(me)
    assert [operations.put_down(caller_id=me.pk, at=AT) for _time in range(2)] == [1, 0]
    given(me)
    until = AT + dt.timedelta(minutes=20)
    ends = [operations.end_holds(at=until - dt.timedelta(seconds=1))]
    ends += [operations.end_holds(at=until) for _time in range(2)]
    assert ends == [0, 1, 0]
    one.refresh_from_db()
    assert (one.holder, one.held_until, one.owner, one.attempts) == (None, None, None, 0)
    assert list(LeadHold.objects.order_by("pk").values_list("end", "ended_at")) == [
        ("put_down", AT), ("timed_out", until),
    ]  # fmt: skip


def test_signing_out_puts_it_down(branch: Branch, client_of: Any) -> None:
    me = caller(branch)
    lead(branch)
    client = client_of(me)
    operations.next_lead(caller=me, at=AT)
    client.logout()
    hold = LeadHold.objects.get()
    assert (hold.end, Lead.objects.get().holder) == ("signed_out", None)


def test_nobody_calls_without_a_qualification_or_the_role(branch: Branch) -> None:
    lead(branch)
    for person in (
        StaffFactory(role="telemarketer", branch=branch),
        StaffFactory(role="branch_manager", branch=branch),
    ):
        assert none_for(person)
    late = caller(branch, until=dt.date(2026, 12, 31))
    assert none_for(late, dt.datetime(2027, 1, 4, 4, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [("08:59", False), ("09:00", True), ("19:59", True), ("20:00", False)],
)
def test_nobody_is_given_out_of_hours(branch: Branch, at: str, is_open: bool) -> None:
    me = caller(branch)
    lead(branch)
    instant = clock.at_time(AT.date(), dt.time.fromisoformat(at))
    if is_open:
        given(me, instant)
    else:
        assert none_for(me, instant)


def test_without_a_rule_of_contact_nobody_is_given() -> None:
    set_policy()
    me = caller(BranchFactory())
    lead(me.branch)
    assert none_for(me)


def agreed(branch: Branch, **values: Any) -> Lead:
    customer = CustomerFactory(phone=str(next(_phones)), branch=branch)
    ConsentFactory(customer=customer, channel="phone", effective_at=AT - DAYS)
    phone = str(next(_phones) - 1)
    return lead(branch, customer=customer, phone=phone, **values)


def test_a_customer_is_called_as_the_gate_says(branch: Branch) -> None:
    me = caller(branch)
    one = agreed(branch)
    assert one.callee == one.customer.callee
    assert given(me) == one
    called(me, AT)
    row = Contact.objects.get()
    assert (row.customer, row.channel, row.purpose, row.origin, row.dedup_key, row.at) == (
        one.customer, "phone", "marketing", "calls", f"call:{one.pk}:1", AT,
    )  # fmt: skip
    # The ledger is full: two in 24 hours.
    contact.reserve_contacts(
        customer_ids=[one.customer_id], purpose="marketing", channels=["phone"], origin="calls",
        dedup_key="x", at=AT,
    )  # fmt: skip
    again = AT + 21 * HOURS
    assert none_for(me, again)
    assert given(me, AT + 25 * HOURS) == one


def test_a_refusal_while_it_is_in_hand_stops_the_call(branch: Branch) -> None:
    me = caller(branch)
    one = agreed(branch)
    given(me)
    contact.record_do_not_contact(
        customer_id=one.customer_id, words="别打了", source="call", actor=None, at=AT
    )
    refused(lambda: called(me, AT))
    one.refresh_from_db()
    assert (one.attempts, one.holder, Contact.objects.count()) == (0, None, 0)
    assert LeadHold.objects.get().end == "closed"
    assert none_for(me)


def test_the_first_call_of_a_message_moves_its_contact(branch: Branch) -> None:
    me = caller(branch)
    customer = CustomerFactory(phone=str(next(_phones)), branch=branch)
    ConsentFactory(customer=customer, channel="phone", effective_at=AT - DAYS)
    one = call_of(customer)
    key = Contact.objects.get().dedup_key
    later = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
    assert given(me, later) == one
    called(me, later)
    assert [(row.dedup_key, row.at) for row in Contact.objects.all()] == [(key, later)]
    again = later + 20 * HOURS + DAYS / 4
    assert given(me, again) == one
    called(me, again)
    keys = Contact.objects.order_by("at").values_list("dedup_key", flat=True)
    assert list(keys) == [key, f"call:{one.pk}:2"]


def test_the_caps_hold_for_a_phone_over_all_its_leads(branch: Branch) -> None:
    """Two calls in 24 hours, whosever leads they were of."""
    phone = str(next(_phones))
    people = [caller(branch) for _place in range(3)]
    for place in range(3):
        lead(branch, phone=phone, priority=60 - place)
    for person in people[:2]:
        given(person)
        # One phone is in one hand.
        assert none_for(people[2])
        called(person, AT)
    assert none_for(people[2])
    assert given(people[2], AT + 24 * HOURS).priority == 60


def test_a_contact_of_a_customer_with_the_phone_counts_too(branch: Branch) -> None:
    phone = str(next(_phones))
    customer = CustomerFactory(phone=phone, branch=branch)
    lead(branch, phone=phone)
    me = caller(branch)
    for key in ("a", "b"):
        Contact.objects.create(
            customer=customer, channel="sms", purpose="marketing", at=AT - HOURS, origin="x",
            dedup_key=key,
        )  # fmt: skip
    assert none_for(me)


def test_what_may_not_be_called_is_not_given(branch: Branch) -> None:
    set_policy(branch, most_attempts=2)
    me = caller(branch)
    refuser = CustomerFactory(phone="15400000009", branch=branch)
    contact.record_do_not_contact(
        customer_id=refuser.pk, words="x", source="call", actor=None, at=AT - DAYS
    )
    for values in (
        {"phone": ""}, {"phone": "15400000009"}, {"call_before": AT}, {"attempts": 2,
        "called_at": AT - DAYS}, {"call_from": AT + HOURS}, {"state": "lost"},
        {"owner": caller(branch)}, {"name": "[已删除]"},
    ):  # fmt: skip
        lead(branch, **values)
    lead(BranchFactory())
    assert none_for(me)


def test_teams_and_leads_that_are_only_given(branch: Branch) -> None:
    from tests.project.rows import row_of

    own, other = row_of("portal.Team", branch=branch), row_of("portal.Team", branch=branch)
    me = caller(branch, team=own)
    strange, mine = lead(branch, team=other, priority=90), lead(branch, team=own)
    assert given(me) == strange
    operations.put_down(caller_id=me.pk, at=AT)
    set_policy(branch, on=AT.date(), sight="team")
    assert given(me) == mine
    operations.put_down(caller_id=me.pk, at=AT)
    set_policy(branch, on=AT.date() - DAYS, sight="given")
    set_policy(branch, on=AT.date() + DAYS, sight="given")
    assert none_for(me, AT + DAYS)
    moved(strange, owner=me, state="new")
    assert given(me, AT + DAYS) == strange


def test_a_call_counts_and_waits_for_its_hours(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    given(me)
    hold = called(me, AT).hold
    one.refresh_from_db()
    assert (one.attempts, one.called_at, one.call_from) == (1, AT, AT + 20 * HOURS)
    assert (one.owner, one.holder, hold.called_at, hold.end) == (None, None, AT, "called")
    assert none_for(me, AT + 19 * HOURS)
    refused(lambda: called(me, AT))


def test_a_promise_makes_it_ones_own(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    given(me)
    promised = AT + DAYS
    called(me, AT, promised_at=promised)
    one.refresh_from_db()
    assert (one.owner, one.state, one.promised_at, one.call_from) == (
        me, "working", promised, promised,
    )  # fmt: skip
    assert list(LeadMove.objects.order_by("number").values_list("path", flat=True)) == [
        "claim", "work",
    ]  # fmt: skip
    lead(branch, priority=99)
    assert given(me, promised) == one
    operations.end_lead(lead_id=one.pk, state=LeadState.WON, actor=me, at=promised)
    one.refresh_from_db()
    assert (one.holder, LeadHold.objects.order_by("-pk")[0].end) == (None, "ended")


@pytest.mark.parametrize("hours", [-1, 0, 9, 24 * 91])
def test_a_promise_is_kept_within_the_hours(branch: Branch, hours: int) -> None:
    me = caller(branch)
    lead(branch)
    given(me)
    refused(lambda: called(me, AT, promised_at=AT + hours * HOURS))
    assert Lead.objects.get().holder == me
    assert Lead.objects.get().attempts == 0


def test_a_call_after_the_time_is_over_is_refused(branch: Branch) -> None:
    me = caller(branch)
    lead(branch)
    given(me)
    refused(lambda: called(me, AT + HOURS))
    assert (LeadHold.objects.get().end, Lead.objects.get().attempts) == ("timed_out", 0)


def test_a_call_that_is_taken_back_leaves_who_has_it_in_hand(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch, number="M-7-0123456789abcdef")
    given(me)
    assert operations.take_back_calls(keys=["7-0123456789abcdef"], at=AT) == set()
    operations.put_down(caller_id=me.pk, at=AT)
    assert operations.take_back_calls(keys=["7-0123456789abcdef"], at=AT) == {
        "7-0123456789abcdef"
    }  # fmt: skip
    one.refresh_from_db()
    assert one.state == "off"


def test_a_hold_only_ends_once(branch: Branch) -> None:
    me = caller(branch)
    lead(branch)
    given(me)
    for statement in (
        "DELETE FROM journeys_leadhold", "UPDATE journeys_leadhold SET taken_at = now()",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
    operations.put_down(caller_id=me.pk, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE journeys_leadhold SET called_at = now()")


def test_a_telemarketer_above_finds_leads_of_all_branches_below(branch: Branch) -> None:
    me = caller(branch)
    low = lead(BranchFactory(parent=branch), priority=10)
    high = lead(BranchFactory(parent=branch), priority=20)
    assert given(me) == high
    called(me, AT)
    assert given(me) == low


def test_many_that_the_gate_holds_back_hide_no_other(branch: Branch) -> None:
    """More than one round looks at."""
    phone = str(next(_phones))
    customer = CustomerFactory(phone=phone, branch=branch)
    for key in ("a", "b"):
        Contact.objects.create(
            customer=customer, channel="sms", purpose="marketing", at=AT - HOURS, origin="x",
            dedup_key=key,
        )  # fmt: skip
    for _place in range(3 * queries.LOOKED_AT):
        lead(branch, phone=phone, priority=90)
    last = lead(branch, priority=1)
    assert given(caller(branch)) == last
