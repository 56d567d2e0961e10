"""Every rule that a row alone can break is said in the database, and refuses the row that breaks
it. A new constraint fails here until a row that breaks it stands in the table."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import IntegrityError, models, transaction

from tests.factories import portal
from tests.project import (
    activity_rows,
    call_rows,
    campaign_checks,
    comparison_rows,
    era_rows,
    evidence_rows,
    fund_rows,
    house,
    journey_checks,
    lead_rows,
    merchant_rows,
    negotiation_rows,
    outreach_rows,
    partnership_rows,
    post_rows,
    window_rows,
)
from tests.project.rows import DAY, INSTANT, approved_version, row_of

BEFORE = DAY - dt.timedelta(days=1)
CARRIED = Decimal("0.005")
AFTER = DAY + dt.timedelta(days=1)

# Constraint, its model, and the values that break it.
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    *journey_checks.CHECKS,
    *lead_rows.CHECKS,
    *outreach_rows.CHECKS,
    *campaign_checks.CHECKS,
    *negotiation_rows.CHECKS,
    *partnership_rows.CHECKS,
    *post_rows.CHECKS,
    *window_rows.CHECKS,
    *merchant_rows.CHECKS,
    *evidence_rows.CHECKS,
    *comparison_rows.CHECKS,
    *era_rows.CHECKS,
    *activity_rows.CHECKS,
    *fund_rows.CHECKS,
    ("branch_root_is_head_office", "portal.Branch", {"level": "head_office"}),
    ("branch_root_is_head_office", "portal.Branch", {"parent": None, "path": "/R/", "code": "R"}),
    ("branch_path_ends_with_code", "portal.Branch", {"path": "/HO/other/"}),
    ("merchant_number_addressable", "merchants.Merchant", {"number": "M/1"}),
    ("branch_code_plain", "portal.Branch", {"code": "a/b"}),
    (
        "branch_one_head_office",
        "portal.Branch",
        {"level": "head_office", "parent": None, "path": "/R/", "code": "R"},
    ),
    ("staff_username_plain", "portal.Staff", {"username": "Wang Wei"}),
    ("staff_role_known", "portal.Staff", {"role": "superuser"}),
    ("submission_needs_a_checker", "portal.Submission", {"approvals_needed": 0}),
    ("approval_level_is_some", "portal.ApprovalLevel", {"approvals": 0}),
    ("approval_level_is_some", "portal.ApprovalLevel", {"approvals": 10}),
    ("approval_level_is_some", "portal.ApprovalLevel", {"at_least": -1}),
    ("submission_closed_has_time", "portal.Submission", {"closed_at": INSTANT}),
    ("submission_void_has_reason", "portal.Submission", {"void_reason": "x"}),
    ("decision_return_has_reason", "portal.SubmissionDecision", {"verdict": "return"}),
    ("export_code_plain", "portal.Export", {"code": "ABCD2341"}),
    ("export_code_plain", "portal.Export", {"code": "ABCD234"}),
    ("export_hash_is_sha256", "portal.Export", {"sha256": "x"}),
    ("export_has_reason", "portal.Export", {"reason": ""}),
    ("upload_state_known", "portal.Upload", {"state": "lost"}),
    ("upload_checked_has_trial", "portal.Upload", {"state": "checked"}),
    ("upload_checked_has_trial", "portal.Upload", {"state": "importing"}),
    ("upload_done_has_batch", "portal.Upload", {"batch": lambda: row_of("portal.ImportBatch")}),
    ("upload_ended_has_time", "portal.Upload", {"state": "refused", "failure": "x"}),
    ("upload_ended_has_time", "portal.Upload", {"finished_at": INSTANT}),
    ("upload_refused_has_reason", "portal.Upload", {"state": "refused", "finished_at": INSTANT}),
    ("upload_refused_has_reason", "portal.Upload", {"failure": "x"}),
    ("api_token_revoked_with_reason", "portal.ApiToken", {"revoked_at": INSTANT}),
    ("api_token_revoked_with_reason", "portal.ApiToken", {"revoke_reason": "x"}),
    ("api_token_is_hashed", "portal.ApiToken", {"token_hash": "secret"}),
    ("api_token_has_kinds", "portal.ApiToken", {"kinds": []}),
    ("api_token_expires_later", "portal.ApiToken", {"expires_at": INSTANT}),
    ("api_call_taken_has_batch", "portal.ApiCall", {"status": 200}),
    ("api_call_taken_has_batch", "portal.ApiCall", {"status": 500}),
    ("mcc_is_four_digits", "merchants.MerchantCategory", {"mcc": "58a2"}),
]

# Unique constraint, its model, and the fields that a second row takes over from the first.
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    *negotiation_rows.UNIQUES,
    *lead_rows.UNIQUES,
    *outreach_rows.UNIQUES,
    *partnership_rows.UNIQUES,
    *post_rows.UNIQUES,
    *fund_rows.UNIQUES,
    *window_rows.UNIQUES,
    *merchant_rows.UNIQUES,
    ("submission_one_pending", "portal.Submission", ["kind", "target_key"], {}),
    (
        "approval_level_once",
        "portal.ApprovalLevel",
        ["kind", "effective_date", "measure", "at_least"],
        {},
    ),
    ("own_address_once", "journeys.OwnAddress", ["staff", "channel"], {}),
    ("claw_back_asked_once", "campaigns.ClawBack", ["grant"], {}),
    ("looked_at_once", "campaigns.LookedAt", ["grant", "grants", "of_group"], {}),
    ("sender_name_once", "campaigns.SenderName", ["name", "effective_date"], {}),
    ("decision_once_per_checker", "portal.SubmissionDecision", ["submission", "checker"], {}),
    (
        "decision_one_veto",
        "portal.SubmissionDecision",
        ["submission"],
        {"verdict": "veto", "reason": "x"},
    ),
    ("consent_text_once", "journeys.ConsentText", ["code", "version"], {}),
    ("consent_reference_once", "journeys.Consent", ["reference"], {"reference": "S1"}),
    ("do_not_contact_reference_once", "journeys.DoNotContact", ["reference"], {"reference": "S1"}),
    (
        "contact_hours_once",
        "journeys.ContactHours",
        ["channel", "division_prefix", "day_kind", "effective_date"],
        {},
    ),
    (
        "control_group_one_proposed",
        "journeys.ControlGroup",
        ["state"],
        {"state": "proposed", "settled_at": None},
    ),
    (
        "control_group_one_in_force",
        "journeys.ControlGroup",
        ["ends_date"],
        journey_checks.IN_FORCE,
    ),
    (
        "complaint_round_told_once",
        "journeys.ComplaintRound",
        ["complaint", "opened_date", "limit_days"],
        {"first_at": INSTANT, "last_at": INSTANT},
    ),
    ("pause_open_once", "journeys.MarketingPause", ["kind", "reference"], {}),
    ("export_code_once", "portal.Export", ["code"], {}),
    ("reveal_number_once", "journeys.Reveal", ["actor", "on_date", "number_of_day"], {}),
    (
        "exact_search_number_once",
        "journeys.ExactSearch",
        ["actor", "on_date", "number_of_day"],
        {},
    ),
    (
        "rights_copy_number_once",
        "journeys.RightsCopy",
        ["made_by", "on_date", "number_of_day"],
        {},
    ),
    ("upload_stored_once", "portal.Upload", ["stored_name"], {}),
    (
        "upload_batch_once",
        "portal.Upload",
        ["batch"],
        {
            "state": "done",
            "finished_at": INSTANT,
            "trial": lambda: row_of("portal.ImportBatch"),
            "batch": lambda: row_of("portal.ImportBatch"),
        },
    ),
    ("api_token_name_once", "portal.ApiToken", ["name"], {}),
    ("api_call_key_once", "portal.ApiCall", ["token", "idempotency_key"], {}),
    ("trial_grant_once", "campaigns.TrialGrant", ["customer", "run", "slot", "round"], {}),
    ("partner_use_once", "campaigns.PartnerUse", ["partner", "reference"], {}),
    *evidence_rows.UNIQUES,
    *comparison_rows.UNIQUES,
    *era_rows.UNIQUES,
    *activity_rows.UNIQUES,
    *call_rows.UNIQUES,
    *campaign_checks.UNIQUES,
    ("contact_once", "journeys.Contact", ["customer", "dedup_key"], {}),
    (
        "template_version_once",
        "journeys.MessageTemplate",
        ["code", "channel", "language", "version"],
        {},
    ),
    ("message_once", "journeys.Message", ["customer", "dedup_key"], {}),
    ("receipt_once", "journeys.Receipt", ["message", "kind"], {}),
    ("answer_once", "journeys.Answer", ["channel", "reference"], {}),
    ("bad_address_open_once", "journeys.BadAddress", ["address_index"], {}),
    (
        "bad_call_once_a_minute",
        "journeys.BadCall",
        ["minute", "channel", "door", "cause", "address"],
        {},
    ),
    ("sent_count_once", "journeys.SentCount", ["origin", "template"], {}),
    ("notice_once", "journeys.ResultNotice", ["application"], {"state": "superseded"}),
    (
        "notice_due_once",
        "journeys.ResultNotice",
        ["application"],
        {"round_number": itertools.count(1).__next__},
    ),
    ("erasure_one_at_a_time", "journeys.Erasure", ["request"], {}),
    ("submission_author_once", "portal.SubmissionAuthor", ["submission", "staff"], {}),
    ("not_started_once", "campaigns.NotStarted", ["version", "why", "since"], {}),
    ("version_author_once", "campaigns.VersionAuthor", ["version", "staff"], {}),
    ("draft_writer_once", "campaigns.DraftWriter", ["draft", "staff"], {}),
    ("version_number_once", "campaigns.CampaignVersion", ["campaign", "number"], {}),
    ("run_one_live_at_a_time", "campaigns.Run", ["version"], {"kind": "live"}),
    (
        "enrolment_rotation_once",
        "campaigns.Enrolment",
        ["customer", "campaign", "rotation"],
        {"state": "left", "left_at": INSTANT, "left_because": "goal"},
    ),
    ("enrolment_inside_once", "campaigns.Enrolment", ["customer", "campaign"], {}),
    (
        "enrolment_occasion_once",
        "campaigns.Enrolment",
        ["customer", "campaign", "occasion"],
        {"state": "left", "left_at": INSTANT, "left_because": "goal"},
    ),
    ("touch_step_once", "campaigns.TouchStep", ["enrolment", "code"], {}),
    ("step_count_sum_once", "campaigns.StepCount", ["version", "code"], {"is_sum": True}),
    ("touch_intake_once", "campaigns.TouchIntake", ["version", "occasion"], {}),
    ("chunk_number_once", "campaigns.RunChunk", ["run", "number"], {}),
    ("decision_once", "campaigns.Decision", ["run", "customer"], {}),
    ("word_decision_once", "campaigns.WordDecision", ["word", "effective_date"], {}),
    ("grant_once", "campaigns.Grant", ["run", "card"], {}),
    (
        "benefit_voucher_once",
        "campaigns.BenefitEntry",
        ["merchant"],
        {"merchant": lambda: row_of("merchants.Merchant"), "reference": "V1"},
    ),
    ("used_before_open_once", "campaigns.UsedBefore", ["benefit"], {}),
    ("book_one_live", "campaigns.BudgetBook", ["version"], {}),
    ("limit_once", "campaigns.BudgetLimit", ["book", "kind", "key"], {}),
    ("entry_once", "campaigns.BudgetEntry", ["grant", "book"], {}),
    ("flash_unit_number_once", "campaigns.FlashUnit", ["sale", "number"], {}),
    ("flash_claim_one_each", "campaigns.FlashClaim", ["sale", "customer", "card"], {}),
    ("flash_claim_unit_once", "campaigns.FlashClaim", ["sale", "number"], {}),
]

# Constraints that no row can break by itself; each says where it is tested.
_OF_ROWS = (
    merchant_rows.ELSEWHERE
    | negotiation_rows.ELSEWHERE
    | partnership_rows.ELSEWHERE
    | post_rows.ELSEWHERE
    | comparison_rows.ELSEWHERE
    | fund_rows.ELSEWHERE
    | window_rows.ELSEWHERE
    | lead_rows.ELSEWHERE
)
ELSEWHERE = _OF_ROWS | {
    "referral_not_of_oneself",  # tests/journeys/referrals
    "grant_once_for_person",  # tests/campaigns/rewards/test_persons
    "grant_once_for_place",  # tests/campaigns/rewards/test_persons
    "grant_one_campaign_of_group",  # tests/campaigns/rewards/test_groups
    "benefit_entry_has_reason",  # test_reward_guards
    "referral_withdrawn_whole",  # tests/journeys/referrals
    "referral_once_for_application",  # its number says it first: tests/journeys/referrals
    "referral_once_for_person",  # tests/journeys/referrals
    "submission_with_maker",  # only the target of decision_names_the_maker: test_database_guards
    "decision_checker_is_not_maker",  # test_database_guards
    "erasure_allowed_by_submission",  # the guard of the steps says more: test_database_guards
    "audit_one_head",  # the head is only written by the chain's trigger: test_database_guards
}


def refused_by(label: str, values: dict[str, Any]) -> str | None:
    """The name of the constraint that refuses a row; the row is gone afterwards."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row_of(label, **values)
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "label", "values"), CHECKS)
def test_a_check_refuses(name: str, label: str, values: dict[str, Any]) -> None:
    row_of(label)
    model = apps.get_model(label)
    before = model._default_manager.count()
    assert refused_by(label, values) == name
    assert model._default_manager.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "label", "fields", "values"), UNIQUES)
