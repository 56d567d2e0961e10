"""Which states a version reaches in the database, and which submission bears each out."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.project.rows import INSTANT, row_of
from tests.project.test_database_guards import refusal

pytestmark = pytest.mark.django_db


def version_that_is(state: str) -> Any:
    """A version that went its way to a state, with the submission that bears it out."""
    version = row_of("campaigns.CampaignVersion")
    if state == "draft":
        return version
    submission = row_of(
        "portal.Submission", target_key=str(version.pk), author=version.created_by,
        snapshot={"content": version.content, "content_hash": version.content_hash},
    )  # fmt: skip
    move(version, "submitted")
    if state == "submitted":
        return version
    verdict = {"approved": "approve", "returned": "return", "vetoed": "veto"}[state]
    row_of("portal.SubmissionDecision", submission=submission, verdict=verdict, reason="x")
    submission.state, submission.closed_at = state, INSTANT
    submission.save()
    move(version, state)
    return version


def move(version: Any, state: str) -> None:
    version.state, version.approved_at = state, INSTANT if state == "approved" else None
    version.save()


@pytest.mark.parametrize("state", ["submitted", "approved", "returned", "vetoed"])
@pytest.mark.parametrize(
    "change",
    ["content = '{\"x\": 1}'", f"content_hash = '{'1' * 64}'", "number = 9", "created_by_id = 0"],
)
def test_a_submitted_version_is_frozen(state: str, change: str) -> None:
    version = version_that_is(state)
    content = version.content
    assert refusal(f"UPDATE campaigns_campaignversion SET {change}") == (
        "a submitted version cannot be changed"
    )
    version.refresh_from_db()
    assert (version.content, version.number) == (content, 1)


def test_a_draft_can_change_and_a_version_can_come_back() -> None:
    version = row_of("campaigns.CampaignVersion")
    version.content = {"rule": 1}
    version.save()
    version.refresh_from_db()
    assert (version.content, version.state) == ({"rule": 1}, "draft")
    assert version_that_is("returned").state == "returned"


@pytest.mark.parametrize(("old", "new"), [
    ("submitted", "draft"), ("returned", "draft"), ("approved", "draft"), ("approved", "submitted"),
    ("draft", "approved"), ("draft", "returned"), ("draft", "vetoed"), ("returned", "approved"),
    ("returned", "vetoed"), ("vetoed", "draft"), ("vetoed", "submitted"), ("vetoed", "approved"),
])  # fmt: skip
def test_a_frozen_version_cannot_be_thawed(old: str, new: str) -> None:
    version = version_that_is(old)
    approved_at = INSTANT if new == "approved" else None
    words = refusal(
        "UPDATE campaigns_campaignversion SET state = %s, approved_at = %s WHERE id = %s",
        [new, approved_at, version.pk],
    )
    assert words == f"a version that is {old} cannot become {new}"


@pytest.mark.parametrize(("old", "new"), [
    ("draft", "submitted"), ("submitted", "approved"), ("submitted", "returned"),
    ("submitted", "vetoed"), ("approved", "returned"), ("approved", "vetoed"),
    ("returned", "submitted"),
])  # fmt: skip
def test_a_version_reaches_no_state_without_its_submission(old: str, new: str) -> None:
    version = version_that_is(old)
    words = refusal(
        "UPDATE campaigns_campaignversion SET state = %s, approved_at = %s WHERE id = %s",
        [new, INSTANT if new == "approved" else None, version.pk],
    )
    assert words == f"no submission bears out that the version is {new}"


def test_what_was_vetoed_does_not_come_back_as_another_version() -> None:
    vetoed = version_that_is("vetoed")
    twin = row_of("campaigns.CampaignVersion", campaign=vetoed.campaign, number=2)
    row_of(
        "portal.Submission", target_key=str(twin.pk), author=twin.created_by,
        snapshot={"content": {}, "content_hash": twin.content_hash},
    )  # fmt: skip
    words = refusal(
        "UPDATE campaigns_campaignversion SET state = 'submitted' WHERE id = %s", [twin.pk]
    )
    assert words == "what was vetoed cannot come back unchanged"


def test_a_closed_submission_is_vetoed_by_a_veto_alone() -> None:
    version_that_is("approved")
    words = refusal("UPDATE portal_submission SET state = 'vetoed'")
    assert words.endswith("lacks a veto")


def test_a_submission_names_everybody_who_wrote_in_the_version() -> None:
    wrote = row_of("campaigns.VersionAuthor")
    version = wrote.version
    values = {"target_key": str(version.pk), "author": version.created_by}
    values["snapshot"] = {"content": version.content, "content_hash": version.content_hash}
    submission = row_of("portal.Submission", **values)
    sql = "UPDATE campaigns_campaignversion SET state = 'submitted'"
    assert refusal(sql) == "no submission bears out that the version is submitted"
    row_of("portal.SubmissionAuthor", submission=submission, staff=wrote.staff)
    move(version, "submitted")
    late = (
        "INSERT INTO campaigns_versionauthor (version_id, staff_id, wrote_at) VALUES (%s, %s, %s)"
    )
    assert refusal(late, [version.pk, submission.maker_id, INSTANT]) == (
        "who wrote a version is named before it is submitted"
    )


@pytest.mark.parametrize("label", ["campaigns.VersionAuthor", "portal.SubmissionAuthor"])
def test_who_wrote_stays_named(label: str) -> None:
    table = row_of(label)._meta.db_table
    for sql in (f"UPDATE {table} SET staff_id = 0", f"DELETE FROM {table}"):
        assert refusal(sql).startswith(f"{table} is only added to")


def test_nobody_who_wrote_in_a_submission_decides_about_it() -> None:
    named = row_of("portal.SubmissionAuthor")
    for verdict in ("approve", "return", "veto"):
        with (
            pytest.raises(DatabaseError, match="nobody checks what he wrote"),
            transaction.atomic(),
        ):
            row_of(
                "portal.SubmissionDecision", submission=named.submission, checker=named.staff,
                verdict=verdict, reason="x",
            )  # fmt: skip
    row_of("portal.SubmissionDecision", submission=named.submission)
    late = "INSERT INTO portal_submissionauthor (submission_id, staff_id) VALUES (%s, %s)"
    assert refusal(late, [named.submission_id, named.submission.maker_id]) == (
        "who wrote a submission is named before anybody decides"
    )


def test_a_run_is_of_the_campaign_of_its_version() -> None:
    run = row_of("campaigns.Run", campaign=row_of("campaigns.Campaign"))
    run.refresh_from_db()
    assert run.campaign_id == run.version.campaign_id
