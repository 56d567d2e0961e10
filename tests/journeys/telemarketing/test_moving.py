"""A lead changes hands by one function, whose history is the truth; the database refuses all
else."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from journeys.models import Lead, LeadMove
from journeys.telemarketing import operations
from journeys.telemarketing.enums import LeadState, MovePath
from portal.models import AuditEntry, Branch, Staff
from tests.factories.journeys import INSTANT, LeadFactory
from tests.factories.leads import caller, moved, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
AT = INSTANT
DAYS = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def branch() -> Branch:
    set_policy()
    return BranchFactory()


def manager(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch)


def claimed(branch: Branch, actor: Staff, at: dt.datetime = AT, **values: Any) -> Lead:
    return operations.claim_lead(
        lead_id=LeadFactory(branch=branch, **values).pk, actor=actor, at=at
    )


def refused(work: Callable[[], Any]) -> str:
    """The rule that refuses it; nothing changes."""
    before = (list(Lead.objects.order_by("pk").values()), LeadMove.objects.count())
    with pytest.raises(operations.LeadRefused) as refusal:
        work()
    assert (list(Lead.objects.order_by("pk").values()), LeadMove.objects.count()) == before
    assert str(refusal.value).endswith((".", "。"))
    return refusal.value.rule


def told(lead: Lead) -> list[tuple[Any, ...]]:
    rows = LeadMove.objects.filter(lead=lead).order_by("number")
    return list(rows.values_list("number", "path", "from_owner", "to_owner", "to_state"))


def test_each_change_is_a_row_and_the_lead_follows_it(branch: Branch) -> None:
    me, boss = caller(branch), manager(branch)
    lead = claimed(branch, me)
    assert (lead.owner, lead.state, lead.moved) == (me, "new", 1)
    assert (lead.protected_until, lead.protected_at_most) == (AT + 15 * DAYS, AT + 60 * DAYS)
    operations.work_lead(lead_id=lead.pk, actor=me, at=AT + DAYS)
    operations.release_lead(lead_id=lead.pk, actor=me, at=AT + 2 * DAYS, why="13912345678 空号")
    other = caller(branch)
    operations.claim_lead(lead_id=lead.pk, actor=other, at=AT + 3 * DAYS)
    operations.take_back_leads(lead_ids=[lead.pk], actor=boss, at=AT + 4 * DAYS, why="换组")
    operations.claim_lead(lead_id=lead.pk, actor=me, at=AT + 9 * DAYS)
    operations.end_lead(lead_id=lead.pk, state=LeadState.WON, actor=me, at=AT + 10 * DAYS)
    assert told(lead) == [
        (1, "claim", None, me.pk, "new"),
        (2, "work", me.pk, me.pk, "working"),
        (3, "release", me.pk, None, "new"),
        (4, "claim", None, other.pk, "new"),
        (5, "take_back", other.pk, None, "new"),
        (6, "claim", None, me.pk, "new"),
        (7, "end", me.pk, me.pk, "won"),
    ]
    lead.refresh_from_db()
    assert (lead.owner, lead.state, lead.moved, lead.protected_until) == (me, "won", 7, None)
    put_back = LeadMove.objects.get(lead=lead, number=3)
    assert (put_back.why, put_back.cools_until) == ("139****5678 空号", AT + 9 * DAYS)
    assert AuditEntry.objects.filter(action__startswith="leads.").count() == 7


@pytest.mark.parametrize(
    "change",
    ["owner_id = NULL, state = 'new'", "state = 'lost'", "moved = moved + 1", "moved = 0",
     "protected_until = now()", "protected_at_most = now()", "owner_id = {other}"],
)  # fmt: skip
def test_no_other_hand_changes_owner_or_state(branch: Branch, change: str) -> None:
    lead = claimed(branch, caller(branch))
    statement = f"UPDATE journeys_lead SET {change.format(other=caller(branch).pk)}"
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        connection.cursor().execute(statement)
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == "lead_stands_as_moved"
    before = lead.owner_id
    lead.refresh_from_db()
    assert (lead.owner_id, lead.state) == (before, "new")


@pytest.mark.parametrize("values", [{"state": "won"}, {"moved": 1}, {"owner": True}])
def test_a_lead_begins_in_the_pool(branch: Branch, values: dict[str, Any]) -> None:
    if "owner" in values:
        values = {"owner": caller(branch)}
    lead = LeadFactory.build(branch=branch, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        lead.save()
    assert not Lead.objects.exists()


def test_the_branch_of_a_lead_changes_while_nobody_has_it(branch: Branch) -> None:
    lead = claimed(branch, caller(branch))
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.update(branch=BranchFactory())
    operations.release_lead(lead_id=lead.pk, actor=lead.owner, at=AT)
    assert Lead.objects.update(branch=BranchFactory()) == 1


@pytest.mark.parametrize("state", ["won", "lost", "off"])
def test_an_end_is_final(branch: Branch, state: str) -> None:
    me = caller(branch)
    lead = LeadFactory(branch=branch, state=state, owner=None if state == "off" else me)
    for path, owner, to_state in (
        (MovePath.CLAIM, me.pk, "new"), (MovePath.WORK, me.pk, "working"),
        (MovePath.RELEASE, None, "new"), (MovePath.RETURN, None, "new"),
        (MovePath.END, me.pk, "won"), (MovePath.CALL_OFF, None, "off"),
        (MovePath.IMPORT, None, "lost"),
    ):  # fmt: skip
        one = operations.Move(lead.pk, owner, to_state)
        assert refused(
            lambda path=path, one=one: operations.move(moves=[one], path=path, actor=me, at=AT)
        ) == ("lead_is_over")


def test_nobody_takes_what_somebody_has(branch: Branch) -> None:
    me, other = caller(branch), caller(branch)
    lead = claimed(branch, me)

    def give(path: MovePath, person: Staff, actor: Staff) -> str:
        one = operations.Move(lead.pk, person.pk, "new")
        return refused(lambda: operations.move(moves=[one], path=path, actor=actor, at=AT))

    late = AT + 400 * DAYS
    assert refused(lambda: operations.claim_lead(lead_id=lead.pk, actor=other, at=late)) == ""
    assert give(MovePath.CLAIM, other, other) == "lead_is_taken"
    assert give(MovePath.ASSIGN, other, manager(branch)) == "lead_is_taken"
    assert give(MovePath.ASSIGN, me, manager(branch)) == "lead_is_yours"
    assert give(MovePath.IMPORT, other, other) == "lead_move_follows"
    assert give(MovePath.END, other, me) == "lead_through_the_pool"
    assert give(MovePath.RELEASE, other, me) == "lead_through_the_pool"
    assert refused(
        lambda: operations.release_lead(lead_id=lead.pk, actor=other, at=AT)
    ) == "lead_is_not_yours"  # fmt: skip
    assert refused(
        lambda: operations.work_lead(lead_id=lead.pk, actor=other, at=AT)
    ) == "lead_is_not_yours"  # fmt: skip
    assert refused(
        lambda: operations.end_lead(lead_id=lead.pk, state=LeadState.LOST, actor=other, at=AT)
    ) == ""  # fmt: skip


@pytest.mark.parametrize(
    "who",
    [
        {"role": "telemarketer"},  # at a branch beside it
        {"role": "branch_manager"},
        {"role": "telemarketer", "is_active": False},
    ],
)
def test_nobody_has_leads_of_another_branch_or_without_the_role(
    branch: Branch, who: dict[str, Any]
) -> None:
    is_near = who != {"role": "telemarketer"}
    person = StaffFactory(**who, branch=branch if is_near else BranchFactory())
    one = operations.Move(LeadFactory(branch=branch).pk, person.pk, "new")
    for path in (MovePath.CLAIM, MovePath.ASSIGN, MovePath.IMPORT):
        assert refused(
            lambda path=path: operations.move(moves=[one], path=path, actor=person, at=AT)
        ) == ("lead_owner_of_branch")


def test_who_works_at_a_place_above_may_have_leads_of_it(branch: Branch) -> None:
    below = BranchFactory(parent=branch)
    me = caller(branch)
    assert claimed(below, me).owner == me


def test_the_former_owner_waits_until_the_cool_down_is_over(branch: Branch) -> None:
    me, other = caller(branch), caller(branch)
    lead = claimed(branch, me)
    operations.release_lead(lead_id=lead.pk, actor=me, at=AT)

    def claim(person: Staff, at: dt.datetime) -> Lead:
        return operations.claim_lead(lead_id=lead.pk, actor=person, at=at)

    assert refused(lambda: claim(me, AT + 7 * DAYS - SECOND)) == "lead_cools_down"
    # Another one who had it meanwhile ends nothing.
    claim(other, AT + DAYS)
    operations.release_lead(lead_id=lead.pk, actor=other, at=AT + DAYS)
    assert refused(lambda: claim(me, AT + 7 * DAYS - SECOND)) == "lead_cools_down"
    assert refused(lambda: claim(other, AT + 7 * DAYS)) == "lead_cools_down"
    assert claim(me, AT + 7 * DAYS).owner == me


def test_nobody_has_more_open_leads_than_the_policy_allows(branch: Branch) -> None:
    set_policy(branch, claim_cap=2)
    me = caller(branch)
    first = claimed(branch, me)
    claimed(branch, me)
    third = LeadFactory(branch=branch)
    assert refused(
        lambda: operations.claim_lead(lead_id=third.pk, actor=me, at=AT)
    ) == "lead_cap_reached"  # fmt: skip
    operations.end_lead(lead_id=first.pk, state=LeadState.LOST, actor=me, at=AT)
    assert operations.claim_lead(lead_id=third.pk, actor=me, at=AT).owner == me


def test_activity_extends_the_protection_up_to_the_longest(branch: Branch) -> None:
    set_policy(branch, protection_days=5, extension_days=3, longest_days=8, cooldown_days=0)
    me = caller(branch)
    lead = claimed(branch, me)
    found = []
    for day in (1, 3, 5, 7, 9):
        found.append(operations.work_lead(lead_id=lead.pk, actor=me, at=AT + day * DAYS))
    assert [(row.protected_until - AT).days for row in found] == [5, 6, 8, 8, 8]
    operations.release_lead(lead_id=lead.pk, actor=me, at=AT + 9 * DAYS)
    again = operations.claim_lead(lead_id=lead.pk, actor=me, at=AT + 9 * DAYS)
    assert (again.protected_until, again.protected_at_most) == (AT + 14 * DAYS, AT + 17 * DAYS)


@pytest.mark.parametrize(
    ("sight", "team", "rule"),
    [
        ("branch", "other", ""), ("team", "own", ""), ("team", None, ""),
        ("team", "other", "lead_of_another_team"), ("given", "own", "lead_is_given_only"),
    ],
)  # fmt: skip
def test_who_takes_from_the_pool(branch: Branch, sight: str, team: str | None, rule: str) -> None:
    set_policy(branch, sight=sight)
    own, other = row_of("portal.Team", branch=branch), row_of("portal.Team", branch=branch)
    me = caller(branch, team=own)
    lead = LeadFactory(branch=branch, team={"own": own, "other": other, None: None}[team])

    def claim() -> Lead:
        return operations.claim_lead(lead_id=lead.pk, actor=me, at=AT)

    if rule:
        assert refused(claim) == rule
        # The manager gives it nevertheless.
        operations.assign_leads(
            lead_ids=[lead.pk], takers=[operations.Taker(me.pk)], actor=manager(branch), at=AT
        )
    else:
        claim()
    lead.refresh_from_db()
    assert lead.owner == me


def test_without_a_policy_nobody_gets_a_lead(branch: Branch) -> None:
    """Before the first day of any; fails closed."""
    lead, me = LeadFactory(branch=branch), caller(branch)
    early = dt.datetime(1999, 12, 31, 15, 59, tzinfo=dt.UTC)
    assert refused(
        lambda: operations.claim_lead(lead_id=lead.pk, actor=me, at=early)
    ) == "lead_no_policy"  # fmt: skip
    assert operations.claim_lead(lead_id=lead.pk, actor=me, at=early + 60 * SECOND).owner == me


def test_a_lead_that_may_not_be_called_is_not_taken(branch: Branch) -> None:
    me = caller(branch)
    past, free = LeadFactory(branch=branch, call_before=AT), LeadFactory(branch=branch)
    for lead, actor in ((past, me), (free, manager(branch))):
        assert refused(
            lambda lead=lead, actor=actor: operations.claim_lead(
                lead_id=lead.pk, actor=actor, at=AT
            )
        ) == ""  # fmt: skip


def test_a_manager_takes_back_with_a_reason_and_within_the_branch(branch: Branch) -> None:
    me = caller(branch)
    lead = claimed(branch, me)
    far = manager(BranchFactory())
    for actor, why in ((manager(branch), " "), (far, "x"), (me, "x")):
        assert refused(
            lambda actor=actor, why=why: operations.take_back_leads(
                lead_ids=[lead.pk], actor=actor, at=AT, why=why
            )
        ) == ("")
    free = LeadFactory(branch=branch)
    assert refused(
        lambda: operations.take_back_leads(
            lead_ids=[lead.pk, free.pk], actor=manager(branch), at=AT, why="x"
        )
    ) == "lead_is_in_the_pool"  # fmt: skip


def test_the_history_and_assignments_are_only_added_to(branch: Branch) -> None:
    row_of("journeys.LeadAssignment")
    for statement in (
        "UPDATE journeys_leadassignment SET given = 0",
        "DELETE FROM journeys_leadassignment",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_history_is_numbered_by_the_database(branch: Branch) -> None:
    me = caller(branch)
    lead = claimed(branch, me)
    LeadMove.objects.create(
        lead=lead, number=9, path="work", actor=me, at=AT, to_owner=me, to_state="working",
        from_owner=caller(branch), from_state="lost",
    )  # fmt: skip
    assert told(lead)[-1] == (2, "work", me.pk, me.pk, "working")


def test_a_list_gives_leads_to_whom_it_names_where_that_may_be(branch: Branch) -> None:
    from tests.journeys.telemarketing.test_operations import record

    set_policy(branch, claim_cap=1)
    me, far = caller(branch), caller(BranchFactory())
    common = {"branch_id": branch.pk, "phone": ""}
    records = [
        record(number="L1", owner_id=me.pk, state="working", **common),
        record(number="L2", owner_id=me.pk, **common),
        record(number="L3", owner_id=far.pk, state="lost", **common),
        record(number="L4", owner_id=me.pk, state="won", **common),
        record(number="L5", state="working", **common),
    ]
    loaded = operations.load_leads(records=records, at=AT)
    assert [answer.value for _number, answer in loaded.answers] == [
        "taken", "unowned", "unowned", "taken", "unowned",
    ]  # fmt: skip
    rows = Lead.objects.order_by("number").values_list("owner", "state", "moved")
    assert list(rows) == [
        (me.pk, "working", 1), (None, "new", 0), (None, "lost", 1), (me.pk, "won", 1),
        (None, "new", 0),
    ]  # fmt: skip
    again = operations.load_leads(records=records, at=AT)
    assert {answer.value for _number, answer in again.answers} == {"known"}


def test_what_the_clock_returns(branch: Branch) -> None:
    me, gone = caller(branch), caller(branch)
    over = claimed(branch, me)
    longer = claimed(branch, me, at=AT + SECOND)
    left = moved(LeadFactory(branch=branch), owner=gone, state="working")
    ended = moved(LeadFactory(branch=branch), owner=me, state="lost")
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    due = AT + 15 * DAYS
    assert operations.return_leads(at=due - SECOND, batch=1) == 1
    left.refresh_from_db()
    assert (left.owner, left.state) == (None, "new")
    assert [operations.return_leads(at=due, batch=1) for _time in range(2)] == [1, 0]
    held = Lead.objects.filter(owner=me).values_list("pk", flat=True)
    assert set(held) == {longer.pk, ended.pk}
    assert told(over)[-1] == (2, "return", me.pk, None, "new")
    last = LeadMove.objects.get(lead=over, number=2)
    assert (last.actor, last.cools_until) == (None, due + 7 * DAYS)


def test_a_protected_lead_is_returned_by_nobody(branch: Branch) -> None:
    lead = claimed(branch, caller(branch))
    one = operations.Move(lead.pk, None, "new")
    early = AT + 15 * DAYS - SECOND
    assert refused(
        lambda: operations.move(moves=[one], path=MovePath.RETURN, actor=None, at=early)
    ) == "lead_is_protected"  # fmt: skip
