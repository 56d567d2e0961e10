"""Leads of one person or company are one: merged as they come, or by a person, and taken apart
again exactly as they were."""

import datetime as dt
import random
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from journeys.models import Lead, LeadMerge, LeadMove, LeadPair
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState, MovePath
from portal.models import AuditEntry, Branch, Staff
from portal.staff.access import scope_of
from tests.factories.journeys import INSTANT, CustomerFactory, LeadFactory
from tests.factories.leads import caller, moved, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_operations import record

pytestmark = pytest.mark.django_db
AT = INSTANT
HOUR = dt.timedelta(hours=1)
LATER = AT + HOUR
ONE, TWO = "15400000001", "15400000002"
# What a merge and its undoing leave in the history, and nowhere else.
HISTORY = ("moved",)


@pytest.fixture
def branch() -> Branch:
    set_policy()
    return BranchFactory()


def manager(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch)


def stands(*leads: Lead) -> list[dict[str, Any]]:
    """All columns of these leads but the count of their moves."""
    rows = Lead.objects.filter(pk__in=[lead.pk for lead in leads]).order_by("pk").values()
    return [
        {
            name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in row.items()
            if name not in HISTORY
        }
        for row in rows
    ]


def merged(kept: Lead, other: Lead, actor: Staff, at: dt.datetime = LATER) -> LeadMerge:
    return operations.merge_leads(
        kept_id=kept.pk, merged_id=other.pk, reason="同一人", actor=actor, at=at
    )


def undone(merge: LeadMerge, actor: Staff, at: dt.datetime = LATER + HOUR) -> LeadMerge:
    return operations.undo_merge(merge_id=merge.pk, reason="两人", actor=actor, at=at)


def load(*records: operations.LeadRecord) -> list[str]:
    loaded = operations.load_leads(records=list(records), at=AT)
    connection.check_constraints()
    return [answer.value for _number, answer in loaded.answers]


def refused(work: Any) -> str:
    before = (stands(*Lead.objects.all()), LeadMove.objects.count(), LeadMerge.objects.count())
    with pytest.raises(operations.LeadRefused) as refusal:
        work()
    after = (stands(*Lead.objects.all()), LeadMove.objects.count(), LeadMerge.objects.count())
    assert after == before
    assert str(refusal.value).endswith((".", "。"))
    return refusal.value.rule


def test_whoever_has_the_phone_of_an_open_lead_is_merged_into_it_across_branches(
    branch: Branch,
) -> None:
    other = BranchFactory()
    assert load(record(number="L1", phone=ONE, branch_id=branch.pk)) == ["taken"]
    assert load(
        record(number="L2", phone=ONE, name="李小明", branch_id=other.pk),
        record(number="L3", phone=TWO, branch_id=other.pk),
        record(number="L4", phone=TWO, branch_id=branch.pk),
    ) == ["merged", "taken", "merged"]
    pairs = LeadMerge.objects.order_by("merged__number")
    assert list(pairs.values_list("kept__number", "merged__number", "sign", "by")) == [
        ("L1", "L2", "phone", None), ("L3", "L4", "phone", None),
    ]  # fmt: skip
    open_ones = Lead.objects.filter(state__in=queries.OPEN).order_by("number")
    assert list(open_ones.values_list("number", "is_sole")) == [("L1", True), ("L3", True)]
    assert load(record(number="L2", phone=ONE)) == ["known"]


def test_a_list_finds_the_kept_one_by_the_phone_of_what_was_merged(branch: Branch) -> None:
    kept, other = LeadFactory(branch=branch, phone=ONE), LeadFactory(branch=branch, phone=TWO)
    merged(kept, other, manager(branch))
    assert load(record(number="N1", phone=TWO)) == ["merged"]
    assert LeadMerge.objects.get(merged__number="N1").kept == kept


def test_a_lead_that_ended_is_none_to_merge_into(branch: Branch) -> None:
    moved(LeadFactory(branch=branch, phone=ONE), owner=caller(branch), state="lost")
    assert load(record(number="N1", phone=ONE)) == ["taken"]


def test_a_call_of_a_message_is_none_to_merge_into(branch: Branch) -> None:
    LeadFactory(branch=branch, phone=ONE, number="M-1-0123456789abcdef")
    assert load(record(number="N1", phone=ONE)) == ["taken"]


