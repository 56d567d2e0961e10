"""Who puts a lead down without a call and asks again is given another one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import Lead
from journeys.telemarketing import operations, queries
from portal.models import Branch, Staff
from tests.factories.journeys import ContactRuleFactory
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory
from tests.journeys.telemarketing.test_next import AT, given, lead, none_for

pytestmark = pytest.mark.django_db
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    found: Branch = BranchFactory()
    return found


def down(person: Staff, at: dt.datetime = AT) -> None:
    assert operations.put_down(caller_id=person.pk, at=at) == 1


def test_another_is_given_until_all_were(branch: Branch) -> None:
    """Then the one that was put down first."""
    me = caller(branch)
    leads = [lead(branch, priority=90 - place) for place in range(3)]
    order = []
    for place in range(7):
        at = AT + place * MINUTES
        order.append(given(me, at))
        down(me, at)
    assert order == [*leads, *leads, leads[0]]


def test_what_was_put_down_is_passed_over_for_the_minutes_of_the_policy(branch: Branch) -> None:
    me = caller(branch)
    first, second = lead(branch, priority=90), lead(branch)
    assert given(me) == first
    down(me)
    almost = AT + 20 * MINUTES - dt.timedelta(microseconds=1)
    assert given(me, almost) == second
    down(me, almost)
    assert given(me, AT + 20 * MINUTES) == first


def test_each_branch_has_its_own_minutes(branch: Branch) -> None:
    low = BranchFactory(parent=branch)
    set_policy(low, hold_minutes=2)
    me = caller(branch)
    short, long = lead(low, priority=90), lead(branch, priority=80)
    last = lead(branch, priority=1)
    for one in (short, long):
        assert given(me) == one
        down(me)
    assert given(me, AT + 2 * MINUTES) == short
    called(me, AT + 2 * MINUTES)
    assert given(me, AT + 3 * MINUTES) == last


def test_the_only_lead_comes_again_andothers_see_it_at_once(branch: Branch) -> None:
    me, other = caller(branch), caller(branch)
    one = lead(branch)
    for _turn in range(2):
        assert given(me) == one
        down(me)
    assert given(other) == one
    assert none_for(me)


def test_an_own_lead_is_passed_over_too(branch: Branch) -> None:
    me = caller(branch)
    own, free = lead(branch, owner=me), lead(branch)
    assert given(me) == own
    down(me)
    assert given(me) == free


def test_what_was_promised_after_a_call_is_not_passed_over(branch: Branch) -> None:
    me = caller(branch)
    one, other = lead(branch, priority=90), lead(branch)
    given(me)
    down(me)
    Lead.objects.filter(pk=other.pk).update(call_before=AT)
    assert given(me) == one
    promised = AT + 5 * MINUTES
    called(me, AT, promised_at=promised)
    Lead.objects.filter(pk=other.pk).update(call_before=None)
    assert given(me, promised) == one


def test_what_time_or_the_end_of_a_session_took_is_not_passed_over(branch: Branch) -> None:
    """Nobody said that it is not wanted."""
    me = caller(branch)
    one = lead(branch, priority=90)
    lead(branch)
    given(me)
    later = AT + 21 * MINUTES
    operations.end_holds(at=later)
    assert given(me, later) == one


def test_it_comes_again_only_as_it_may_be_called_by_then(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    given(me)
    down(me)
    for values in (
        {"call_from": AT + MINUTES}, {"call_before": AT}, {"attempts": 6, "called_at": AT},
    ):  # fmt: skip
        Lead.objects.filter(pk=one.pk).update(**values)
        assert none_for(me)
        Lead.objects.filter(pk=one.pk).update(
            call_from=None, call_before=None, attempts=0, called_at=None
        )
    set_policy(branch, on=AT.date(), sight="given")
    assert none_for(me)


MANY = """
SET LOCAL session_replication_role = replica;
INSERT INTO journeys_leadhold (lead_id, holder_id, taken_at, called_at, ended_at, "end", reasons)
SELECT -place, -(place %% 50), moment, moment, moment, 'called', '[]'
FROM generate_series(1, 20000) place
CROSS JOIN LATERAL (SELECT %s::timestamptz - make_interval(mins => place)) said (moment);
SET LOCAL session_replication_role = origin;
"""


def test_what_was_put_down_is_found_by_an_index(branch: Branch) -> None:
    me = caller(branch)
    lead(branch)
    given(me)
    down(me)
    policies = queries.policies_in_force([branch.pk], on=AT.date())
    with CaptureQueriesContext(connection) as seen:
        assert len(queries.put_aside(caller=me, policies=policies, at=AT)) == 1
    with connection.cursor() as cursor:
        cursor.execute(MANY, [AT])
        cursor.execute("ANALYZE journeys_leadhold")
        for way in ("seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN " + seen[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "lead_hold_of_holder" in plan
    assert "taken_at >" in plan
