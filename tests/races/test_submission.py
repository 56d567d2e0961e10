"""Approvals of a campaign under race: one outcome, and the version agrees with it."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from campaigns.design import operations as drafting
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules
from campaigns.models import CampaignVersion, Draft, Grant, Run
from campaigns.planning import operations as planning
from campaigns.planning.rules import drift
from campaigns.submission import operations as submission
from journeys.models import Card, Message
from portal.approvals import operations as approvals
from portal.models import Submission
from tests.factories.campaigns import (
    AT,
    ON,
    approved,
    card_in_use,
    draft,
    dry_run,
    hand_in,
    submission_settings,
)
from tests.factories.portal import StaffFactory
from tests.races.test_runs import together
from tests.races.threads import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def deciding(version: CampaignVersion, verdict: str) -> Callable[[], object]:
    role = "compliance" if verdict == "veto" else "approver"
    checker, row = StaffFactory(role=role), Submission.objects.get(target_key=str(version.pk))
    return lambda: approvals.decide(
        submission_id=row.pk, checker=checker, verdict=verdict, reason="why", at=AT
    )


@pytest.mark.parametrize("attempt", range(2))
def test_two_approvers_at_once_approve_once(attempt: int) -> None:
    version = draft()
    hand_in(version)
    raised = together(deciding(version, "approve"), deciding(version, "approve"))
    version.refresh_from_db()
    assert [type(error) for error in raised] == [approvals.NotPending]
    assert (version.state, Submission.objects.get().decisions.count()) == ("approved", 1)


@pytest.mark.parametrize("attempt", range(3))
def test_a_veto_beside_an_approval_always_holds(attempt: int) -> None:
    version = draft()
    hand_in(version)
    raised = together(deciding(version, "approve"), deciding(version, "veto"))
    version.refresh_from_db()
    assert {type(error) for error in raised} <= {approvals.NotPending}
    assert (version.state, Submission.objects.get().state) == ("vetoed", "vetoed")
    # Where the approval was first, the veto stopped the campaign.
    version.campaign.refresh_from_db()
    assert version.campaign.is_stopped == (raised == [])


def test_submitted_twice_at_once_waits_once() -> None:
    version, other = draft(), StaffFactory(role="campaign_manager")
    hand_in(version)
    approvals.withdraw(submission_id=Submission.objects.get().pk, maker=version.created_by, at=AT)
    makers = [version.created_by, other]
    works = [
        lambda maker=maker: submission.submit_version(version_id=version.pk, maker=maker, at=AT)
        for maker in makers
    ]
    assert len(together(*works)) == 1
    assert Submission.objects.filter(state="pending").count() == 1


def test_an_approval_beside_an_edit_is_of_what_was_submitted() -> None:
    """The content is frozen: an edit makes another version, which is not approved."""
    version = draft()
    hand_in(version)
    assert together(deciding(version, "approve"), lambda: draft(name_en="Edited")) == []
    states = CampaignVersion.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["approved", "draft"]


def test_a_worker_killed_between_deciding_and_settling_is_made_good() -> None:
    version = approved()
    for _number in range(3):
        card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    chunk_id = run.chunks.get().pk

    def work_and_die() -> None:
        # The connection breaks as soon as the run was held against its approval.
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION pg_temp.die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;"
                " CREATE TRIGGER dies AFTER UPDATE OF cleared_at ON campaigns_run"
                " FOR EACH ROW EXECUTE FUNCTION pg_temp.die()"
            )
        eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)

    assert len(together(work_and_die)) == 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS dies ON campaigns_run")
    run.refresh_from_db()
    assert (run.state, run.cleared_at, run.chunks.get().state) == ("running", None, "decided")
    assert (Grant.objects.count(), Message.objects.count()) == (0, 0)
    assert eligibility.sweep_runs(at=AT + rules.STALE_AFTER * 2) == 1
    eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)
    run = Run.objects.get()
    assert (run.state, run.cleared_at) == ("done", AT)
    assert (Grant.objects.count(), Message.objects.count()) == (3, 3)


def test_an_approval_that_goes_in_the_middle_of_a_part_ends_the_run() -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    chunk_id = run.chunks.get().pk

    def work() -> None:
        eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)
        connection.close()

    worker = threading.Thread(target=work)
    with transaction.atomic():
        # The grant is written and its guards wait for the card.
        assert len(Card.objects.select_for_update()) == 1
        worker.start()
        wait_for(1)
        planning.void_approval(version_id=version.pk, drifts=[drift.Drift(drift.TEXTS)], at=AT)
    worker.join()
    run.refresh_from_db()
    assert (run.state, run.failure) == ("stopped", rules.NOT_APPROVED)
    assert (Grant.objects.count(), Message.objects.count()) == (0, 0)
    assert run.chunks.get().failure == ""


def starting(version: CampaignVersion) -> Callable[[], object]:
    return lambda: eligibility.start_run(
        version_id=version.pk, kind="live", on=ON, started_by=None, at=AT
    )


def test_two_live_runs_of_a_campaign_at_once_are_one() -> None:
    version = approved()
    card_in_use()
    raised = together(starting(version), starting(version))
    assert [type(error) for error in raised] == [eligibility.AlreadyRunning]
    assert Run.objects.filter(kind="live").count() == 1
    assert dry_run(version).state == "done"


@pytest.mark.parametrize("attempt", range(3))
def test_a_run_beside_the_approval_of_a_later_version_begins_before_it_or_not_at_all(
    attempt: int,
) -> None:
    first, second = approved(), draft(name_en="Another")
    card_in_use()
    hand_in(second)
    raised = together(starting(first), deciding(second, "approve"))
    second.refresh_from_db()
    assert second.state == "approved"
    assert {type(error) for error in raised} <= {eligibility.NotInForce}
    for run in Run.objects.filter(kind="live"):
        assert raised == []
        assert run.version == first


def test_two_drafts_saved_at_once_are_one_version_and_one_told() -> None:
    version = approved()
    works = []
    for name in ("One", "Two"):
        owner = StaffFactory(role="campaign_manager")
        found = drafting.edit_version(version=version, owner=owner, at=AT)
        found = drafting.keep(
            draft_id=found.pk, revision=1, content=found.content | {"name_en": name}, actor=owner,
            at=AT,
        )  # fmt: skip
        works.append(
            lambda found=found, owner=owner: drafting.save_version(
                draft_id=found.pk, revision=2, actor=owner, at=AT
            )
        )
    assert [type(error) for error in together(*works)] == [drafting.VersionAppeared]
    assert (CampaignVersion.objects.count(), Draft.objects.count()) == (2, 1)


@pytest.mark.parametrize("attempt", range(2))
def test_of_two_campaigns_that_reward_the_same_spending_one_is_submitted(attempt: int) -> None:
    versions = [draft(code="one"), draft(code="two")]
    submission_settings()
    for version in versions:
        dry_run(version)
    works = [
        lambda version=version: submission.submit_version(
            version_id=version.pk, maker=version.created_by, at=AT
        )
        for version in versions
    ]
    raised = together(*works)
    assert [type(error) for error in raised] == [submission.PlanNotFit]
    assert Submission.objects.filter(state="pending").count() == 1
