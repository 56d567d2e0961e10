"""A version on its way to approval, and a live run held against what was approved."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules as runs
from campaigns.models import CampaignVersion, Decision, Grant, Run, SubmissionRule
from campaigns.planning import operations as planning
from campaigns.submission import operations as submission
from campaigns.submission import queries
from journeys.models import Message, MessageTemplate
from portal.approvals import operations as approvals
from portal.models import ApprovalLevel, AuditEntry, Staff, Submission, SubmissionDecision
from tests.factories.campaigns import (
    AT,
    ON,
    TIER,
    approved,
    card_in_use,
    draft,
    dry_run,
    hand_in,
    submission_settings,
)
from tests.factories.journeys import ContactRuleFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def bounds(**changes: Any) -> None:
    """Narrow bounds, in force before those that the factories set."""
    values = {
        "effective_date": dt.date(2026, 1, 1), "dry_run_days": 7, "audience_percent": 10,
        "cost_percent": 10, "source": "Board",
    }  # fmt: skip
    SubmissionRule.objects.create(**(values | changes))


def levels(*at_least: tuple[str, int, int]) -> None:
    for measure, size, needed in at_least:
        ApprovalLevel.objects.create(
            kind="campaign_version", effective_date="2026-01-01", measure=measure, at_least=size,
            approvals=needed, source="Board",
        )  # fmt: skip


def decide(version: CampaignVersion, verdict: str, checker: Staff | None = None) -> None:
    try:
        approvals.decide(
            submission_id=Submission.objects.filter(target_key=str(version.pk)).latest("id").pk,
            checker=checker or StaffFactory(role="approver"), verdict=verdict, reason="why",
            at=AT,
        )  # fmt: skip
    finally:
        version.refresh_from_db()


def live(version: CampaignVersion) -> Run:
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    return run


def in_force(customers: int) -> CampaignVersion:
    """An approved version whose dry run found so many who qualify, with narrow bounds."""
    ContactRuleFactory()
    version = draft()
    for _number in range(customers):
        card_in_use()
    bounds()
    hand_in(version)
    decide(version, "approve")
    return version


# --- what is needed -----------------------------------------------------------------------------
def test_without_a_rule_a_dry_run_or_levels_nothing_is_submitted() -> None:
    version, words = draft(), []
    maker = version.created_by

    def tries() -> None:
        with translation.override("en"), pytest.raises(submission.NotReady) as refused:
            submission.submit_version(version_id=version.pk, maker=maker, at=AT)
        words.append(str(refused.value).partition(".")[0])

    tries()
    bounds()
    tries()
    old = dry_run(version, on=ON - 8 * DAY)
    tries()
    dry_run(version, on=ON - 7 * DAY)
    tries()
    levels(("cost", 0, 1))
    submission.submit_version(version_id=version.pk, maker=maker, at=AT)
    assert words == [
        "No rule of submission is in force",
        "This version has had no dry run, which shows whom it reaches and what it costs",
        f"The latest dry run is as of {old.on_date}; one of the last 7 days is needed",
        "No levels of approval are in force for campaigns",
    ]
    assert Submission.objects.count() == 1


def test_the_dry_run_of_another_version_does_not_count() -> None:
    submission_settings()
    dry_run(draft())
    other = draft(name_en="Another")
    with pytest.raises(submission.NotReady):
        submission.submit_version(version_id=other.pk, maker=other.created_by, at=AT)
    assert not Submission.objects.exists()


def test_what_the_dry_run_found_is_frozen_with_rule_texts_and_messages() -> None:
    version = draft(rewards={"tiers": [TIER | {"stock": 2}]})
    for _number in range(3):
        card_in_use()
    hand_in(version)
    row = Submission.objects.get()
    figures = row.snapshot["figures"]
    assert {name: figures[name] for name in ("audience", "worth", "cost", "at_most", "on")} == {
        "audience": 3, "worth": "30.00", "cost": "20.00", "at_most": "20.00", "on": "2026-06-30",
    }  # fmt: skip
    assert figures["tally"]["award"] == {"granted": [2, "20.00"], "stock_out": [1, "0.00"]}
    assert figures["tally"]["party"] == {"bank": [2, "20.00"]}
    assert sum(count for count, _amount in figures["tally"]["branch"].values()) == 2
    assert row.snapshot["content_hash"] == version.content_hash
    assert [one["channel"] for one in row.snapshot["messages"]] == ["email", "sms"]
    assert (row.author_id, row.approvals_needed) == (version.created_by_id, 1)


@pytest.mark.parametrize(("total", "people", "needed"), [
    ("19999.99", 0, 1), ("20000.00", 0, 2), ("19999.99", 2, 3), ("20000.00", 1, 2),
])  # fmt: skip
def test_how_many_approve_follows_cost_and_audience(total: str, people: int, needed: int) -> None:
    version = draft(budget={"total": total})
    for _number in range(people):
        card_in_use()
    bounds()
    levels(("cost", 20_000, 2), ("audience", 2, 3))
    dry_run(version)
    submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)
    assert Submission.objects.get().approvals_needed == needed


# --- who ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["compliance", "approver", "administrator"])
def test_neither_author_nor_maker_approves_whatever_they_became(role: str) -> None:
    author, maker = StaffFactory(role="campaign_manager"), StaffFactory(role="campaign_manager")
    version = draft(owner=author)
    hand_in(version, maker)
    Staff.objects.filter(pk__in=[author.pk, maker.pk]).update(role=role)
    for person in (author, maker):
        person.refresh_from_db()
        for verdict in ("approve", "return", "veto"):
            with pytest.raises(approvals.NotAllowed), transaction.atomic():
                decide(version, verdict, person)
    row = Submission.objects.get()
    with pytest.raises(DatabaseError, match="nobody checks what he wrote"), transaction.atomic():
        SubmissionDecision.objects.create(
            submission=row, maker=maker, checker=author, verdict="approve", at=AT
        )
    assert (row.state, version.state, row.decisions.count()) == ("pending", "submitted", 0)


# --- the database -------------------------------------------------------------------------------
def refused(version: CampaignVersion, state: str) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        CampaignVersion.objects.filter(pk=version.pk).update(
            state=state, approved_at=AT if state == "approved" else None
        )
    version.refresh_from_db()
    return str(error.value).partition("\n")[0]


def test_no_state_without_its_submission() -> None:
    version = draft()
    lacks = "no submission bears out that the version is %s"
    assert refused(version, "submitted") == lacks % "submitted"
    assert refused(version, "approved") == "a version that is draft cannot become approved"
    hand_in(version)
    for state in ("approved", "returned", "vetoed"):
        assert refused(version, state) == lacks % state
    decide(version, "approve")
    for state in ("returned", "vetoed"):
        assert refused(version, state) == lacks % state
    decide(version, "veto", StaffFactory(role="compliance"))
    for state in ("submitted", "approved", "returned", "draft"):
        assert refused(version, state) == f"a version that is vetoed cannot become {state}"


def test_a_submission_of_other_content_approves_nothing() -> None:
    version = draft()
    other = approvals.submit(
        kind="campaign_version", target_key=str(version.pk), title="t", summary="",
        snapshot={"content": {}, "content_hash": version.content_hash},
        maker=StaffFactory(), author=version.created_by, at=AT,
    )  # fmt: skip
    assert refused(version, "submitted") == "no submission bears out that the version is submitted"
    assert other.state == "pending"


# --- vetoes -------------------------------------------------------------------------------------
def test_what_was_vetoed_does_not_come_back_unchanged() -> None:
    first = draft()
    hand_in(first)
    decide(first, "veto", StaffFactory(role="compliance"))
    draft(name_en="Between")
    again = draft()
    assert (again.number, again.content_hash) == (3, first.content_hash)
    with translation.override("en"), pytest.raises(planning.VersionNotSubmittable) as said:
        hand_in(again)
    assert str(said.value) == ("It says the same as version 1, which was vetoed; change it first.")
    assert refused(again, "submitted") == "what was vetoed cannot come back unchanged"


def test_compliance_that_approved_may_still_veto_and_so_stops_the_campaign() -> None:
    compliance, version = StaffFactory(role="compliance"), draft()
    bounds()
    levels(("cost", 0, 2))
    dry_run(version)
    submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)
    decide(version, "approve", compliance)
    with pytest.raises(approvals.AlreadyDecided), transaction.atomic():
        decide(version, "approve", compliance)
    decide(version, "approve")
    assert version.state == "approved"
    decide(version, "veto", compliance)
    version.campaign.refresh_from_db()
    assert (version.state, version.approved_at) == ("vetoed", None)
    assert (version.campaign.is_stopped, Submission.objects.get().state) == (True, "vetoed")
    with pytest.raises(approvals.NotPending), transaction.atomic():
        decide(version, "veto", StaffFactory(role="compliance"))
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions[-4:-1] == ["approval.vetoed", "campaign.vetoed", "campaign.stopped"]


def test_a_veto_while_it_waits_leaves_the_campaign_running() -> None:
    version, compliance = draft(), StaffFactory(role="compliance")
    hand_in(version)
    decide(version, "veto", compliance)
    version.campaign.refresh_from_db()
    assert (version.state, version.campaign.is_stopped) == ("vetoed", False)


# --- drift --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("more", "state"), [(1, "approved"), (2, "returned")])
def test_a_newer_dry_run_beyond_the_bounds_voids_when_somebody_decides(
    more: int, state: str
) -> None:
    version = draft()
    for _number in range(10):
        card_in_use()
    bounds()
    hand_in(version)
    for _number in range(more):
        card_in_use()
    dry_run(version)
    if state == "approved":
        decide(version, "approve")
    else:
        with pytest.raises(approvals.ChangedSince, match="12"):
            decide(version, "approve")
    assert version.state == state


def test_a_changed_message_text_voids_what_waits() -> None:
    version = draft()
    hand_in(version)
    MessageTemplate.objects.create(
        code="first_gift", channel="sms", language="zh-hans", version=2, body="{reward}!"
    )
    with (
        translation.override("en"),
        pytest.raises(approvals.ChangedSince, match=r"message texts were changed.*again"),
    ):
        decide(version, "approve")
    assert (version.state, Submission.objects.get().state) == ("returned", "voided")


def given() -> tuple[int, int]:
    return Grant.objects.count(), Message.objects.count()


@pytest.mark.parametrize("more", [0, 1])
def test_a_live_run_within_the_bounds_goes_on(more: int) -> None:
    version = in_force(10)
    for _number in range(more):
        card_in_use()
    run = live(version)
    version.refresh_from_db()
    assert (run.state, run.cleared_at, version.state) == ("done", AT, "approved")
    assert given() == (10 + more, 10 + more)


def test_a_live_run_beyond_the_bounds_gives_nothing_and_voids_the_approval() -> None:
    version = in_force(10)
    for _number in range(2):
        card_in_use()
    run = live(version)
    version.refresh_from_db()
    assert (run.state, run.failure, run.cleared_at) == ("stopped", runs.DRIFTED, None)
    assert given() == (0, 0)
    assert Decision.objects.filter(run=run, outcome="qualified").count() == 12
    assert (version.state, version.approved_at) == ("returned", None)
    row = Submission.objects.get()
    assert row.state == "voided"
    assert row.void_reason.splitlines()[-1].startswith(
        "Customers who qualify: 12 now, 10 as submitted; the two may lie 10 % apart."
    )
    with translation.override("en"):
        assert "¥120 now, ¥100 as submitted" in run.drift
    entry = AuditEntry.objects.get(action="approval.voided")
    assert (entry.actor, entry.target_key) == (None, str(row.pk))
    assert queries.sent_back(version.created_by_id) == [(version, row)]
    assert queries.sent_back(StaffFactory().pk) == []
    with pytest.raises(eligibility.NotApproved):
        live(version)
    # The way on: a new dry run, submitted and approved again.
    hand_in(version)
    decide(version, "approve")
    assert (live(version).state, given()) == ("done", (12, 12))


def test_a_changed_message_text_stops_a_live_run() -> None:
    version = in_force(1)
    MessageTemplate.objects.create(
        code="first_gift", channel="sms", language="zh-hans", version=2, body="{reward}!"
    )
    run = live(version)
    version.refresh_from_db()
    assert (run.failure, version.state, given()) == (runs.DRIFTED, "returned", (0, 0))


def test_a_live_run_settles_nothing_before_all_of_it_is_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(runs, "CHUNKS_WANTED", 3)
    version = in_force(3)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    chunks = list(run.chunks.order_by("number").values_list("id", flat=True))
    for chunk in chunks[:2]:
        eligibility.work_chunk(chunk_id=chunk, now=lambda: AT)
    states = list(run.chunks.order_by("number").values_list("state", flat=True))
    assert (states, given()) == (["decided", "decided", "pending"], (0, 0))
    eligibility.work_chunk(chunk_id=chunks[2], now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, given()) == ("done", (3, 3))


def test_the_database_holds_the_barrier() -> None:
    version = in_force(1)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    with pytest.raises(DatabaseError, match="held against its approval"), transaction.atomic():
        run.chunks.update(state="done")
    assert run.campaign_id == version.campaign_id


def test_an_approval_from_before_without_figures_does_not_run() -> None:
    version = approved()
    card_in_use()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_submission DISABLE TRIGGER USER")
        cursor.execute("UPDATE portal_submission SET snapshot = snapshot - 'figures'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_submission ENABLE TRIGGER USER")
    run = live(version)
    assert (run.failure, given()) == (runs.DRIFTED, (0, 0))


def test_two_versions_of_a_campaign_do_not_run_live_at_once() -> None:
    card_in_use()
    first = approved()
    eligibility.start_run(version_id=first.pk, kind="live", on=ON, started_by=None, at=AT)
    second = approved(name_en="Another")
    with pytest.raises(eligibility.AlreadyRunning):
        eligibility.start_run(version_id=second.pk, kind="live", on=ON, started_by=None, at=AT)
    assert Run.objects.filter(state="running").count() == 1


def test_what_would_be_worth_is_counted_by_the_mode_of_the_tiers() -> None:
    more = TIER | {"code": "more", "name_en": "More", "value": "25.00"}
    for mode, worth in (("highest", Decimal("25.00")), ("each", Decimal("35.00"))):
        version = draft(code=f"by-{mode}", rewards={"mode": mode, "tiers": [TIER, more]})
        if not Decision.objects.exists():
            card_in_use()
        run = dry_run(version)
        assert queries.figures_of(version, run)["worth"] == str(worth)
