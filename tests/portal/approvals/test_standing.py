"""An approval counts only as long as who gave it might still give it."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from portal.approvals import operations, queries
from portal.kit import clock
from portal.kit.registry import registry
from portal.models import Staff, Submission, SubmissionDecision
from portal.staff import operations as people
from portal.staff.enums import Permission, Role
from tests.factories.portal import PASSWORD, BranchFactory, StaffFactory
from tests.portal.approvals.conftest import AT, Thing, submit

pytestmark = pytest.mark.django_db


def deciding(submission: Submission, checker: Staff) -> str:
    done = operations.decide(
        submission_id=submission.pk, checker=checker, verdict="approve", reason="", at=AT
    )
    return str(done.state)


def leaves(staff: Staff) -> None:
    people.deactivate(staff_id=staff.pk, actor=StaffFactory(role=Role.ADMINISTRATOR), at=AT)


def changes_role(staff: Staff) -> None:
    admin = StaffFactory(role=Role.ADMINISTRATOR)
    people.change_role(staff_id=staff.pk, role=Role.ANALYST, actor=admin, at=AT)


def moves(staff: Staff) -> None:
    admin = StaffFactory(role=Role.ADMINISTRATOR)
    people.change_details(staff_id=staff.pk, actor=admin, at=AT, branch=BranchFactory())


def among_branches() -> tuple[Submission, Callable[[], Staff]]:
    """What was submitted at a branch, of a kind that branch managers approve."""
    kind = registry.approval_kinds["test_kind"]
    registry.approval_kinds["test_kind"] = dataclasses.replace(
        kind, permission=Permission.EDIT_CARE
    )
    branch = BranchFactory()
    maker = StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    return (
        submit(maker, approvals_needed=2),
        lambda: StaffFactory(role=Role.BRANCH_MANAGER, branch=branch),
    )


def counted(submission: Submission) -> tuple[int, int, list[Staff]]:
    row = queries.history_of(kind="test_kind", target_key="1").get(pk=submission.pk)
    missing = queries.missing_of([row], on=clock.bank_day(AT))[submission.pk]
    return missing.approved, missing.count, missing.lost


@pytest.mark.parametrize("goes", [leaves, changes_role, moves])
def test_who_may_approve_no_more_does_not_count_among_those_who_did(
    thing: Thing, goes: Callable[[Staff], None]
) -> None:
    submission, checker = among_branches()
    first, second, third = checker(), checker(), checker()
    assert deciding(submission, first) == "pending"
    assert counted(submission) == (1, 1, [])
    goes(first)
    assert counted(submission) == (0, 2, [first])
    assert deciding(submission, second) == "pending"
    assert (thing.outcomes, counted(submission)) == ([], (1, 1, [first]))
    # What was decided stays on record all the same.
    assert SubmissionDecision.objects.filter(verdict="approve").count() == 2
    assert deciding(submission, third) == "approved"
    assert thing.outcomes == [("approved", "1", third.pk)]


def test_what_was_approved_stays_approved_whoever_leaves_later(thing: Thing) -> None:
    submission, first = submit(approvals_needed=2), StaffFactory(role=Role.APPROVER)
    deciding(submission, first)
    assert deciding(submission, StaffFactory(role=Role.APPROVER)) == "approved"
    leaves(first)
    submission.refresh_from_db()
    assert (submission.state, [one[0] for one in thing.outcomes]) == ("approved", ["approved"])


def test_who_comes_back_counts_again_and_one_more_settles_it(thing: Thing) -> None:
    submission, first = submit(approvals_needed=2), StaffFactory(role=Role.APPROVER)
    deciding(submission, first)
    leaves(first)
    assert deciding(submission, StaffFactory(role=Role.APPROVER)) == "pending"
    people.reactivate(
        staff_id=first.pk, password=PASSWORD, actor=StaffFactory(role=Role.ADMINISTRATOR), at=AT
    )
    assert counted(submission) == (2, 1, [])
    assert deciding(submission, StaffFactory(role=Role.APPROVER)) == "approved"


@pytest.mark.parametrize("goes", [leaves, changes_role, moves])
def test_nobody_decides_as_who_they_were_when_the_page_was_opened(
    thing: Thing, goes: Callable[[Staff], None]
) -> None:
    submission, checker = among_branches()
    opened = checker()
    goes(Staff.objects.get(pk=opened.pk))
    with pytest.raises(operations.NotAllowed):
        deciding(submission, opened)
    assert not SubmissionDecision.objects.exists()


def test_pages_say_whose_approval_counts_no_longer(thing: Thing, client_of: Any) -> None:
    submission = submit(approvals_needed=2)
    first, second = (StaffFactory(role=Role.APPROVER) for _number in range(2))
    deciding(submission, first)
    leaves(first)
    client = client_of(second)
    client.post(reverse("set_language"), {"language": "en"})
    for address in (reverse("approval_page", args=[submission.pk]), reverse("approval_list")):
        text = " ".join(client.get(address).content.decode().split())
        assert "0 of 2" in text
        assert f"counts no longer: {first.name_en}<" in text
