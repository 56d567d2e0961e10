"""What a walk through the pool looked at in vain is not looked at again for a while."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import LeadRest
from journeys.telemarketing import operations, queries
from journeys.telemarketing.operations.resting import FEW
from portal.models import Branch, Staff
from tests.factories.journeys import ContactRuleFactory
from tests.factories.leads import caller, fill_pool, set_policy
from tests.factories.portal import BranchFactory
from tests.journeys.telemarketing.test_next import AT, DAYS, lead

pytestmark = pytest.mark.django_db
MANY = FEW + 200
REFUSE = """
INSERT INTO journeys_erasedrefusal (kind, value_hash, refused_date)
SELECT 'phone', callee, '2026-01-01' FROM journeys_lead ON CONFLICT DO NOTHING
"""


@pytest.fixture
def me() -> Staff:
    ContactRuleFactory()
    set_policy()
    branch: Branch = BranchFactory()
    fill_pool(branch, count=MANY, at=AT - DAYS)
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
    return caller(branch)


def walked(me: Staff) -> list[int]:
    """The leads that a walk looks at in vain before it finds the one that may be called."""
    passed: list[int] = []
    policies = queries.policies_in_force([me.branch_id], on=AT.date())
    queries.Coming(caller=me, policies=policies, at=AT, passed=passed).more(8)
    return passed


def test_it_is_noted_until_when_and_the_next_walk_is_short(me: Staff) -> None:
    good = lead(me.branch, priority=0, phone="15400000001")
    assert len(walked(me)) == MANY
    assert operations.next_lead(caller=me, at=AT).lead_id == good.pk
    rests = list(LeadRest.objects.values_list("until", flat=True))
    assert len(rests) == MANY
    assert min(rests) >= AT + dt.timedelta(minutes=30)
    assert max(rests) <= AT + dt.timedelta(minutes=60)
    operations.put_down(caller_id=me.pk, at=AT)
    assert walked(me) == []


def test_also_where_there_is_none_to_be_given(me: Staff) -> None:
    with pytest.raises(operations.LeadRefused):
        operations.next_lead(caller=me, at=AT)
    assert LeadRest.objects.count() == MANY


def test_who_may_be_called_again_is_found_when_the_time_is_over(me: Staff) -> None:
    one = lead(me.branch, phone="15400000001")
    LeadRest.objects.create(lead=one, until=AT + dt.timedelta(minutes=40))
    with pytest.raises(operations.LeadRefused):
        operations.next_lead(caller=me, at=AT + dt.timedelta(minutes=39))
    at = AT + dt.timedelta(minutes=40)
    assert operations.next_lead(caller=me, at=at).lead_id == one.pk


def test_a_promise_is_kept_all_the_same(me: Staff) -> None:
    one = lead(me.branch, priority=100, phone="15400000002", promised_at=AT, call_from=AT)
    LeadRest.objects.create(lead=one, until=AT + DAYS)
    assert operations.next_lead(caller=me, at=AT).lead_id == one.pk


def test_a_few_are_looked_at_anew_each_time() -> None:
    ContactRuleFactory()
    set_policy()
    person = caller(BranchFactory())
    fill_pool(person.branch, count=FEW, at=AT - DAYS)
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
    with CaptureQueriesContext(connection) as seen, pytest.raises(operations.LeadRefused):
        operations.next_lead(caller=person, at=AT)
    assert not LeadRest.objects.exists()
    assert not any("INTO journeys_leadrest" in one["sql"] for one in seen)
