"""A call that was promised is not lost with a lead that is merged."""

import datetime as dt

import pytest

from journeys.telemarketing import operations
from journeys.telemarketing.enums import LeadState
from tests.factories.journeys import INSTANT, ContactRuleFactory, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.promises import promised

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_a_lead_with_a_promise_takes_the_other_one_in_and_is_not_taken_in() -> None:
    ContactRuleFactory()
    set_policy()
    branch = BranchFactory()
    boss, me = StaffFactory(role="branch_manager", branch=branch), caller(branch)
    promise = promised(me, INSTANT + HOUR, made=INSTANT)
    other = LeadFactory(branch=branch)

    def merge(kept: int, merged: int) -> None:
        operations.merge_leads(
            kept_id=kept, merged_id=merged, reason="同一人", actor=boss, at=INSTANT
        )

    with pytest.raises(operations.LeadRefused, match=promise.lead.number):
        merge(other.pk, promise.lead_id)
    promise.refresh_from_db()
    other.refresh_from_db()
    assert (promise.ended_at, other.state) == (None, LeadState.NEW)
    merge(promise.lead_id, other.pk)
    promise.refresh_from_db()
    other.refresh_from_db()
    assert (promise.ended_at, other.state) == (None, LeadState.MERGED)
