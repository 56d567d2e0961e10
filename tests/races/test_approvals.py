"""Two people at the same submission at the same moment: one outcome, told once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from portal.approvals import operations
from portal.models import AuditEntry, Submission, SubmissionDecision
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory
from tests.portal.approvals.conftest import AT, Thing, submit, thing

__all__ = ["thing"]
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run the calls on connections of their own, started together; tell what became of each."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            call()
            return "done"
        except operations.NotPending:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def approve(submission: Submission) -> Callable[[], Any]:
    checker = StaffFactory(role=Role.APPROVER)
    return lambda: operations.decide(
        submission_id=submission.pk, checker=checker, verdict="approve", reason="", at=AT
    )


@pytest.mark.parametrize("attempt", range(3))
def test_two_approvers_at_once(thing: Thing, attempt: int) -> None:
    submission = submit()
    assert at_once(approve(submission), approve(submission)) == ["done", "refused"]
    assert SubmissionDecision.objects.count() == 1
    assert [outcome[0] for outcome in thing.outcomes] == ["approved"]
    assert AuditEntry.objects.filter(action="approval.approved").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_approve_against_withdraw(thing: Thing, attempt: int) -> None:
    submission = submit()
    maker = submission.maker

    def withdraw() -> None:
        operations.withdraw(submission_id=submission.pk, maker=maker, at=AT)

    assert at_once(approve(submission), withdraw) == ["done", "refused"]
    submission.refresh_from_db()
    outcomes = {"approved": ["approved"], "withdrawn": ["returned"]}
    assert [outcome[0] for outcome in thing.outcomes] == outcomes[submission.state]
    assert SubmissionDecision.objects.count() == (1 if submission.state == "approved" else 0)


def test_two_needed_both_count(thing: Thing) -> None:
    submission = submit(approvals_needed=2)
    assert at_once(approve(submission), approve(submission)) == ["done", "done"]
    submission.refresh_from_db()
    assert submission.state == "approved"
    assert [outcome[0] for outcome in thing.outcomes] == ["approved"]


def test_the_same_thing_submitted_twice_at_once(thing: Thing) -> None:
    makers = [StaffFactory(), StaffFactory()]
    barrier = Barrier(2)

    def run(maker: Any) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            submit(maker)
            return "done"
        except operations.AlreadyPending:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, makers)) == ["done", "refused"]
    assert Submission.objects.count() == 1