def test_an_owner_that_a_list_names_does_not_get_what_is_merged(branch: Branch) -> None:
    me = caller(branch)
    load(record(number="L1", phone=ONE, branch_id=branch.pk))
    again = record(number="L2", phone=ONE, branch_id=branch.pk, owner_id=me.pk)
    assert load(again) == ["merged"]
    assert not Lead.objects.filter(owner=me).exists()


@pytest.mark.parametrize(
    ("first", "second", "is_pair"),
    [
        ({"company": "山月（杭州）餐饮有限公司"}, {"company": "山月(杭州)餐饮"}, True),
        ({"company": "山月餐饮有限公司"}, {"company": "山月餐饮", "name": "王强"}, False),
        ({"company": ""}, {"company": ""}, False),
        ({"kind": "company", "company": "山月餐饮有限公司"},
         {"kind": "company", "company": "山月餐饮", "name": "王强"}, True),
        ({"kind": "company", "company": "山月餐饮"}, {"company": "山月餐饮"}, False),
        ({"company": "山月餐饮"}, {"company": "ＡＢ餐饮"}, False),
    ],
)  # fmt: skip
def test_who_looks_like_one(
    branch: Branch, first: dict[str, str], second: dict[str, str], is_pair: bool
) -> None:
    common: dict[str, Any] = {"branch_id": branch.pk}
    answers = load(
        record(number="L1", phone=ONE, **common, **first),
        record(number="L2", phone="", **common, **second),
    )
    assert answers == ["taken", "taken"]
    found = queries.pairs_waiting(scope=scope_of(manager(branch)))
    assert [(one.first.number, one.second.number) for one in found] == (
        [("L1", "L2")] if is_pair else []
    )


def test_pairs_beyond_the_branch_are_for_those_above(branch: Branch) -> None:
    far = BranchFactory()
    load(
        record(number="L1", phone=ONE, company="山月", branch_id=branch.pk),
        record(number="L2", phone=TWO, company="山月", branch_id=far.pk),
    )
    assert not queries.pairs_waiting(scope=scope_of(manager(branch))).exists()
    above = scope_of(manager(branch.parent or branch))
    assert queries.pairs_waiting(scope=above).count() == 1
    pair = LeadPair.objects.get()
    refused(
        lambda: operations.tell_leads_apart(
            pair_id=pair.pk, reason="两人", actor=manager(branch), at=AT
        )
    )


def test_a_merge_and_its_undoing_are_told(branch: Branch) -> None:
    me, boss = caller(branch), manager(branch)
    kept = LeadFactory(branch=branch, phone=ONE)
    other = moved(LeadFactory(branch=branch, phone=TWO), owner=me, state="working")
    merge = merged(kept, other, boss)
    connection.check_constraints()
    other.refresh_from_db()
    assert (other.state, other.owner, other.protected_until) == (LeadState.MERGED, None, None)
    assert not other.is_open
    undone(merge, boss)
    connection.check_constraints()
    told = LeadMove.objects.filter(lead=other).order_by("number")
    assert list(told.values_list("path", "to_owner", "to_state", "actor")) == [
        ("import", me.pk, "working", None), ("merge", None, "merged", boss.pk),
        ("unmerge", me.pk, "working", boss.pk),
    ]  # fmt: skip
    actions = AuditEntry.objects.filter(action__startswith="leads.merge").order_by("pk")
    assert list(actions.values_list("action", "reason")) == [
        ("leads.merged", "同一人"), ("leads.merge_undone", "两人"),
    ]  # fmt: skip
    pair = LeadPair.objects.get()
    assert (pair.is_same, pair.decided_by, pair.reason) == (False, boss, "两人")


def random_lead(rng: random.Random, branch: Branch, people: list[Staff]) -> Lead:
    """A lead in any state that it can be open in."""
    phone = rng.choice([ONE, TWO, ""])
    customer = CustomerFactory(phone=phone) if phone and rng.random() < 0.3 else None
    lead = LeadFactory(
        branch=branch, phone=phone, company=rng.choice(["", "山月"]), customer=customer
    )
    state = rng.choice(["new", "new", "working"])
    owner = rng.choice(people) if state == "working" or rng.random() < 0.4 else None
    moved(lead, owner=owner, state=state)
    if rng.random() < 0.6:
        called = AT - rng.randint(1, 99) * HOUR
        promised = AT + rng.randint(1, 99) * HOUR if rng.random() < 0.5 else None
        Lead.objects.filter(pk=lead.pk).update(
            attempts=rng.randint(1, 4), called_at=called, promised_at=promised,
            call_from=promised or called + 20 * HOUR,
        )  # fmt: skip
    if not phone:
        Lead.objects.filter(pk=lead.pk).update(phone_masked="")
    lead.refresh_from_db()
    return lead


