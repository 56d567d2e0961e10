"""Leads are scored while others take and call them: whose lead is in hand keeps its place."""

from contextlib import suppress

import pytest

from journeys.models import Lead, LeadScore
from journeys.telemarketing import operations
from tests.factories.journeys import INSTANT, ContactRuleFactory, LeadFactory
from tests.factories.leads import called, caller, outcome, set_policy
from tests.factories.portal import BranchFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
AT = INSTANT


@pytest.mark.parametrize("turns", [4, pytest.param(40, marks=pytest.mark.chaos)])
def test_leads_are_scored_while_they_are_called(turns: int) -> None:
    ContactRuleFactory()
    set_policy()
    branch = BranchFactory()
    people = [caller(branch) for _place in range(4)]
    for place in range(20 * turns):
        LeadFactory(branch=branch, phone=str(15410000000 + place))
    outcome()  # once: two callers at once would both make it
    moved = []

    def work(place: int) -> None:
        for _turn in range(turns):
            if place >= len(people):
                operations.score_leads(clock=lambda: AT, seconds=1, batch=7)
                continue
            with suppress(operations.LeadRefused):
                hold = operations.next_lead(caller=people[place], at=AT)
                first = Lead.objects.get(pk=hold.lead_id).priority
                again = Lead.objects.get(pk=hold.lead_id).priority
                moved.append(first != again)
                called(people[place], AT)

    in_threads(len(people) + 2, work)
    assert moved
    assert not any(moved)
    while operations.score_leads(clock=lambda: AT, seconds=1):
        pass
    # By the scorecard: 18 points for a second call where a first has 25.
    told = {0: 63, 1: 56}
    assert all(one.priority == told[one.attempts] for one in Lead.objects.all())
    assert LeadScore.objects.count() == Lead.objects.count()
