"""What stands before the next lead and is passed over, however much of it there is."""

import datetime as dt
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.contact import operations as contact
from journeys.models import Contact, Lead, LeadHold
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import HoldEnd
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.models import Branch, Staff
from tests.factories.journeys import ContactRuleFactory, CustomerFactory
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory
from tests.journeys.telemarketing.test_next import AT, DAYS, HOURS, given, lead, none_for, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


def test_many_that_refused_hide_no_other(branch: Branch) -> None:
    """More than one piece of the index holds, of the own leads and of the pool's."""
    me, phone = caller(branch), "15400000009"
    refuser = CustomerFactory(phone=phone, branch=branch)
    for _place in range(40):
        lead(branch, phone=phone, priority=90)
        lead(branch, phone=phone, priority=90, owner=me)
    contact.record_do_not_contact(
        customer_id=refuser.pk, words="x", source="call", actor=None, at=AT - DAYS
    )
    lead(branch, priority=80)
    own = lead(branch, priority=1, owner=me)
    assert given(me) == own


def test_more_that_the_gate_holds_back_than_were_ever_asked_about(branch: Branch) -> None:
    phone = "15400000010"
    customer = CustomerFactory(phone=phone, branch=branch)
    for key in ("a", "b"):
        Contact.objects.create(
            customer=customer, channel="sms", purpose="marketing", at=AT - HOURS, origin="x",
            dedup_key=key,
        )  # fmt: skip
    for _place in range(130):
        lead(branch, phone=phone, priority=90)
    last = lead(branch, priority=1)
    assert given(caller(branch)) == last


def test_out_of_hours_not_the_whole_pool_is_asked_about(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _place in range(150):
        lead(branch)
    asked: list[int] = []
    answers = queries.gate_answers

    def counted(lead_ids: Sequence[int], *, at: dt.datetime) -> dict[int, str]:
        asked.append(len(lead_ids))
        return answers(lead_ids, at=at)

    monkeypatch.setattr(queries, "gate_answers", counted)
    assert none_for(caller(branch), clock.at_time(AT.date(), dt.time(21)))
    assert asked == [8, 16, 32, 64]


def test_who_put_a_lead_back_is_not_given_it_until_the_cool_down_is_over(branch: Branch) -> None:
    me, other = caller(branch), caller(branch)
    one = lead(branch, owner=me)
    operations.release_lead(lead_id=one.pk, actor=me, at=AT)
    assert none_for(me)
    assert none_for(me, AT + 7 * DAYS - dt.timedelta(microseconds=1))
    assert given(other) == one
    operations.put_down(caller_id=other.pk, at=AT)
    assert given(me, AT + 7 * DAYS) == one


def test_who_is_erased_while_in_hand_is_not_called(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    given(me)
    Lead.objects.filter(pk=one.pk).update(
        name=ERASED, phone_sealed=None, phone_index=None, callee=None
    )
    refused(lambda: called(me, AT))
    assert (Lead.objects.get().attempts, LeadHold.objects.get().end) == (0, HoldEnd.CLOSED)


def test_a_phone_is_looked_at_once_it_is_locked(branch: Branch) -> None:
    """A statement sees what was before it began, and the lock may be had later than that."""
    me = caller(branch)
    lead(branch)
    with CaptureQueriesContext(connection) as seen:
        given(me)
    asked = [
        one["sql"] for one in seen if "callee" in one["sql"] and "FROM unnest" not in one["sql"]
    ]
    locks = [place for place, sql in enumerate(asked) if "pg_try_advisory_xact_lock" in sql]
    looks = [place for place, sql in enumerate(asked) if "holder_id IS NOT NULL" in sql]
    assert len(locks) == len(looks) == 1
    assert locks[0] < looks[0]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "analyst"}, {"branch": True}])
def test_who_left_or_moved_has_nothing_in_hand(branch: Branch, change: dict[str, object]) -> None:
    """By the next tick, not when the minutes are over."""
    me, stays = caller(branch), caller(branch)
    one, other = lead(branch, priority=60), lead(branch)
    assert [given(me), given(stays)] == [one, other]
    values = {name: BranchFactory() if name == "branch" else to for name, to in change.items()}
    Staff.objects.filter(pk=me.pk).update(**values)
    assert [operations.end_holds(at=AT) for _time in range(2)] == [1, 0]
    assert list(Lead.objects.filter(holder__isnull=False)) == [other]
    assert LeadHold.objects.get(holder=me).end == HoldEnd.CLOSED


def test_who_left_a_moment_ago_is_given_nothing(branch: Branch) -> None:
    """The person as read when the page was asked for may do it still."""
    me = caller(branch)
    lead(branch)
    Staff.objects.filter(pk=me.pk).update(is_active=False)
    assert me.is_active
    assert none_for(me)
