"""Two people at the same submission at the same moment: one outcome, told once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from portal.approvals import operations
from portal.models import AuditEntry, Submission, SubmissionDecision
from portal.staff import operations as people
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory
from tests.portal.approvals.conftest import AT, Thing, submit, thing
from tests.races.threads import wait_for

__all__ = ["thing"]
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run the calls on connections of their own, started together; tell what became of each."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
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
            barrier.wait(timeout=60)
            submit(maker)
            return "done"
        except operations.AlreadyPending:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, makers)) == ["done", "refused"]
    assert Submission.objects.count() == 1


def test_who_is_being_shut_out_while_another_approves_does_not_count(thing: Thing) -> None:
    submission = submit(approvals_needed=2)
    first, admin = StaffFactory(role=Role.APPROVER), StaffFactory(role=Role.ADMINISTRATOR)
    words: dict[str, Any] = {"submission_id": submission.pk, "verdict": "approve", "reason": ""}
    operations.decide(checker=first, at=AT, **words)
    second = approve(submission)

    def decide() -> None:
        second()
        connection.close()

    worker = Thread(target=decide)
    with transaction.atomic():
        people.deactivate(staff_id=first.pk, actor=admin, at=AT)
        worker.start()
        wait_for(1)
    worker.join()
    submission.refresh_from_db()
    assert (submission.state, thing.outcomes) == ("pending", [])
    assert SubmissionDecision.objects.count() == 2