def test_a_second_one_is_refused(
    name: str, label: str, fields: list[str], values: dict[str, Any]
) -> None:
    first = row_of(label, **values)
    again = {**values, **{field: getattr(first, field) for field in fields}}
    before = apps.get_model(label)._default_manager.count()
    assert refused_by(label, again) == name
    assert apps.get_model(label)._default_manager.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"kind": "live", "state": "done", "finished_at": INSTANT},
            {"kind": "live"},
        ),
        ({"kind": "live"}, {"kind": "preview"}),
    ],
)
def test_runs_beside_a_live_one(first: dict[str, Any], second: dict[str, Any]) -> None:
    version = row_of("campaigns.Run", version=approved_version(), **first).version
    row_of("campaigns.Run", version=version, **second)
    assert version.runs.count() == 2


@pytest.mark.django_db
def test_a_returned_thing_can_be_submitted_again() -> None:
    first = row_of("portal.Submission")
    first.state, first.closed_at = "returned", INSTANT
    first.save()
    again = row_of("portal.Submission", kind=first.kind, target_key=first.target_key)
    assert again.state == "pending"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [{"grade": "complex"}, {"extension_reason": ""}, {"extension_asked_by": None}, {"same": True}],
)
def test_more_days_need_a_special_complaint_a_reason_and_two_people(
    changed: dict[str, Any],
) -> None:
    maker, checker = portal.StaffFactory(), portal.StaffFactory()
    good = {
        "extension_days": 30, "extension_reason": "等待第三方", "extension_asked_by": maker,
        "extended_by": checker, "extended_date": DAY,
    }  # fmt: skip
    row_of("journeys.Complaint", **good)
    bad = {"extended_by": maker} if "same" in changed else changed
    assert refused_by("journeys.Complaint", {**good, **bad}) == "complaint_extended_by_another"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("allowed", "is_good"),
    [(0, True), (30, True), (31, False), (None, False)],
)
def test_more_days_are_allowed_before_the_end(allowed: int | None, is_good: bool) -> None:
    extended = {
        "extension_days": 30, "extension_reason": "等待第三方",
        "extension_asked_by": portal.StaffFactory(), "extended_by": portal.StaffFactory(),
        "extended_date": None if allowed is None else DAY + dt.timedelta(days=allowed),
    }  # fmt: skip
    if is_good:
        row_of("journeys.Complaint", **extended)
    else:
        assert refused_by("journeys.Complaint", extended) == "complaint_extended_in_time"


def test_every_constraint_stands_in_a_table() -> None:
    declared = {
        constraint.name
        for app in house.APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if isinstance(
            constraint, models.CheckConstraint | models.UniqueConstraint | ExclusionConstraint
        )
    }
    tested = {row[0] for row in CHECKS} | {row[0] for row in UNIQUES} | ELSEWHERE
    house.assert_none(sorted(declared - tested), "constraints without a row that breaks them:")
    house.assert_none(sorted(tested - declared), "tests of constraints that are gone:")


@pytest.mark.django_db
@pytest.mark.parametrize("app", house.APPS)
def test_every_model_has_a_good_row(app: str) -> None:
    by_the_database = {"portal.AuditLink", "portal.AuditHead"}
    for model in apps.get_app_config(app).get_models():
        if model._meta.label not in by_the_database:
            row_of(model._meta.label)
            assert model._default_manager.exists(), model._meta.label
