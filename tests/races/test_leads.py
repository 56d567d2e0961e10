"""Many at once at the pool: no lead has two owners, nobody more than the policy allows, and no ring
of people who wait for each other."""

import datetime as dt
import random
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from journeys.contact import operations as contact
from journeys.customers.queries import callee_of
from journeys.models import ErasedRefusal, Lead, LeadCall, LeadHold, LeadMove
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState
from portal.models import Staff
from tests.factories.journeys import INSTANT, ContactRuleFactory, LeadFactory
from tests.factories.leads import called, caller, outcome, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
AT = INSTANT
AFTER = dt.date(2000, 1, 2)  # the one that is delivered, where it stands


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
    set_policy(on=AFTER, claim_cap=3)
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
    set_policy(on=AFTER, claim_cap=4, cooldown_days=0)
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


def _bank_of_leads(callers: int, leads: int) -> tuple[list[Staff], list[int]]:
    """Callers of one branch, with leads of whom every fifth refused, and some phones twice."""
    ContactRuleFactory()
    set_policy(on=AFTER, claim_cap=500)
    outcome()
    branch = BranchFactory()
    made = []
    for place in range(leads):
        phone = str(15410000000 + (place if place % 7 else 0))
        made.append(LeadFactory(branch=branch, phone=phone, priority=place % 100).pk)
    for place in range(0, leads, 5):
        phone = str(15410000000 + (place if place % 7 else 0))
        contact.keep_refused_phone(phone=phone, source="call", actor=None, at=AT)
    return [caller(branch) for _place in range(callers)], made


@pytest.mark.parametrize(("callers", "leads", "turns"), [
    (8, 60, 6), pytest.param(32, 600, 40, marks=pytest.mark.chaos),
])  # fmt: skip
def test_no_two_people_ever_hold_one_lead(callers: int, leads: int, turns: int) -> None:
    """Each asks, sometimes in two windows, calls or puts down, and asks again. That nobody else had
    a lead meanwhile is held by `lead_hold_once`; looked at is what came of it: calls as many as the
    leads say, no phone above its cap, nobody who refused."""
    people, _ids = _bank_of_leads(callers, leads)
    refused = {
        lead.pk for lead in Lead.objects.all()
        if not queries.callable_among([lead.pk], at=AT)
    }  # fmt: skip
    assert len(refused) >= leads // 5

    def work(place: int) -> list[tuple[int, int]]:
        me, rng = people[place % callers], random.Random(place)
        found = []
        for turn in range(turns):
            at = AT + dt.timedelta(seconds=turn)
            try:
                hold = operations.next_lead(caller=me, at=at)
            except operations.LeadRefused:
                continue
            found.append((hold.lead_id, me.pk))
            with suppress(operations.LeadRefused):
                if rng.random() < 0.6:
                    called(me, at)
                else:
                    operations.put_down(caller_id=me.pk, at=at)
        return found

    # Two windows of each person.
    given = [pair for found in in_threads(2 * callers, work) for pair in found]
    assert given
    assert {lead_id for lead_id, _who in given} & refused == set()
    calls = LeadHold.objects.exclude(called_at=None)
    assert calls.count() == sum(Lead.objects.values_list("attempts", flat=True))
    by_phone = Counter(bytes(hold.lead.callee) for hold in calls.select_related("lead"))
    assert max(by_phone.values(), default=0) <= 2  # the cap of a day
    assert not Lead.objects.filter(attempts__gt=1).exists()  # each waits for its hours


def test_at_one_moment_each_has_another_one() -> None:
    people, _ids = _bank_of_leads(12, 60)

    def ask(place: int) -> int:
        return operations.next_lead(caller=people[place], at=AT).lead_id

    given = in_threads(12, ask)
    assert len(set(given)) == 12
    rows = Lead.objects.filter(holder__isnull=False)
    assert sorted(rows.values_list("pk", flat=True)) == sorted(given)
    assert rows.values("callee").distinct().count() == 12


