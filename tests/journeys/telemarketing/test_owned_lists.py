"""A list gives all its leads to whom it names in one go, and answers as if it did so one by one."""

import random

import pytest
from django.db import transaction

from journeys.models import Lead, LeadMove
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import MovePath
from portal.models import Branch, Staff
from tests.factories.journeys import INSTANT, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_operations import record

pytestmark = pytest.mark.django_db
STATES = ["new", "new", "working", "working", "won", "lost", "off"]


def one_by_one(records: list[operations.LeadRecord]) -> None:
    """What the list does to its leads, each by a move of its own."""
    for one in records:
        lead = Lead.objects.get(number=one.number)
        if one.state == "working" and one.owner_id is None:
            continue
        if one.owner_id is None and one.state == "new":
            continue
        told = operations.Move(lead.pk, one.owner_id, one.state)
        try:
            operations.move(moves=[told], path=MovePath.IMPORT, actor=None, at=INSTANT)
        except operations.LeadRefused:
            if one.state not in queries.OPEN:
                ended = operations.Move(lead.pk, None, one.state)
                operations.move(moves=[ended], path=MovePath.IMPORT, actor=None, at=INSTANT)


def standing() -> list[tuple[object, ...]]:
    names = ("number", "owner", "state", "moved", "protected_until", "protected_at_most")
    return list(Lead.objects.order_by("number").values_list(*names))


def history() -> list[tuple[object, ...]]:
    names = ("lead__number", "number", "path", "from_owner", "to_owner", "to_state", "policy")
    return list(LeadMove.objects.order_by("lead__number", "number").values_list(*names))


def records_of(
    rng: random.Random, branches: list[Branch], people: list[Staff]
) -> list[operations.LeadRecord]:
    found = []
    for place in range(60):
        state = rng.choice(STATES)
        owner = rng.choice([*people, None]) if state != "off" else None
        found.append(
            record(
                number=f"L{place:04d}", phone="", state=state,
                owner_id=owner.pk if owner else None, branch_id=rng.choice(branches).pk,
            )
        )  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_list_in_one_go_stands_as_one_by_one(seed: int) -> None:
    rng = random.Random(seed)
    set_policy()
    here, there = BranchFactory(), BranchFactory()
    set_policy(here, claim_cap=5)
    people = [caller(here), caller(here), caller(there), StaffFactory(branch=here)]
    left = caller(here)
    Staff.objects.filter(pk=left.pk).update(is_active=False)
    records = records_of(rng, [here, there], [*people, left])
    free = [record(number=one.number, phone="", branch_id=one.branch_id) for one in records]
    with transaction.atomic():
        operations.load_leads(records=free, at=INSTANT)
        one_by_one(records)
        expected = (standing(), history())
        transaction.set_rollback(True)
    loaded = operations.load_leads(records=records, at=INSTANT)
    assert (standing(), history()) == expected
    owners = {number: owner for number, owner, *_rest in standing()}
    told = {one.number: one for one in records}
    for number, answer in loaded.answers:
        stands = Lead.objects.get(number=number)
        as_told = (owners[number], stands.state) == (told[number].owner_id, told[number].state)
        assert answer.value == ("taken" if as_told else "unowned")


def test_a_list_that_gives_somebody_too_many_gives_as_many_as_may_be() -> None:
    set_policy(branch := BranchFactory(), claim_cap=3)
    me = caller(branch)
    records = [
        record(number=f"L{place}", phone="", owner_id=me.pk, branch_id=branch.pk)
        for place in range(6)
    ]  # fmt: skip
    loaded = operations.load_leads(records=records, at=INSTANT)
    assert [answer.value for _number, answer in loaded.answers] == ["taken"] * 3 + ["unowned"] * 3
    assert Lead.objects.filter(owner=me).count() == 3


def test_the_database_keeps_the_cap_of_many_leads_that_are_moved_at_once() -> None:
    set_policy(branch := BranchFactory(), claim_cap=3)
    me = caller(branch)
    moves = [operations.Move(LeadFactory(branch=branch).pk, me.pk, "new") for _place in range(4)]
    with pytest.raises(operations.LeadRefused) as refused:
        operations.move(moves=moves, path=MovePath.CLAIM, actor=me, at=INSTANT)
    assert refused.value.rule == "lead_cap_reached"
    assert not LeadMove.objects.exists()
    operations.move(moves=moves[:3], path=MovePath.CLAIM, actor=me, at=INSTANT)
    assert Lead.objects.filter(owner=me).count() == 3
