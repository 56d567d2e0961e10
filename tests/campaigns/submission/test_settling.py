"""A live run is settled only for as long as its version stays approved, and with the message texts
that were."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules as runs
from campaigns.models import CampaignVersion, Run
from campaigns.planning import operations as planning
from campaigns.planning import queries as plans
from campaigns.planning.rules import drift
from campaigns.texts import operations
from journeys.models import Message, MessageTemplate
from journeys.outreach import operations as outreach
from portal.approvals import rules as approval_rules
from portal.models import Submission
from tests.campaigns.submission.test_operations import decide, given, in_force, live
from tests.factories.campaigns import AT, ON, clear, draft, hand_in
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
NEW = "{reward} {amount}: new"


def begun(version: CampaignVersion) -> tuple[Run, list[int]]:
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    return run, list(run.chunks.order_by("number").values_list("id", flat=True))


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(runs, "CHUNKS_WANTED", 3)


@pytest.mark.usefixtures("_small_chunks")
def test_a_run_that_was_cleared_gives_nothing_once_its_approval_is_gone() -> None:
    version = in_force(3)
    run, chunks = begun(version)
    for chunk in chunks[:2]:
        eligibility.work_chunk(chunk_id=chunk, now=lambda: AT)
    clear(run)
    planning.void_approval(version_id=version.pk, drifts=[drift.Drift(drift.TEXTS)], at=AT)
    eligibility.work_chunk(chunk_id=chunks[2], now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.failure, given()) == ("stopped", runs.NOT_APPROVED, (0, 0))


def edited() -> MessageTemplate:
    return outreach.add_template(
        code="first_gift", channel="sms", language="zh-hans", subject="", body=NEW, actor=None,
        at=AT,
    )  # fmt: skip


def test_a_text_edited_after_the_clearing_waits_for_the_next_approval() -> None:
    version = in_force(3)
    approved = MessageTemplate.objects.get(channel="sms")
    run, chunks = begun(version)
    clear(run)
    edited()
    for chunk in chunks:
        eligibility.work_chunk(chunk_id=chunk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, given()) == ("done", (3, 3))
    assert set(Message.objects.values_list("template", flat=True)) == {approved.pk}
    assert [(one["text"], one["channel"]) for one in run.texts if one["channel"] == "sms"] == [
        (approved.pk, "sms")
    ]
    # The next run finds that the text of now is not what was approved.
    assert (live(version).failure, given()) == (runs.DRIFTED, (3, 3))


@pytest.mark.parametrize("is_cleared", [False, True])
@pytest.mark.usefixtures("_small_chunks")
def test_a_run_ends_where_a_text_that_was_approved_is_withdrawn(
    is_cleared: bool, client_of: Callable[..., Client]
) -> None:
    version = in_force(3)
    text = MessageTemplate.objects.get(channel="email")
    run, chunks = begun(version)
    if is_cleared:
        clear(run)
    operations.withdraw_text(
        text_id=text.pk, reason="wrong", actor=StaffFactory(role="compliance"), at=AT
    )
    for chunk in chunks:
        eligibility.work_chunk(chunk_id=chunk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.failure, given()) == ("stopped", runs.TEXT_WITHDRAWN, (0, 0))
    page = client_of("campaign_manager").get(reverse("run_page", args=[run.pk]))
    assert page.context["run"].lost_text
    assert page.context["texts_withdrawn"] == [text.label]


def without_ids() -> None:
    """Make of a submission one from before wordings were named by their ids."""
    row = Submission.objects.get()
    texts = plans.without_ids(row.snapshot["messages"])
    snapshot = row.snapshot | {"messages": texts}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_submission DISABLE TRIGGER USER")
    Submission.objects.update(
        snapshot=snapshot, snapshot_hash=approval_rules.snapshot_hash(snapshot)
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_submission ENABLE TRIGGER USER")


def test_an_approval_from_before_texts_were_named_by_ids_goes_on() -> None:
    version = in_force(1)
    without_ids()
    assert (live(version).state, given()) == ("done", (1, 1))
    edited()
    assert live(version).failure == runs.DRIFTED


def test_what_waits_from_before_texts_were_named_by_ids_is_approved() -> None:
    version = draft()
    hand_in(version)
    without_ids()
    decide(version, "approve")
    assert version.state == "approved"
