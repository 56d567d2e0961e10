"""Wrapping up a call: outcome, next step, recycling, and the word never to be contacted again."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.models import (
    CallDraft,
    Contact,
    Disposition,
    DoNotContact,
    ErasedRefusal,
    Lead,
    LeadCall,
    LeadHold,
    LeadMove,
)
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import NextStep
from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories.journeys import (
    INSTANT,
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
)
from tests.factories.leads import called, caller, outcome, set_policy
from tests.factories.portal import BranchFactory
from tests.journeys.telemarketing.test_next import given, lead, none_for, refused

pytestmark = pytest.mark.django_db
AT = INSTANT  # noon of a Monday
HOURS, DAYS = dt.timedelta(hours=1), dt.timedelta(days=1)
PHONE = "15499900001"


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


@pytest.fixture
def me(branch: Branch) -> Staff:
    return caller(branch)


def wrapped(me: Staff, code: str, at: dt.datetime = AT, **values: Any) -> LeadCall:
    """The next lead, called and wrapped up."""
    given(me, at)
    return called(me, at, code=code, **values)


def state_of(one: Lead) -> tuple[Any, ...]:
    one.refresh_from_db()
    return one.state, one.owner, one.holder, one.attempts


def test_the_tree_as_it_is_delivered() -> None:
    tree = [
        (group.code, [(part.code, " ".join(part.steps)) for part in parts])
        for group, parts in queries.dispositions()
    ]
    assert tree == [
        ("not_reached", [
            ("no_answer", "again lost"), ("busy", "again lost"), ("switched_off", "again lost"),
            ("other_person", "again lost"), ("wrong_number", "lost"),
        ]),
        ("interested", [
            ("applied", "won"), ("promised", "callback"), ("thinks", "again lost callback"),
            ("material", "again lost callback"),
        ]),
        ("not_interested", [
            ("no_need", "again lost callback"), ("has_card", "again lost callback"),
            ("not_eligible", "lost"), ("refused", "do_not_call"),
        ]),
        ("no_time", [("later", "again lost callback"), ("set_time", "callback")]),
    ]  # fmt: skip


def test_a_call_is_one_row_with_its_hold(branch: Branch, me: Staff) -> None:
    one = lead(branch)
    call = wrapped(me, "no_answer", note="打 13912345678 更好", mood_before="calm")
    hold = LeadHold.objects.get()
    assert (call.hold, call.lead, call.caller, call.called_at, hold.called_at, hold.end) == (
        hold, one, me, AT, AT, "called",
    )  # fmt: skip
    # Noon is the morning's still; a day later it is the afternoon's turn.
    afternoon = clock.at_time(clock.bank_day(AT + DAYS), dt.time(13))
    assert (call.next_step, call.again_at, call.note, call.mood_before, call.is_last) == (
        "again", afternoon, "打 139****5678 更好", "calm", False,
    )  # fmt: skip
    assert state_of(one) == ("new", None, None, 1)
    assert (one.call_from, one.promised_at) == (afternoon, None)
    refused(lambda: called(me, AT))
    assert LeadCall.objects.count() == 1


def test_a_sale_ends_the_lead_as_won_for_the_caller(branch: Branch, me: Staff) -> None:
    one = lead(branch)
    wrapped(me, "applied")
    assert state_of(one) == ("won", me, None, 1)
    assert list(LeadMove.objects.order_by("number").values_list("path", flat=True)) == [
        "claim", "end",
    ]  # fmt: skip


def test_a_sale_counts_also_where_the_policy_lets_the_caller_have_no_more(
    branch: Branch, me: Staff
) -> None:
    set_policy(branch, claim_cap=1)
    mine = lead(branch, owner=me, call_from=AT + DAYS)
    one = lead(branch)
    call = wrapped(me, "applied")
    assert (call.lead, call.caller, state_of(one)) == (one, me, ("won", None, None, 1))
    assert state_of(mine)[:2] == ("new", me)


def test_of_no_use_is_closed(branch: Branch, me: Staff) -> None:
    one = lead(branch, owner=me)
    wrapped(me, "wrong_number")
    assert state_of(one) == ("lost", me, None, 1)


@pytest.mark.parametrize(("code", "step"), [
    ("applied", "lost"), ("applied", "again"), ("refused", "again"), ("no_answer", "callback"),
    ("no_answer", "won"), ("wrong_number", "again"), ("promised", "again"), ("thinks", "won"),
])  # fmt: skip
def test_a_step_that_does_not_fit_is_refused_and_nothing_changes(
    branch: Branch, me: Staff, code: str, step: str
) -> None:
    one, came_to = lead(branch), outcome(code)
    given(me)
    usual: dict[str, Any] = {"caller": me, "at": AT, "promised_at": AT + DAYS}
    refused(lambda: operations.wrap_up(**usual, disposition=came_to, next_step=step))
    assert (state_of(one), LeadCall.objects.count()) == (("new", None, me, 0), 0)


def test_a_promise_needs_its_time_and_a_refusal_its_words(branch: Branch, me: Staff) -> None:
    one = lead(branch)
    given(me)
    refused(lambda: called(me, AT, code="promised"))
    refused(lambda: called(me, AT, code="refused", words="  "))
    assert (state_of(one), DoNotContact.objects.count()) == (("new", None, me, 0), 0)
    call = called(me, AT, code="promised", promised_at=AT + DAYS)
    assert (call.again_at, state_of(one)) == (AT + DAYS, ("working", me, None, 1))


def test_a_group_and_what_is_over_cannot_be_picked(branch: Branch, me: Staff) -> None:
    lead(branch)
    given(me)
    group = Disposition.objects.get(code="interested")
    past = outcome("busy")
    Disposition.objects.filter(pk=past.pk).update(ended_at=AT)
    past.refresh_from_db()
    for one in (group, past):
        refused(
            lambda one=one: operations.wrap_up(caller=me, at=AT, disposition=one, next_step="again")
        )
    assert LeadCall.objects.count() == 0


# --- recycling -----------------------------------------------------------------------------------
def test_each_outcome_has_its_own_delay(branch: Branch, me: Staff) -> None:
    one = lead(branch)
    wrapped(me, "busy")
    one.refresh_from_db()
    assert one.call_from == AT + 2 * HOURS
    assert none_for(me, AT + 2 * HOURS - dt.timedelta(seconds=1))
    wrapped(me, "no_need", AT + 2 * HOURS)
    one.refresh_from_db()
    assert one.call_from == AT + 722 * HOURS


def test_a_phone_is_called_as_often_as_the_outcome_allows_over_all_its_leads(
    branch: Branch, me: Staff
) -> None:
    """The limit counts for the phone: another list does not begin anew."""
    ContactRuleFactory(effective_date=dt.date(2020, 1, 2), day_cap=9, month_cap=90)
    outcome("thrice", is_reached=False, recycle_hours=1, most_calls=3)
    first = lead(branch, phone=PHONE, priority=90)
    wrapped(me, "thrice")
    second = lead(branch, phone=PHONE, priority=95)
    wrapped(me, "thrice", AT + HOURS)
    given(me, AT + 2 * HOURS)
    refused(
        lambda: operations.wrap_up(
            caller=me, at=AT + 2 * HOURS, disposition=outcome("thrice"), next_step="again"
        )
    )
    (leaf,) = [
        leaf
        for group in queries.tree_for(LeadHold.objects.get(ended_at=None), at=AT + 2 * HOURS)
        for leaf in group.leaves
        if leaf.disposition.code == "thrice"
    ]
    assert leaf.steps == (NextStep.LOST,)
    call = operations.wrap_up(
        caller=me, at=AT + 2 * HOURS, disposition=outcome("thrice"), next_step="lost"
    )
    assert call.is_last
    third = lead(branch, phone=PHONE, priority=99)
    other = lead(branch)
    leads = (first, second, third, other)
    assert [one for one in leads if callable_at(one, AT + 90 * DAYS)] == [other]
    assert given(me, AT + 3 * HOURS) == other


def callable_at(one: Lead, at: dt.datetime) -> bool:
    return one.pk in queries.callable_among([one.pk], at=at)


# --- never again ---------------------------------------------------------------------------------
def test_never_again_is_final_everywhere_for_all_numbers_of_the_person(
    branch: Branch, me: Staff
) -> None:
    customer = CustomerFactory(phone=PHONE)
    ConsentFactory(customer=customer)
    one, twin = lead(branch, phone=PHONE, priority=99), lead(branch, phone=PHONE)
    theirs = lead(branch, phone=PHONE, owner=caller(branch))
    elsewhere = lead(branch, customer=customer)
    contacts = Contact.objects.filter(customer=customer)
    call = wrapped(me, "refused", words="别再打 13912345678 了")
    assert contacts.count() == 1
    word = DoNotContact.objects.get()
    assert (word.customer, word.words, word.source, word.recorded_by, word.at) == (
        customer, "别再打 139****5678 了", "call", me, AT,
    )  # fmt: skip
    assert (call.words, call.next_step) == (word.words, "do_not_call")
    assert bytes(ErasedRefusal.objects.get().value_hash) == bytes(one.callee)
    states = [state_of(each)[0] for each in (one, twin, theirs)]
    assert states == ["lost", "lost", "lost"]
    assert not callable_at(elsewhere, AT)
    assert none_for(me, AT + DAYS)
    verdict = contact_verdict(customer.pk)
    assert verdict == "do_not_contact"
    again = operations.load_leads(
        records=[record_of(branch, "L-neu")], at=AT + DAYS
    )  # fmt: skip
    assert [answer.value for _number, answer in again.answers] == ["not_to_be_contacted"]


def contact_verdict(customer_id: int) -> str:
    (found,) = gate.ask_gate(
        customer_ids=[customer_id], purpose="marketing", channels=["sms"], dedup_key="k", at=AT
    )
    return found.answer


def record_of(branch: Branch, number: str) -> operations.LeadRecord:
    return operations.LeadRecord(
        number=number, kind="person", name="李华", company="", phone=PHONE, source="referral",
        lawful_basis="consent", branch_id=branch.pk, team_id=None, owner_id=None, state="new",
        created_at=AT,
    )  # fmt: skip


def test_the_word_of_somebody_unknown_is_kept_by_the_phone(branch: Branch, me: Staff) -> None:
    one = lead(branch, phone=PHONE)
    wrapped(me, "refused", words="不要再打")
    assert (DoNotContact.objects.count(), ErasedRefusal.objects.count()) == (0, 1)
    assert state_of(one)[0] == "lost"
    later = CustomerFactory(phone=PHONE)
    assert contact_verdict(later.pk) == "do_not_contact"


def test_the_word_is_kept_even_where_the_gate_lets_no_call_count(branch: Branch, me: Staff) -> None:
    """Somebody refused by SMS while the caller was on the telephone."""
    one = lead(branch, phone=PHONE)
    given(me)
    contact.keep_refused_phone(phone=PHONE, source="sms", actor=None, at=AT)
    operations.save_draft(caller=me, said={"words": "不要再打"}, at=AT)
    told = refused(lambda: called(me, AT, code="refused", words="不要再打"))
    assert CallDraft.objects.count() == 1
    assert told.startswith(("It is kept", "已记录"))
    assert (state_of(one), LeadHold.objects.get().end) == (("lost", None, None, 0), "closed")


def test_a_refusal_meanwhile_counts_no_call(branch: Branch, me: Staff) -> None:
    one = lead(branch, phone=PHONE)
    given(me)
    contact.keep_refused_phone(phone=PHONE, source="sms", actor=None, at=AT)
    refused(lambda: called(me, AT, code="no_answer"))
    assert (state_of(one), LeadHold.objects.get().end) == (("new", None, None, 0), "closed")
    assert (LeadCall.objects.count(), Contact.objects.count()) == (0, 0)


# --- moods ---------------------------------------------------------------------------------------
def test_whoever_was_angry_is_left_in_peace(branch: Branch, me: Staff) -> None:
    one = lead(branch, phone=PHONE, priority=99)
    refused(lambda: wrapped(me, "thinks", mood_after="angry", promised_at=AT + 29 * DAYS))
    call = called(me, AT, code="later", mood_before="annoyed", mood_after="angry")
    peace = AT + 30 * DAYS
    one.refresh_from_db()
    assert (call.cools_until, one.call_from) == (peace, peace)
    twin = lead(branch, phone=PHONE)
    assert [callable_at(twin, at) for at in (AT, peace - HOURS, peace)] == [False, False, True]
    refused(lambda: called(me, AT, mood_after="moon"))


# --- drafts --------------------------------------------------------------------------------------
def test_a_draft_is_kept_masked_and_gone_with_the_call(branch: Branch, me: Staff) -> None:
    typed = {"disposition": "thinks", "note": "电话 13912345678", "odd": "x"}
    assert not operations.save_draft(caller=me, said=typed, at=AT)
    lead(branch)
    given(me)
    assert operations.save_draft(caller=me, said=typed, at=AT)
    hold = LeadHold.objects.get()
    assert queries.draft_of(hold) == {
        "disposition": "thinks", "next_step": "", "promised_at": "", "mood_before": "",
        "mood_after": "", "mood_move": "", "words": "", "note": "电话 139****5678",
    }  # fmt: skip
    called(me, AT)
    assert CallDraft.objects.count() == 0
    assert not operations.save_draft(caller=me, said=typed, at=AT)


def test_whoever_types_keeps_the_lead_in_hand(branch: Branch, me: Staff) -> None:
    one = lead(branch)
    given(me)
    for minutes, until in ((0, 20), (15, 35), (34, 54)):
        operations.save_draft(caller=me, said={}, at=AT + dt.timedelta(minutes=minutes))
        one.refresh_from_db()
        assert one.held_until == AT + dt.timedelta(minutes=until)
    for minutes in range(40, 140, 10):
        operations.save_draft(caller=me, said={}, at=AT + dt.timedelta(minutes=minutes))
    one.refresh_from_db()
    assert one.held_until == AT + 2 * HOURS
    assert not operations.save_draft(caller=me, said={}, at=AT + 2 * HOURS)


def test_a_draft_outlives_its_hold_for_the_same_person(branch: Branch, me: Staff) -> None:
    one = lead(branch, owner=me)
    given(me)
    operations.save_draft(caller=me, said={"note": "记得资料"}, at=AT)
    operations.end_holds(at=AT + HOURS)
    assert given(me, AT + HOURS) == one
    hold = LeadHold.objects.get(ended_at=None)
    assert queries.draft_of(hold)["note"] == "记得资料"
    assert operations.drop_drafts(at=AT + 7 * DAYS) == 0
    assert operations.drop_drafts(at=AT + 7 * DAYS + HOURS) == 1


# --- what the database holds ---------------------------------------------------------------------
@pytest.mark.parametrize("statement", [
    "DELETE FROM journeys_leadcall", "UPDATE journeys_leadcall SET note = 'x'",
    "DELETE FROM journeys_disposition", "UPDATE journeys_disposition SET name = 'x'",
    "UPDATE journeys_disposition SET ended_at = now() WHERE code = 'interested'",
])  # fmt: skip
def test_calls_and_dispositions_stay(branch: Branch, me: Staff, statement: str) -> None:
    lead(branch)
    wrapped(me, "no_answer")
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(("code", "step", "rule"), [
    ("applied", "lost", "lead_call_step_fits"), ("refused", "lost", "lead_call_step_fits"),
    ("no_answer", "callback", "lead_call_step_fits"),
    ("interested", "lost", "lead_call_disposition_in_force"),
])  # fmt: skip
def test_the_database_itself_refuses_a_contrary_step(
    branch: Branch, me: Staff, code: str, step: str, rule: str
) -> None:
    lead(branch)
    given(me)
    hold = LeadHold.objects.get()
    LeadHold.objects.filter(pk=hold.pk).update(called_at=AT, ended_at=AT, end="called")
    usual: dict[str, Any] = {
        "hold": hold, "lead": hold.lead, "caller": me, "called_at": AT, "wrapped_at": AT,
        "again_at": AT + DAYS if step == "callback" else None, "words": "x",
    }  # fmt: skip
    came_to = Disposition.objects.get(code=code)
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        LeadCall.objects.create(**usual, disposition=came_to, next_step=step)
    fits = {**usual, "again_at": None, "disposition": outcome("no_answer"), "next_step": "lost"}
    with pytest.raises(DatabaseError, match="lead_call_of_its_hold"), transaction.atomic():
        LeadCall.objects.create(**{**fits, "caller": caller(branch)})
    LeadCall.objects.create(**fits)


def test_a_part_stands_in_a_group_that_is_in_force() -> None:
    leaf = outcome("no_answer")
    values: dict[str, Any] = {
        "code": "deeper", "place": 1, "name": "x", "name_en": "x", "source": "x", "set_at": AT,
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="two levels"), transaction.atomic():
        Disposition.objects.create(parent=leaf, **values)
    group = Disposition.objects.create(**{**values, "code": "empty", "place": 8})
    Disposition.objects.filter(pk=group.pk).update(ended_at=AT)
    with pytest.raises(DatabaseError, match="two levels"), transaction.atomic():
        Disposition.objects.create(parent=group, **values)
