"""Calls that are made here are learned from, as they were known before they were made."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from journeys.models import Lead, LeadHold, PastCall
from journeys.scoring import operations as scoring
from journeys.scoring import queries as scores
from journeys.telemarketing import operations
from journeys.telemarketing.enums import LeadState
from portal.models import Branch
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory
from tests.journeys.telemarketing.test_next import AT, DAYS, HOURS, given, lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    found: Branch = BranchFactory()
    return found


def taught(at: dt.datetime) -> list[Any]:
    operations.teach_calls(at=at, batch=2)
    rows = PastCall.objects.order_by("called_date", "id")
    return list(rows.values_list("called_date", "attempts", "channel", "result"))


def test_each_call_is_learned_from_once_it_is_known_what_came(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch, owner=me)
    instants = [AT, AT + 21 * HOURS]
    for again in instants:
        assert given(me, again) == one
        called(me, again)
    days = [again.date() for again in instants]
    # The first was followed by another; of the second nothing is known yet.
    first = (days[0], 1, "mobile", "failure")
    assert taught(AT + 22 * HOURS) == [first]
    operations.end_lead(lead_id=one.pk, state=LeadState.WON, actor=me, at=AT + 23 * HOURS)
    both = [first, (days[1], 2, "mobile", "success")]
    assert taught(AT + 24 * HOURS) == both
    assert taught(AT + 24 * HOURS) == both
    held = LeadHold.objects.order_by("pk").values_list("pk", flat=True)
    numbers = PastCall.objects.order_by("id").values_list("number", flat=True)
    assert list(numbers) == [f"call:{pk}" for pk in held]
    assert len(scores.latest_calls()) == 2


def test_a_call_that_nothing_comes_of_is_one_without_success(branch: Branch) -> None:
    me = caller(branch)
    closed, waits = lead(branch, owner=me, priority=60), lead(branch)
    for one in (closed, waits):
        assert given(me) == one
        called(me, AT)
    operations.end_lead(lead_id=closed.pk, state=LeadState.LOST, actor=me, at=AT)
    lost = (AT.date(), 1, "mobile", "failure")
    assert taught(AT + 30 * DAYS - HOURS) == [lost]
    assert taught(AT + 30 * DAYS) == [lost, lost]


def test_what_is_known_afterwards_is_not_told(branch: Branch) -> None:
    """Who was won is a customer by then, of whom much is known."""
    me = caller(branch)
    one = lead(branch, owner=me, phone="15400000041")
    operations.score_leads(clock=lambda: AT, seconds=1)
    given(me)
    called(me, AT)
    who = CustomerFactory(branch=branch, phone="15400000041")
    Lead.objects.filter(pk=one.pk).update(customer=who)
    PastCall.objects.create(
        number="x", customer=who, branch=branch, called_date=AT.date(), attempts=1, earlier=0,
        result="success", balance=9, age=30,
    )  # fmt: skip
    operations.score_leads(clock=lambda: AT, seconds=1)
    operations.end_lead(lead_id=one.pk, state=LeadState.WON, actor=me, at=AT)
    operations.teach_calls(at=AT)
    row = PastCall.objects.exclude(number="x").get()
    assert (row.result, row.customer, row.attempts, row.earlier, row.since_days) == (
        "success", who, 1, 0, None,
    )  # fmt: skip
    assert (row.balance, row.age, row.job) == (None, None, "")


def test_what_was_known_before_is_told_without_traits(branch: Branch) -> None:
    me = caller(branch)
    who = CustomerFactory(branch=branch, phone="15400000042")
    ConsentFactory(customer=who, channel="phone", effective_at=AT - DAYS)
    PastCall.objects.create(
        number="x", customer=who, branch=branch, called_date=(AT - 9 * DAYS).date(), attempts=1,
        earlier=0, result="failure", balance="7.50", has_loan=True, age=30, job="teacher",
    )  # fmt: skip
    one = lead(branch, owner=me, phone="15400000042", customer=who)
    scoring.choose_traits(branch=branch, with_traits=True, reason="x", actor=me, at=AT)
    operations.score_leads(clock=lambda: AT, seconds=1)
    assert given(me) == one
    called(me, AT)
    operations.end_lead(lead_id=one.pk, state=LeadState.LOST, actor=me, at=AT)
    operations.teach_calls(at=AT)
    row = PastCall.objects.exclude(number="x").get()
    assert (row.earlier, row.earlier_result, row.since_days, str(row.balance), row.has_loan) == (
        1, "failure", 9, "7.50", True,
    )  # fmt: skip
    assert (row.age, row.job) == (None, "")


def test_what_was_known_is_not_changed_later(branch: Branch) -> None:
    me = caller(branch)
    lead(branch)
    given(me)
    assert LeadHold.objects.get().known == {"attempts": 1, "channel": "mobile"}
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE journeys_leadhold SET known = '{}'")
