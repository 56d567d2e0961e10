"""Maker and checker, in the operations and in the database."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal.approvals import operations, queries
from portal.approvals.enums import SubmissionState, Verdict
from portal.approvals.forms import LevelForm
from portal.models import AuditEntry, Staff, Submission, SubmissionDecision
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory
from tests.portal.approvals.conftest import AT, Thing, submit
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def approver() -> Staff:
    return StaffFactory(role=Role.APPROVER)


def decide(submission: Submission, checker: Staff, **changed: Any) -> Submission:
    words = {"verdict": Verdict.APPROVE, "reason": "", "at": AT, **changed}
    return operations.decide(submission_id=submission.pk, checker=checker, **words)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_approval_carries_the_outcome_back(thing: Thing) -> None:
    submission, checker = submit(), approver()
    done = decide(submission, checker, reason=" fine ")
    assert (done.state, done.closed_at) == (SubmissionState.APPROVED, AT)
    decision = SubmissionDecision.objects.get()
    assert (decision.checker, decision.maker, decision.reason) == (
        checker,
        submission.maker,
        "fine",
    )
    assert thing.outcomes == [("approved", "1", checker.pk)]
    assert actions() == ["approval.submitted", "approval.approved"]
    entry = AuditEntry.objects.latest("id")
    assert entry.changes == {"key": "1", "hash": submission.snapshot_hash}


def test_return_needs_a_reason(thing: Thing) -> None:
    submission, checker = submit(), approver()
    for reason in ["", "   "]:
        with pytest.raises(operations.ReasonMissing):
            decide(submission, checker, verdict=Verdict.RETURN, reason=reason)
    assert not SubmissionDecision.objects.exists()
    assert decide(submission, checker, verdict=Verdict.RETURN, reason="cap").state == "returned"
    assert thing.outcomes == [("returned", "1", checker.pk)]


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COMPLIANCE, Role.ADMINISTRATOR])
def test_nobody_checks_the_own_work(thing: Thing, role: str) -> None:
    maker = StaffFactory(role=role)
    submission = submit(maker)
    with pytest.raises(operations.OwnWork):
        decide(submission, maker)
    submission.refresh_from_db()
    assert (submission.state, thing.outcomes) == ("pending", [])
    assert not SubmissionDecision.objects.exists()


def test_the_database_refuses_the_own_work_through_the_orm(thing: Thing) -> None:
    submission = submit()
    words = {"submission": submission, "verdict": "approve", "at": AT, "checker": submission.maker}
    # As the real maker, and naming another person as the maker.
    for maker in (submission.maker, approver()):
        with pytest.raises(IntegrityError), transaction.atomic():
            SubmissionDecision.objects.create(maker=maker, **words)
    assert not SubmissionDecision.objects.exists()


def raw(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_refuses_the_own_work_in_raw_sql(thing: Thing) -> None:
    submission, other = submit(), approver()
    insert = (
        "INSERT INTO portal_submissiondecision (submission_id, maker_id, checker_id, verdict,"
        " reason, at) VALUES (%s, %s, %s, 'approve', '', now())"
    )
    for maker in (submission.maker_id, other.pk):
        with pytest.raises(IntegrityError):
            raw(insert, submission.pk, maker, submission.maker_id)
    with pytest.raises(DatabaseError):
        raw("UPDATE portal_submission SET maker_id = %s WHERE id = %s", other.pk, submission.pk)
    with pytest.raises(DatabaseError):
        raw(
            "UPDATE portal_submission SET state = 'approved', closed_at = now() WHERE id = %s",
            submission.pk,
        )
    submission.refresh_from_db()
    assert (submission.state, SubmissionDecision.objects.count()) == ("pending", 0)


@pytest.mark.parametrize(
    "change",
    ["snapshot = '{}'", "snapshot_hash = 'x'", "title = 'x'", "approvals_needed = 5", "kind = 'x'"],
)
def test_the_database_keeps_what_was_submitted(thing: Thing, change: str) -> None:
    submission = submit()
    with pytest.raises(DatabaseError):
        raw(f"UPDATE portal_submission SET {change} WHERE id = %s", submission.pk)
    with pytest.raises(DatabaseError):
        raw("DELETE FROM portal_submission WHERE id = %s", submission.pk)
    assert Submission.objects.get().snapshot == submission.snapshot


def test_the_database_keeps_what_was_decided(thing: Thing) -> None:
    submission = submit()
    decide(submission, approver())
    with pytest.raises(DatabaseError):
        raw("UPDATE portal_submission SET state = 'pending', closed_at = NULL")
    with pytest.raises(DatabaseError):
        raw("UPDATE portal_submissiondecision SET verdict = 'return', reason = 'x'")
    with pytest.raises(DatabaseError):
        SubmissionDecision.objects.create(
            submission=submission, maker=submission.maker, checker=approver(), verdict="approve",
            at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.CAMPAIGN_MANAGER, Role.ADMINISTRATOR, Role.ANALYST])
def test_other_roles_may_not_decide(thing: Thing, role: str) -> None:
    submission = submit()
    with pytest.raises(operations.NotAllowed):
        decide(submission, StaffFactory(role=role))
    with pytest.raises(operations.NotAllowed):
        decide(submission, StaffFactory(role=Role.APPROVER, is_active=False))
    assert not SubmissionDecision.objects.exists()


def test_two_approvals_are_two_people(thing: Thing) -> None:
    submission, first, second = submit(approvals_needed=2), approver(), approver()
    assert decide(submission, first).state == "pending"
    assert thing.outcomes == []
    with pytest.raises(operations.AlreadyDecided):
        decide(submission, first)
    assert decide(submission, second).state == "approved"
    assert thing.outcomes == [("approved", "1", second.pk)]


def test_one_return_among_two_ends_it(thing: Thing) -> None:
    submission = submit(approvals_needed=2)
    decide(submission, approver())
    assert decide(submission, approver(), verdict="return", reason="no").state == "returned"


def test_what_is_closed_stays_closed(thing: Thing) -> None:
    submission = submit()
    decide(submission, approver())
    with pytest.raises(operations.NotPending):
        decide(submission, approver(), verdict="return", reason="late")
    with pytest.raises(operations.NotPending):
        operations.withdraw(submission_id=submission.pk, maker=submission.maker, at=AT)
    assert len(thing.outcomes) == 1


def test_withdraw_is_for_the_maker(thing: Thing) -> None:
    submission = submit()
    with pytest.raises(operations.NotAllowed):
        operations.withdraw(submission_id=submission.pk, maker=approver(), at=AT)
    done = operations.withdraw(submission_id=submission.pk, maker=submission.maker, at=AT)
    assert done.state == "withdrawn"
    assert thing.outcomes == [("returned", "1", submission.maker_id)]
    again = submit(submission.maker)
    assert again.pk != submission.pk


def test_one_thing_waits_once(thing: Thing) -> None:
    submission = submit()
    with pytest.raises(operations.AlreadyPending):
        submit()
    assert Submission.objects.get() == submission
    assert actions() == ["approval.submitted"]
    submit(target_key="2")


def test_an_unknown_kind_is_refused(thing: Thing) -> None:
    with pytest.raises(operations.UnknownKind):
        submit(kind="nothing")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verdict", ["approve", "return"])
def test_a_changed_thing_is_void_for_good(thing: Thing, verdict: str) -> None:
    submission = submit()
    thing.hash = "0" * 64
    with pytest.raises(operations.ChangedSince):
        decide(submission, approver(), verdict=verdict, reason="x")
    submission.refresh_from_db()
    assert (submission.state, submission.closed_at) == ("voided", AT)
    assert "Submit it again as it is now." in submission.void_reason
    # An approval of what is gone is none; the reason of a return stays, for whoever mends it.
    is_return = verdict == "return"
    kept = SubmissionDecision.objects.values_list("verdict", "reason")
    assert list(kept) == [("return", "x")] * is_return
    assert [outcome[0] for outcome in thing.outcomes] == ["returned"]
    returned = ["approval.returned"] * is_return
    assert actions() == ["approval.submitted", *returned, "approval.voided"]


def test_an_outcome_that_fails_leaves_nothing_behind(
    thing: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submit()

    class Broken(list[Any]):
        def append(self, item: Any) -> None:
            raise RuntimeError

    thing.outcomes = Broken()
    with pytest.raises(RuntimeError):
        decide(submission, approver())
    submission.refresh_from_db()
    assert submission.state == "pending"
    assert not SubmissionDecision.objects.exists()


# --- veto, drift, levels ------------------------------------------------------------------------
def test_a_veto_ends_it_for_good_whatever_others_approved(thing: Thing) -> None:
    submission, compliance = submit(approvals_needed=2), StaffFactory(role=Role.COMPLIANCE)
    decide(submission, approver())
    with pytest.raises(operations.ReasonMissing):
        decide(submission, compliance, verdict=Verdict.VETO, reason=" ")
    done = decide(submission, compliance, verdict=Verdict.VETO, reason="misleading")
    assert (done.state, thing.outcomes) == ("vetoed", [("vetoed", "1", compliance.pk)])
    assert actions()[-1] == "approval.vetoed"


def test_a_veto_holds_although_the_thing_was_changed_since(thing: Thing) -> None:
    submission, compliance = submit(), StaffFactory(role=Role.COMPLIANCE)
    thing.hash, thing.drift = "another", "audience 10 % larger"
    done = decide(submission, compliance, verdict=Verdict.VETO, reason="misleading")
    assert (done.state, thing.outcomes) == ("vetoed", [("vetoed", "1", compliance.pk)])


def test_a_veto_is_for_those_who_may_stop_and_not_for_the_maker(thing: Thing) -> None:
    compliance = StaffFactory(role=Role.COMPLIANCE)
    for checker, maker in ((approver(), None), (compliance, compliance)):
        submission = submit(maker, target_key=str(checker.pk))
        with pytest.raises(operations.NotAllowed):
            decide(submission, checker, verdict=Verdict.VETO, reason="no")
    assert thing.outcomes == []


def test_what_is_not_ready_is_not_approved_and_waits_on(thing: Thing) -> None:
    submission, checker = submit(), approver()
    thing.lacks = "an old dry run"
    with pytest.raises(operations.NotReady, match="an old dry run"):
        decide(submission, checker)
    submission.refresh_from_db()
    assert (submission.state, submission.decisions.count()) == ("pending", 0)
    assert (thing.outcomes, actions()) == ([], ["approval.submitted"])
    thing.lacks = ""
    assert decide(submission, checker).state == "approved"


def test_what_is_not_ready_may_be_returned(thing: Thing) -> None:
    thing.lacks = "an old dry run"
    assert decide(submit(), approver(), verdict=Verdict.RETURN, reason="x").state == "returned"


def test_what_drifted_since_is_void_and_says_why(thing: Thing) -> None:
    submission, checker = submit(), approver()
    thing.drift = "audience 10 % larger"
    with pytest.raises(operations.ChangedSince, match="audience 10 % larger"):
        decide(submission, checker)
    submission.refresh_from_db()
    assert (submission.state, thing.outcomes) == ("voided", [("returned", "1", checker.pk)])
    assert AuditEntry.objects.latest("id").reason == "audience 10 % larger"


def level(day: str, measure: str, at_least: int, approvals: int) -> None:
    row_of(
        "portal.ApprovalLevel", kind="test_kind", effective_date=day, measure=measure,
        at_least=at_least, approvals=approvals,
    )  # fmt: skip


@pytest.mark.parametrize(("on", "cost", "audience", "needed"), [
    ("2026-01-01", "0", "0", 1),
    ("2026-01-01", "9999.99", "0", 1),
    ("2026-01-01", "10000", "0", 2),
    ("2026-01-01", "10000", "50000", 3),
    ("2026-01-01", "0", "50000", 3),
    ("2026-01-01", "Infinity", "0", 2),
    ("2026-05-31", "99999999", "0", 2),
    ("2026-06-01", "99999999", "50000", 1),  # the table of that day has other levels
    ("2026-06-01", "100000000", "0", 4),
])  # fmt: skip
def test_how_many_approve_follows_the_levels_in_force(
    on: str, cost: str, audience: str, needed: int
) -> None:
    level("2026-01-01", "cost", 10_000, 2)
    level("2026-01-01", "audience", 50_000, 3)
    level("2026-06-01", "cost", 100_000_000, 4)
    measured = {"cost": Decimal(cost), "audience": Decimal(audience)}
    found = queries.approvals_for(kind="test_kind", measured=measured, on=dt.date.fromisoformat(on))
    assert found == needed


def test_what_was_not_measured_counts_as_without_bounds_and_no_levels_as_a_refusal() -> None:
    day = dt.date(2026, 1, 1)
    with pytest.raises(queries.LevelsMissing):
        queries.approvals_for(kind="test_kind", measured={}, on=day)
    level("2026-01-01", "cost", 10_000, 2)
    assert queries.approvals_for(kind="test_kind", measured={}, on=day) == 2
    with pytest.raises(queries.LevelsMissing):
        queries.approvals_for(kind="test_kind", measured={}, on=day - dt.timedelta(days=1))


def test_levels_are_only_added_to() -> None:
    level("2026-01-01", "cost", 10_000, 2)
    for change in (
        "UPDATE portal_approvallevel SET approvals = 1",
        "DELETE FROM portal_approvallevel",
    ):
        with pytest.raises(DatabaseError):
            raw(change)


def test_a_level_is_of_a_measure_of_its_kind(thing: Thing) -> None:
    words = {
        "kind": "test_kind", "effective_date": "2026-01-01", "at_least": "1", "approvals": "2",
        "source": "Board, 2026-01",
    }  # fmt: skip
    assert LevelForm({**words, "measure": "cost"}).is_valid()
    assert "measure" in LevelForm({**words, "measure": "height"}).errors