def test_the_last_lead_goes_to_one() -> None:
    people, ids = _bank_of_leads(8, 2)
    assert len(ids) == 2

    def ask(place: int) -> bool:
        try:
            operations.next_lead(caller=people[place], at=AT)
        except operations.LeadRefused:
            return False
        return True

    assert sum(in_threads(8, ask)) == LeadHold.objects.count() == 1


def test_of_two_windows_that_wrap_up_a_call_one_counts() -> None:
    people, _ids = _bank_of_leads(3, 30)
    for me in people:
        operations.next_lead(caller=me, at=AT)

    def wrap(place: int) -> bool:
        try:
            called(people[place % 3], AT)
        except operations.LeadRefused:
            return False
        return True

    assert sum(in_threads(9, wrap)) == 3
    assert LeadCall.objects.count() == LeadHold.objects.exclude(called_at=None).count() == 3
    assert sum(Lead.objects.values_list("attempts", flat=True)) == 3


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.chaos)])
def test_a_word_on_the_telephone_and_other_calls_of_the_phone_wait_in_no_ring(rounds: int) -> None:
    """Of one person with several leads: callers wrap up, one of them with the word never again, and
    a word comes by SMS; none is lost, and nobody is called after it."""
    ContactRuleFactory()
    set_policy()
    outcome()
    outcome("never", is_refused_for_good=True)
    branch = BranchFactory()
    # Whoever asks for the next one beside the own call puts down what was refused meanwhile.
    people = [caller(branch) for _place in range(5)]
    for turn in range(rounds):
        phone = str(15430000000 + turn)
        leads = [LeadFactory(branch=branch, phone=phone) for _place in range(6)]
        operations.next_lead(caller=people[turn % 5], at=AT)

        def work(place: int, turn: int = turn, phone: str = phone) -> None:
            me = people[(turn + place) % 5]
            with suppress(operations.LeadRefused):
                if place == 0:
                    called(me, AT, code="never", words="不要再打")
                elif place == 1:
                    contact.refuse_by_phone(phone=phone, words="TD", source="sms", at=AT)
                else:
                    operations.next_lead(caller=me, at=AT)

        in_threads(5, work)
        rows = Lead.objects.filter(pk__in=[one.pk for one in leads])
        assert set(rows.values_list("state", flat=True)) == {"lost"}
        assert not rows.filter(holder__isnull=False).exists()
        assert ErasedRefusal.objects.count() == turn + 1


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.chaos)])
def test_of_one_phone_that_many_bring_at_once_one_lead_is_open(rounds: int) -> None:
    set_policy()
    people = [caller(BranchFactory()) for _place in range(6)]
    for turn in range(rounds):
        facts = operations.Collected(
            kind="person", name="王小明", company="", phone=str(15470000000 + turn),
            source="referral", lawful_basis="contract", basis_words="",
        )  # fmt: skip

        def bring(place: int, facts: operations.Collected = facts) -> str:
            return operations.collect_lead(facts=facts, actor=people[place], at=AT).state

        in_threads(6, bring)
        states = Lead.objects.filter(callee=callee_of(facts.phone)).values_list("state", flat=True)
        assert Counter(states) == {"new": 1, "merged": 5}


def test_of_two_who_merge_into_each_other_one_does() -> None:
    set_policy()
    branch = BranchFactory()
    bosses = [StaffFactory(role="branch_manager", branch=branch) for _place in range(2)]
    for _round in range(4):
        one, two = LeadFactory(branch=branch), LeadFactory(branch=branch)
        ids = [(one.pk, two.pk), (two.pk, one.pk)]

        def merge(place: int, ids: list[tuple[int, int]] = ids) -> str:
            kept, merged = ids[place]
            try:
                operations.merge_leads(
                    kept_id=kept, merged_id=merged, reason="同一人", actor=bosses[place], at=AT
                )
            except operations.LeadRefused as refused:
                return refused.rule
            return "merged"

        assert sorted(in_threads(2, merge)) == ["lead_merge_of_open", "merged"]
        rows = Lead.objects.filter(pk__in=ids[0]).values_list("state", flat=True)
        assert sorted(rows) == ["merged", "new"]
