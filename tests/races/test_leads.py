"""Many at once at the pool: no lead has two owners, nobody more than the policy allows, and no ring
of people who wait for each other."""

import random
from contextlib import suppress
from typing import Any

import pytest

from journeys.models import Lead, LeadMove
from journeys.telemarketing import operations
from journeys.telemarketing.enums import LeadState
from portal.models import Staff
from tests.factories.journeys import INSTANT, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
AT = INSTANT


@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.chaos)])
def test_of_many_who_claim_a_lead_one_gets_it(rounds: int) -> None:
    set_policy()
    branch = BranchFactory()
    people = [caller(branch) for _place in range(8)]
    for _round in range(rounds):
        lead = LeadFactory(branch=branch)

        def claim(place: int, lead: Lead = lead) -> str:
            try:
                operations.claim_lead(lead_id=lead.pk, actor=people[place], at=AT)
            except operations.LeadRefused as refused:
                return refused.rule or "seen"
            return "got"

        answers = in_threads(8, claim)
        assert answers.count("got") == LeadMove.objects.filter(lead=lead).count() == 1
        assert set(answers) <= {"got", "seen", "lead_is_taken"}


def test_nobody_claims_more_than_the_cap_with_many_windows_open() -> None:
    set_policy(claim_cap=3)
    me = caller(BranchFactory())
    leads = [LeadFactory(branch=me.branch) for _place in range(12)]

    def claim(place: int) -> str:
        try:
            operations.claim_lead(lead_id=leads[place].pk, actor=me, at=AT)
        except operations.LeadRefused as refused:
            return refused.rule
        return "got"

    answers = in_threads(12, claim)
    assert sorted(answers) == ["got"] * 3 + ["lead_cap_reached"] * 9
    assert Lead.objects.filter(owner=me).count() == 3


def _anything(rng: random.Random, ids: list[int], people: list[Staff], boss: Staff) -> None:
    """One of all that is done with leads, whether it may be or not."""
    rng.shuffle(ids)
    me, other = rng.sample(people, 2)
    takers = [operations.Taker(other.pk), operations.Taker(me.pk)]
    given: dict[str, Any] = {"takers": takers, "actor": boss, "at": AT}
    own: dict[str, Any] = {"lead_id": ids[0], "actor": me, "at": AT}
    work = rng.choice(
        [
            lambda: operations.claim_lead(**own),
            lambda: operations.release_lead(**own),
            lambda: operations.work_lead(**own),
            lambda: operations.assign_leads(lead_ids=ids[:4], **given),
            lambda: operations.hand_over_leads(lead_ids=ids[:2], why="x", **given),
        ]
    )
    with suppress(operations.LeadRefused):
        work()


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.chaos)])
def test_claims_assignments_and_what_is_taken_back_wait_in_no_ring(rounds: int) -> None:
    """Each does all kinds of things with the same leads and people; the history stays whole."""
    set_policy(claim_cap=4, cooldown_days=0)
    branch = BranchFactory()
    people = [caller(branch) for _place in range(4)]
    boss = StaffFactory(role="branch_manager", branch=branch)
    for _round in range(rounds):
        leads = [LeadFactory(branch=branch).pk for _place in range(12)]

        def work(place: int, leads: list[int] = leads) -> None:
            rng = random.Random(place)
            for _turn in range(12):
                _anything(rng, list(leads), people, boss)

        in_threads(8, work)
        for lead in Lead.objects.filter(pk__in=leads):
            _assert_as_moved(lead)
        for person in people:
            held = Lead.objects.filter(owner=person, state__in=("new", "working"))
            assert held.count() <= 4
            for lead in held:
                operations.end_lead(lead_id=lead.pk, state=LeadState.LOST, actor=person, at=AT)


def _assert_as_moved(lead: Lead) -> None:
    moves = list(LeadMove.objects.filter(lead=lead).order_by("number"))
    assert [move.number for move in moves] == list(range(1, lead.moved + 1))
    owner, state = None, "new"
    for move in moves:
        assert (move.from_owner_id, move.from_state) == (owner, state)
        owner, state = move.to_owner_id, move.to_state
    assert (lead.owner_id, lead.state) == (owner, state)


def test_two_clocks_return_each_lead_once() -> None:
    set_policy()
    me = caller(BranchFactory())
    for _place in range(20):
        LeadFactory(branch=me.branch, owner=me)
    due = AT.replace(year=AT.year + 1)
    counts = in_threads(4, lambda _place: operations.return_leads(at=due, batch=3))
    assert sum(counts) == 20
    assert LeadMove.objects.filter(path="return").count() == 20
