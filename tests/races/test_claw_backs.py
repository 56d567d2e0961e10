"""Rewards that a person holds twice, of which both are asked for back: one stays, also where two
people approve at the same instant."""

import threading

import pytest
from django.db import transaction

from campaigns.budgets import operations as budgets
from campaigns.models import ClawBack, Grant, GrantReversal
from campaigns.planning.rules import plans
from portal.approvals import operations as approvals
from portal.approvals.models import Submission
from tests.campaigns.rewards.test_claw_back import asked, held_twice
from tests.factories.campaigns import AT
from tests.factories.portal import StaffFactory
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_that_are_approved_at_once_one_stays() -> None:
    _version, first, later = held_twice()
    rows = [asked(first), asked(later)]
    checkers = [StaffFactory(role="approver") for _row in rows]
    waiting = Submission.objects.filter(kind="claw_back")
    submissions = [waiting.get(target_key=str(row.pk)).pk for row in rows]

    def decide(place: int) -> str:
        try:
            approvals.decide(
                submission_id=submissions[place], checker=checkers[place], verdict="approve",
                reason="", at=AT,
            )  # fmt: skip
        except approvals.ChangedSince:
            return "void"
        return "done"

    assert sorted(in_threads(2, decide)) == ["done", "void"]
    assert Grant.objects.filter(reversal=None).count() == 1
    assert sorted(ClawBack.objects.values_list("state", flat=True)) == ["done", "refused"]


def test_what_a_refund_takes_meanwhile_leaves_the_other_one() -> None:
    """The approval was looked at before the refund was written down, and waited for it."""
    version, first, later = held_twice()
    asked(later)
    submission, checker = Submission.objects.get(kind="claw_back"), StaffFactory(role="approver")
    is_taken = threading.Event()

    def at_once(place: int) -> str:
        if place:
            assert is_taken.wait(60)
            try:
                approvals.decide(
                    submission_id=submission.pk, checker=checker, verdict="approve", reason="",
                    at=AT,
                )  # fmt: skip
            except approvals.ChangedSince:
                return "changed"
            return "done"
        with transaction.atomic():
            budgets.open_book(
                campaign_id=version.campaign_id, version_id=version.pk, run_id=None,
                plan=plans.plan_of(version.content), customer_ids=[first.customer_id],
                day=first.granted_date, at=AT,
            )  # fmt: skip
            GrantReversal.objects.create(
                grant=first, kind="condition_lost", on_date=first.granted_date, failed_at=0,
                facts=[], at=AT,
            )  # fmt: skip
            is_taken.set()
            wait_for(1)
        return "refunded"

    assert in_threads(2, at_once) == ["refunded", "changed"]
    assert Grant.objects.get(reversal=None) == later
    with pytest.raises(approvals.ChangedSince):
        approvals.decide(
            submission_id=submission.pk, checker=checker, verdict="approve", reason="", at=AT
        )
    assert ClawBack.objects.get().state == "refused"