@pytest.mark.parametrize("seed", range(25))
def test_merged_and_taken_apart_stand_as_before(branch: Branch, seed: int) -> None:
    """Several leads are merged into one, chains too, and taken apart in the opposite order."""
    rng = random.Random(seed)
    boss, people = manager(branch), [caller(branch), caller(branch)]
    leads = [random_lead(rng, branch, people) for _place in range(5)]
    before = stands(*leads)
    left, merges = list(leads), []
    while len(left) > 1:
        kept, other = rng.sample(left, 2)
        left.remove(other)
        merges.append(merged(kept, other, boss))
    connection.check_constraints()
    open_ones = Lead.objects.filter(state__in=queries.OPEN)
    assert list(open_ones) == left
    total = sum(one["attempts"] for one in before)
    assert open_ones.get().attempts == total
    assert queries.same_leads([leads[0].pk]) == {lead.pk for lead in leads}
    for merge in reversed(merges):
        undone(merge, boss)
    connection.check_constraints()
    assert stands(*leads) == before


def test_what_came_since_stays_with_the_kept_one(branch: Branch) -> None:
    boss = manager(branch)
    kept, other = LeadFactory(branch=branch, phone=ONE), LeadFactory(branch=branch, phone=TWO)
    Lead.objects.filter(pk=other.pk).update(attempts=2, called_at=AT, call_from=AT + HOUR)
    other.refresh_from_db()
    merge = merged(kept, other, boss)
    Lead.objects.filter(pk=kept.pk).update(attempts=3, called_at=LATER, call_from=LATER + 9 * HOUR)
    undone(merge, boss)
    kept.refresh_from_db()
    assert (kept.attempts, kept.called_at, kept.call_from) == (1, LATER, LATER + 9 * HOUR)


def test_the_later_merge_is_undone_first(branch: Branch) -> None:
    boss = manager(branch)
    kept, one, two = (LeadFactory(branch=branch, phone=ONE) for _place in range(3))
    Lead.objects.exclude(pk=kept.pk).update(attempts=1, called_at=AT)
    first = merged(kept, Lead.objects.get(pk=one.pk), boss)
    merged(kept, Lead.objects.get(pk=two.pk), boss)
    assert refused(lambda: undone(first, boss)) == "lead_merge_later_first"
    deeper = LeadFactory(branch=branch)
    merged(deeper, kept, boss)
    assert refused(lambda: undone(first, boss)) == "lead_merge_later_first"


def test_what_is_not_merged(branch: Branch) -> None:
    boss, me = manager(branch), caller(branch)
    lead, other = LeadFactory(branch=branch), LeadFactory(branch=branch)
    ended = moved(LeadFactory(branch=branch), owner=me, state="lost")
    message = LeadFactory(branch=branch, number="M-1-0123456789abcdef")
    far = LeadFactory(branch=BranchFactory())
    assert refused(lambda: merged(lead, ended, boss)) == "lead_merge_of_open"
    assert refused(lambda: merged(ended, lead, boss)) == "lead_merge_of_open"
    assert refused(lambda: merged(lead, message, boss)) == "lead_merge_not_of_messages"
    assert refused(lambda: merged(lead, lead, boss)) == ""
    assert refused(lambda: merged(lead, far, boss)) == ""
    assert refused(lambda: merged(lead, other, me)) == ""
    Lead.objects.filter(pk=other.pk).update(holder=me, held_until=LATER + HOUR)
    assert refused(lambda: merged(lead, other, boss)) == "lead_in_hand_is_free_or_own"
    with pytest.raises(operations.LeadRefused):
        operations.merge_leads(kept_id=lead.pk, merged_id=other.pk, reason=" ", actor=boss, at=AT)


def test_a_merged_lead_is_out_of_everything(branch: Branch) -> None:
    boss, me = manager(branch), caller(branch)
    kept, other = LeadFactory(branch=branch, phone=ONE), LeadFactory(branch=branch, phone=TWO)
    merged(kept, other, boss)
    assert refused(
        lambda: operations.move(
            moves=[operations.Move(other.pk, me.pk, "new")], path=MovePath.CLAIM, actor=me, at=LATER
        )
    ) == "lead_is_merged"  # fmt: skip
    assert list(queries.callable_leads(scope=scope_of(boss), at=LATER)) == [kept]
    assert queries.free_leads(scope=scope_of(boss), at=LATER) == 1
    third = LeadFactory(branch=branch)
    assert refused(lambda: merged(third, other, boss)) == "lead_merge_of_open"


