"""Leads are shared out by weight, within quotas and the policy, the same each time, and why."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.models import Lead, LeadAssignment, LeadMove
from journeys.telemarketing import operations, rules
from journeys.telemarketing.rules import Line, Share, Wanted
from merchants.models import PostAbsence
from portal.models import AuditEntry, Branch, Staff
from tests.factories.journeys import INSTANT, ContactRuleFactory, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory

AT = INSTANT
DAYS = dt.timedelta(days=1)
REASONS = ["", "", "", "absent", "unqualified"]
SHARES = st.lists(
    st.tuples(
        st.integers(1, 5), st.one_of(st.none(), st.integers(0, 6)), st.integers(0, 5),
        st.sampled_from(REASONS),
    ),
    min_size=1, max_size=6,
).map(lambda rows: [Share(n, *row) for n, row in enumerate(rows, start=1)])  # fmt: skip
WANTED = st.lists(
    st.tuples(st.integers(0, 12), st.sets(st.integers(1, 6), max_size=3)), max_size=30
).map(
    lambda rows: [
        Wanted(n, cap, dict.fromkeys(barred, "cools_down"))
        for n, (cap, barred) in enumerate(rows, start=1)
    ]
)


@given(shares=SHARES, leads=WANTED)
def test_nobody_gets_what_may_not_be_and_each_line_says_why(
    shares: list[Share], leads: list[Wanted]
) -> None:
    lines = rules.share_out(leads, shares)
    assert lines == rules.share_out(leads, list(reversed(shares)))
    people = {share.staff_id: share for share in shares}
    got = Counter[int]()
    for lead, line in zip(leads, lines, strict=True):
        assert line.lead_id == lead.lead_id

        def against(share: Share, lead: Wanted = lead) -> str:
            if share.out:
                return share.out
            if share.quota is not None and got[share.staff_id] >= share.quota:
                return "quota"
            if share.held + got[share.staff_id] >= lead.cap:
                return "cap"
            return lead.barred.get(share.staff_id, "")

        assert all(against(people[who]) == why for who, why in line.passed)
        may = [share for share in shares if not against(share)]
        if line.staff_id is None:
            assert may == []
            assert {who for who, _why in line.passed} == set(people)
            continue
        taker = people[line.staff_id]
        assert (line.given, line.weight) == (got[taker.staff_id], taker.weight)
        assert taker in may
        # With one more nobody who may have it would have fewer for the weight.
        mine = (got[taker.staff_id] + 1) * 60 // taker.weight
        assert mine == min((got[one.staff_id] + 1) * 60 // one.weight for one in may)
        got[taker.staff_id] += 1


@given(weights=st.lists(st.integers(1, 5), min_size=1, max_size=6), number=st.integers(0, 60))
def test_nobody_is_ahead_of_another_by_more_than_one_lead_for_the_weight(
    weights: list[int], number: int
) -> None:
    shares = [Share(n, weight, None, 0) for n, weight in enumerate(weights)]
    lines = rules.share_out([Wanted(n, 999, {}) for n in range(number)], shares)
    got = Counter(line.staff_id for line in lines)
    assert sum(got.values()) == number
    for one in shares:
        for other in shares:
            assert got[one.staff_id] * other.weight <= (got[other.staff_id] + 1) * one.weight


@pytest.fixture
def branch() -> Branch:
    set_policy()
    return BranchFactory()


def manager(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch)


def assign(branch: Branch, leads: list[Lead], *takers: operations.Taker) -> LeadAssignment:
    return operations.assign_leads(
        lead_ids=[lead.pk for lead in leads], takers=takers, actor=manager(branch), at=AT
    )


@pytest.mark.django_db
def test_leads_go_by_weight_within_quotas_and_say_why(branch: Branch) -> None:
    one, two, three = (caller(branch) for _place in range(3))
    leads = [LeadFactory(branch=branch) for _place in range(7)]
    made = assign(
        branch, leads, operations.Taker(one.pk, 2), operations.Taker(two.pk),
        operations.Taker(three.pk, quota=1),
    )  # fmt: skip
    assert (made.asked, made.given) == (7, 7)
    rows = [lead.owner_id for lead in Lead.objects.order_by("pk")]
    assert rows == [one.pk, two.pk, three.pk, one.pk, one.pk, two.pk, one.pk]
    lines = [move.line for move in LeadMove.objects.order_by("lead")]
    assert lines[0] == {"place": 1, "given": 0, "weight": 2, "weights": 4, "passed": []}
    assert lines[6] == {
        "place": 7, "given": 3, "weight": 2, "weights": 4, "passed": [[three.pk, "quota"]],
    }  # fmt: skip
    assert made.shares[2] == {"staff": three.pk, "weight": 1, "quota": 1, "held": 0, "out": ""}
    assert AuditEntry.objects.get(action="leads.assigned").changes == {
        "leads": 7, "assignment": made.pk,
    }  # fmt: skip


@pytest.mark.django_db
def test_who_is_absent_or_unqualified_or_full_or_cooling_gets_none(branch: Branch) -> None:
    set_policy(branch, claim_cap=1, cooldown_days=7)
    people = {name: caller(branch) for name in ("absent", "full", "cooling", "free")}
    people["unqualified"] = StaffFactory(role="telemarketer", branch=branch)
    PostAbsence.objects.create(
        staff=people["absent"], kind="sick", first_date=AT.date(), last_date=AT.date(),
        recorded_by=manager(branch), recorded_at=AT,
    )  # fmt: skip
    LeadFactory(branch=branch, owner=people["full"])
    first, second = LeadFactory(branch=branch), LeadFactory(branch=branch)
    operations.claim_lead(lead_id=first.pk, actor=people["cooling"], at=AT - DAYS)
    operations.release_lead(lead_id=first.pk, actor=people["cooling"], at=AT - DAYS)
    made = assign(
        branch, [first, second], *(operations.Taker(one.pk) for one in people.values())
    )  # fmt: skip
    owners = dict(Lead.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "owner"))
    assert owners == {first.pk: people["free"].pk, second.pk: people["cooling"].pk}
    assert {share["staff"]: share["out"] for share in made.shares if share["out"]} == {
        people["absent"].pk: "absent", people["unqualified"].pk: "unqualified",
    }  # fmt: skip
    passed = dict(LeadMove.objects.get(lead=first, path="assign").line["passed"])
    assert passed[people["cooling"].pk] == "cools_down"


@pytest.mark.django_db
def test_what_nobody_may_have_stays_in_the_pool_and_is_said(branch: Branch) -> None:
    set_policy(branch, claim_cap=1)
    me = caller(branch)
    leads = [
        LeadFactory(branch=branch, call_before=AT), LeadFactory(branch=branch),
        LeadFactory(branch=branch), LeadFactory(branch=branch, owner=caller(branch)),
    ]  # fmt: skip
    made = assign(branch, leads, operations.Taker(me.pk))
    assert (made.asked, made.given) == (4, 1)
    assert Lead.objects.get(owner=me) == leads[1]
    with pytest.raises(operations.LeadRefused) as refused:
        assign(branch, leads[2:3], operations.Taker(me.pk))
    assert "as many open leads as the policy allows" in str(refused.value) or "政策" in str(
        refused.value
    )
    assert LeadAssignment.objects.count() == 1


@pytest.mark.django_db
def test_leads_are_handed_over_through_the_pool(branch: Branch) -> None:
    old, new = caller(branch), caller(branch)
    leads = [LeadFactory(branch=branch, owner=old) for _place in range(3)]
    operations.hand_over_leads(
        lead_ids=[lead.pk for lead in leads],
        takers=[operations.Taker(old.pk), operations.Taker(new.pk, quota=2)],
        actor=manager(branch), at=AT, why="休假",
    )  # fmt: skip
    assert [lead.owner for lead in Lead.objects.order_by("pk")] == [new, new, None]
    paths = LeadMove.objects.filter(lead=leads[0]).order_by("number").values_list("path", flat=True)
    assert list(paths) == ["import", "take_back", "assign"]


@pytest.mark.django_db
def test_only_the_manager_assigns_to_the_branchs_own_people(branch: Branch) -> None:
    lead, me, far = LeadFactory(branch=branch), caller(branch), caller(BranchFactory())
    cases: list[tuple[Staff, list[Any]]] = [
        (me, [operations.Taker(me.pk)]),
        (manager(branch), [operations.Taker(far.pk)]),
        (manager(branch), [operations.Taker(manager(branch).pk)]),
        (manager(branch), []),
        (manager(branch), [operations.Taker(me.pk), operations.Taker(me.pk)]),
        (manager(branch), [operations.Taker(me.pk, 0)]),
        (manager(BranchFactory()), [operations.Taker(me.pk)]),
    ]
    for actor, takers in cases:
        with pytest.raises(operations.LeadRefused):
            operations.assign_leads(lead_ids=[lead.pk], takers=takers, actor=actor, at=AT)
    assert not LeadAssignment.objects.exists()
    assert Lead.objects.get().owner is None


def test_a_line_is_told_in_full() -> None:
    shares = [Share(1, 1, 0, 0), Share(2, 1, None, 3)]
    assert rules.share_out([Wanted(9, 5, {})], shares) == [
        Line(9, 2, 1, 0, 1, 2, ((1, "quota"),))
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_somebody_took_in_hand_meanwhile_stays_there() -> None:
    """The others are assigned; the page read what is free a moment before."""
    ContactRuleFactory()
    set_policy()
    branch = BranchFactory()
    me, other = caller(branch), caller(branch)
    leads = [LeadFactory(branch=branch, phone=f"1540000003{n}") for n in range(3)]
    held = operations.next_lead(caller=other, at=AT).lead
    made = operations.assign_leads(
        lead_ids=[lead.pk for lead in leads], takers=[operations.Taker(me.pk)],
        actor=StaffFactory(role="branch_manager", branch=branch), at=AT,
    )  # fmt: skip
    assert (made.asked, made.given) == (3, 2)
    assert set(Lead.objects.filter(owner=None)) == {held}
    assert Lead.objects.get(owner=None).holder == other