def rule_of(statement: str, *values: Any) -> str | None:
    def work() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
            connection.check_constraints()

    with pytest.raises(DatabaseError) as refusal:
        work()
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def test_the_database_keeps_merges(branch: Branch) -> None:
    boss = manager(branch)
    kept, other = LeadFactory(branch=branch), LeadFactory(branch=branch)
    merge = merged(kept, other, boss)
    connection.check_constraints()
    assert rule_of("DELETE FROM journeys_leadmerge") == "lead_merge_stays"
    assert rule_of("UPDATE journeys_leadmerge SET taken = '{\"x\": 9}'") == "lead_merge_stays"
    # Told as undone, but the lead is merged still.
    assert rule_of(
        "UPDATE journeys_leadmerge SET undone_at = now(), undone_by_id = by_id, undo_reason = 'x'"
    ) == "lead_merge_is_moved"  # fmt: skip
    third = LeadFactory(branch=branch)
    assert rule_of(
        "INSERT INTO journeys_leadmerge (kept_id, merged_id, sign, reason, at, taken, state,"
        " undo_reason) VALUES (%s, %s, 'phone', '', now(), '{}', 'new', '')", kept.pk, third.pk,
    ) == "lead_merge_is_moved"  # fmt: skip
    one = operations.Move(third.pk, None, "merged")
    with pytest.raises(IntegrityError, match="lead_merge_is_told"):
        operations.move(moves=[one], path=MovePath.MERGE, actor=boss, at=LATER)
    undone(merge, boss)
    connection.check_constraints()
    with pytest.raises(operations.LeadRefused):
        undone(merge, boss)


def test_of_the_leads_that_are_the_one_of_a_phone_one_is_open(branch: Branch) -> None:
    load(record(number="L1", phone=ONE, branch_id=branch.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadFactory(branch=branch, phone=ONE, is_sole=True)
    LeadFactory(branch=branch, phone=ONE)


@pytest.mark.parametrize(
    "change",
    ["collected_by_id = NULL", "campaign = 'X'", "source = 'file'", "credit_branch_id = NULL",
     "credit_team_id = 1"],
)  # fmt: skip
def test_who_collected_a_lead_stays_credited(branch: Branch, change: str) -> None:
    me = caller(branch)
    lead = LeadFactory(branch=branch, collected_by=me)
    assert rule_of(f"UPDATE journeys_lead SET {change}") == "lead_credit_stays"
    Lead.objects.filter(pk=lead.pk).update(branch=BranchFactory())
    lead.refresh_from_db()
    assert (lead.credit_branch, lead.collected_by) == (branch, me)


def test_who_collected_first_is_credited_whatever_was_merged(branch: Branch) -> None:
    """The list of another team that comes later, dated before, does not take the credit."""
    far = BranchFactory()
    load(record(number="L1", phone=ONE, branch_id=branch.pk))
    early = record(number="L2", phone=ONE, branch_id=far.pk, created_at=AT - 99 * HOUR)
    load(early)
    for number in ("L1", "L2"):
        credited = queries.credits_of(Lead.objects.get(number=number))
        assert [(one.number, one.credit_branch) for one in credited] == [
            ("L1", branch), ("L2", far),
        ]  # fmt: skip


def test_a_lead_by_hand(branch: Branch) -> None:
    me, far = caller(branch), caller(BranchFactory())
    facts = operations.Collected(
        kind="person", name="王小明", company="", phone=ONE, source="referral",
        lawful_basis="consent", basis_words="3月2日电话同意",
    )  # fmt: skip
    lead = operations.collect_lead(facts=facts, actor=me, at=AT)
    lead.refresh_from_db()
    assert (lead.owner, lead.collected_by, lead.credit_branch) == (me, me, branch)
    again = operations.collect_lead(facts=facts, actor=far, at=LATER)
    assert (again.state, again.owner, again.collected_by) == (LeadState.MERGED, None, far)
    assert LeadMerge.objects.get().kept == lead
    unsaid = operations.Collected(**{**vars(facts), "basis_words": " ", "phone": TWO})
    assert refused(lambda: operations.collect_lead(facts=unsaid, actor=me, at=AT)) == ""
