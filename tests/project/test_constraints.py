"""Every rule that a row alone can break is said in the database, and refuses the row that breaks
it. A new constraint fails here until a row that breaks it stands in the table."""

import datetime as dt
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from tests.factories import portal
from tests.project import house
from tests.project.rows import DAY, INSTANT, row_of

BEFORE = DAY - dt.timedelta(days=1)
AFTER = DAY + dt.timedelta(days=1)

CLOSED = {
    "state": "closed", "answered_date": DAY, "closed_date": DAY, "cause_kind": "process",
    "remedy": "已致歉",
}  # fmt: skip

RESTORED = {"kind": "restored", "points": -1, "batch_id": 0}
MIDNIGHT, CLOSED_DAY = {"closes": dt.time(0)}, {"opens": None, "closes": None}
WITHDRAWN = {"is_granted": False}


def row_of_text() -> Any:
    """A text of consent."""
    return row_of("journeys.ConsentText")


# Constraint, its model, and the values that break it.
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("branch_root_is_head_office", "portal.Branch", {"level": "head_office"}),
    ("branch_root_is_head_office", "portal.Branch", {"parent": None, "path": "/R/", "code": "R"}),
    ("branch_path_ends_with_code", "portal.Branch", {"path": "/HO/other/"}),
    ("branch_code_plain", "portal.Branch", {"code": "a/b"}),
    (
        "branch_one_head_office",
        "portal.Branch",
        {"level": "head_office", "parent": None, "path": "/R/", "code": "R"},
    ),
    ("staff_username_plain", "portal.Staff", {"username": "Wang Wei"}),
    ("staff_role_known", "portal.Staff", {"role": "superuser"}),
    ("submission_needs_a_checker", "portal.Submission", {"approvals_needed": 0}),
    ("submission_closed_has_time", "portal.Submission", {"closed_at": INSTANT}),
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
    ("customer_phone_sealed_with_index", "journeys.Customer", {"phone_index": None}),
    ("customer_phone_sealed_with_index", "journeys.Customer", {"phone_sealed": None}),
    ("customer_email_sealed_with_index", "journeys.Customer", {"email_index": None}),
    ("customer_id_number_sealed_with_index", "journeys.Customer", {"id_number_index": b"i"}),
    ("customer_address_sealed_with_index", "journeys.Customer", {"address_index": b"i"}),
    ("reveal_rule_asks_reason", "journeys.RevealRule", {"reason_length": 3}),
    ("reveal_within_limit", "journeys.Reveal", {"number_of_day": 0}),
    ("reveal_has_words", "journeys.Reveal", {"words": ""}),
    ("reveal_field_known", "journeys.Reveal", {"field": "card"}),
    ("reveal_kind_known", "journeys.Reveal", {"kind": "mood"}),
    ("product_fee_not_negative", "journeys.CardProduct", {"code": "P", "annual_fee": -1}),
    ("application_decided_has_date", "journeys.Application", {"state": "filed"}),
    ("application_decided_has_date", "journeys.Application", {"decided_date": None}),
    (
        "application_decided_has_date",
        "journeys.Application",
        {"filed_date": DAY, "decided_date": BEFORE},
    ),
    (
        "application_supplemented_has_date",
        "journeys.Application",
        {"state": "supplemented", "decided_date": None},
    ),
    (
        "application_supplemented_has_date",
        "journeys.Application",
        {"state": "filed", "decided_date": None, "supplemented_date": DAY},
    ),
    (
        "application_supplemented_has_date",
        "journeys.Application",
        {"filed_date": DAY, "supplemented_date": BEFORE},
    ),
    ("application_supplemented_has_date", "journeys.Application", {"supplemented_date": AFTER}),
    ("application_decided_has_date", "journeys.Application", {"state": "lost"}),
    ("card_primary_has_no_primary", "journeys.Card", {"primary_reference": "K0"}),
    ("card_primary_is_named", "journeys.Card", {"is_primary": False, "primary_id": 0}),
    (
        "card_is_not_its_own_primary",
        "journeys.Card",
        {"is_primary": False, "reference": "K0", "primary_reference": "K0"},
    ),
    ("card_activated_after_issue", "journeys.Card", {"activated_date": BEFORE}),
    ("card_closed_after_issue", "journeys.Card", {"closed_date": BEFORE}),
    ("card_number_is_masked", "journeys.Card", {"masked_number": "6225881234567890"}),
    ("transaction_sign_follows_kind", "journeys.Transaction", {"kind": "purchase", "amount": -1}),
    ("transaction_sign_follows_kind", "journeys.Transaction", {"kind": "refund", "amount": 1}),
    ("transaction_sign_follows_kind", "journeys.Transaction", {"kind": "purchase", "amount": 0}),
    ("merchant_day_counts", "journeys.MerchantDay", {"purchases": -1}),
    ("merchant_day_counts", "journeys.MerchantDay", {"refunds": -1}),
    ("contact_rule_caps", "journeys.ContactRule", {"day_cap": 0}),
    ("contact_rule_caps", "journeys.ContactRule", {"day_cap": 3, "month_cap": 2}),
    ("contact_hours_known", "journeys.ContactHours", {"channel": "fax"}),
    ("contact_hours_known", "journeys.ContactHours", {"day_kind": "holiday"}),
    ("contact_hours_in_order", "journeys.ContactHours", {"opens": None}),
    ("contact_hours_in_order", "journeys.ContactHours", {"closes": None}),
    ("contact_hours_in_order", "journeys.ContactHours", {"closes": dt.time(9)}),
    ("contact_hours_in_order", "journeys.ContactHours", {"closes": dt.time(2)}),
    ("contact_hours_in_order", "journeys.ContactHours", {"is_overnight": True}),
    ("contact_hours_in_order", "journeys.ContactHours", {**MIDNIGHT, "is_overnight": True}),
    ("contact_hours_in_order", "journeys.ContactHours", {**CLOSED_DAY, "is_overnight": True}),
    (
        "contact_hours_in_order",
        "journeys.ContactHours",
        {"is_lifted": True, "division_prefix": "44"},
    ),
    ("contact_hours_place_is_digits", "journeys.ContactHours", {"division_prefix": "粤"}),
    ("contact_hours_lifted_of_a_place", "journeys.ContactHours", {**CLOSED_DAY, "is_lifted": True}),
    ("calendar_year_in_range", "journeys.CalendarYear", {"year": 1999}),
    ("calendar_year_in_range", "journeys.CalendarYear", {"year": 2200}),
    ("calendar_day_has_name", "journeys.CalendarDay", {"name": ""}),
    ("consent_text_version_counts", "journeys.ConsentText", {"version": 0}),
    ("consent_text_has_words", "journeys.ConsentText", {"words": ""}),
    ("consent_text_has_words", "journeys.ConsentText", {"words_en": ""}),
    ("consent_text_purpose_known", "journeys.ConsentText", {"purpose": "service"}),
    ("consent_channel_of_marketing_alone", "journeys.Consent", {"channel": ""}),
    ("consent_channel_of_marketing_alone", "journeys.Consent", {"channel": "fax"}),
    ("consent_channel_of_marketing_alone", "journeys.Consent", {"purpose": "sharing"}),
    ("consent_channel_of_marketing_alone", "journeys.Consent", {"purpose": "fun", "channel": ""}),
    ("consent_given_names_its_text", "journeys.Consent", {"text": None}),
    ("consent_given_names_its_text", "journeys.Consent", {**WITHDRAWN, "text": row_of_text}),
    (
        "consent_withdrawn_at_once",
        "journeys.Consent",
        {**WITHDRAWN, "effective_at": INSTANT + dt.timedelta(seconds=1), "recorded_at": INSTANT},
    ),
    ("consent_has_evidence", "journeys.Consent", {"evidence": ""}),
    ("consent_reference_not_empty", "journeys.Consent", {"reference": ""}),
    ("do_not_contact_has_words", "journeys.DoNotContact", {"words": ""}),
    ("do_not_contact_reference_not_empty", "journeys.DoNotContact", {"reference": ""}),
    (
        "pause_ends_after_its_start",
        "journeys.MarketingPause",
        {"until": INSTANT - dt.timedelta(seconds=1)},
    ),
    ("pause_kind_known", "journeys.MarketingPause", {"kind": "mood"}),
    ("pause_has_reference", "journeys.MarketingPause", {"reference": ""}),
    ("complaint_rule_days", "journeys.ComplaintRule", {"simple_days": 0}),
    ("complaint_rule_days", "journeys.ComplaintRule", {"complex_days": 14}),
    ("complaint_rule_days", "journeys.ComplaintRule", {"extension_days": 0}),
    ("complaint_grade_known", "journeys.Complaint", {"grade": "huge"}),
    ("complaint_state_known", "journeys.Complaint", {"state": "lost", "answered_date": DAY}),
    ("complaint_has_words", "journeys.Complaint", {"words": ""}),
    ("complaint_has_limit", "journeys.Complaint", {"limit_days": 0}),
    ("complaint_answered_has_date", "journeys.Complaint", {"state": "answered"}),
    ("complaint_answered_has_date", "journeys.Complaint", {"answered_date": DAY}),
    ("complaint_closed_has_end", "journeys.Complaint", {**CLOSED, "closed_date": None}),
    ("complaint_closed_has_end", "journeys.Complaint", {**CLOSED, "remedy": ""}),
    ("complaint_closed_has_end", "journeys.Complaint", {"closed_date": DAY}),
    ("complaint_closed_has_cause", "journeys.Complaint", {**CLOSED, "cause_kind": ""}),
    ("complaint_closed_has_cause", "journeys.Complaint", {**CLOSED, "cause_kind": "moon"}),
    ("complaint_days_in_order", "journeys.Complaint", {**CLOSED, "answered_date": BEFORE}),
    ("complaint_days_in_order", "journeys.Complaint", {**CLOSED, "closed_date": BEFORE}),
    ("complaint_cause_has_reference", "journeys.Complaint", {**CLOSED, "cause_kind": "campaign"}),
    ("complaint_cause_has_reference", "journeys.Complaint", {**CLOSED, "cause_kind": "script"}),
    ("complaint_cause_names_staff", "journeys.Complaint", {**CLOSED, "cause_kind": "staff"}),
    ("complaint_cause_names_staff", "journeys.Complaint", {"cause_staff": portal.StaffFactory}),
    ("complaint_extended_by_another", "journeys.Complaint", {"extension_days": 30}),
    ("complaint_extended_by_another", "journeys.Complaint", {"extended_by": portal.StaffFactory}),
    ("case_state_known", "journeys.ServiceCase", {"state": "lost"}),
    ("case_has_subject", "journeys.ServiceCase", {"subject": ""}),
    ("case_closed_has_date", "journeys.ServiceCase", {"state": "closed"}),
    ("case_closed_has_date", "journeys.ServiceCase", {"closed_date": DAY}),
    ("case_closed_has_date", "journeys.ServiceCase", {"state": "closed", "closed_date": BEFORE}),
    ("care_event_of_one_thing", "journeys.CareEvent", {"complaint": None}),
    ("care_event_kind_known", "journeys.CareEvent", {"kind": "moved"}),
    ("notice_rule_days", "journeys.NoticeRule", {"days": 32}),
    ("notice_rule_days", "journeys.NoticeRule", {"source": ""}),
    ("notice_result_known", "journeys.ResultNotice", {"result": "filed"}),
    ("notice_state_known", "journeys.ResultNotice", {"state": "lost"}),
    ("notice_told_has_message", "journeys.ResultNotice", {"state": "told", "told_at": INSTANT}),
    ("notice_told_has_message", "journeys.ResultNotice", {"told_at": INSTANT}),
    (
        "notice_told_has_message",
        "journeys.ResultNotice",
        {"message": lambda: row_of("journeys.Message")},
    ),
    ("notice_not_told_has_answer", "journeys.ResultNotice", {"state": "not_told"}),
    (
        "notice_tried_after_it_came",
        "journeys.ResultNotice",
        {"not_before": INSTANT - dt.timedelta(seconds=1)},
    ),
    ("template_mail_has_subject", "journeys.MessageTemplate", {"channel": "email"}),
    ("sent_count_is_some", "journeys.SentCount", {"messages": 0}),
    ("message_sent_has_time", "journeys.Message", {"state": "sent"}),
    ("message_sent_has_time", "journeys.Message", {"sent_at": INSTANT}),
    ("message_sending_has_lease", "journeys.Message", {"state": "sending"}),
    ("message_sending_has_lease", "journeys.Message", {"lease_until": INSTANT}),
    ("message_state_known", "journeys.Message", {"state": "lost"}),
    ("message_end_has_reason", "journeys.Message", {"state": "failed"}),
    ("message_end_has_reason", "journeys.Message", {"state": "cancelled"}),
    ("message_end_has_reason", "journeys.Message", {"state": "parked"}),
    ("points_sign_follows_kind", "journeys.PointsEntry", {"kind": "earned", "points": -1}),
    ("points_sign_follows_kind", "journeys.PointsEntry", {"kind": "earned", "points": 0}),
    ("points_sign_follows_kind", "journeys.PointsEntry", {"kind": "redeemed", "points": 1}),
    ("points_sign_follows_kind", "journeys.PointsEntry", RESTORED),
    ("points_only_batches_expire", "journeys.PointsEntry", {"expires_date": DAY}),
    (
        "points_only_batches_expire",
        "journeys.PointsEntry",
        {"kind": "redeemed", "points": -1, "expires_date": AFTER},
    ),
    ("points_batch_follows_kind", "journeys.PointsEntry", {"kind": "restored"}),
    (
        "points_batch_follows_kind",
        "journeys.PointsEntry",
        {"batch": lambda: row_of("journeys.PointsEntry")},
    ),
    ("points_batch_adds_up", "journeys.PointsBatch", {"used": 6, "expired": 5}),
    ("points_batch_adds_up", "journeys.PointsBatch", {"used": -1}),
    ("points_batch_adds_up", "journeys.PointsBatch", {"expired": -1}),
    ("points_batch_expires", "journeys.PointsBatch", {"expired": 1, "expires_date": None}),
    (
        "stage_days_in_order",
        "journeys.CustomerStage",
        {"stage": "application", "step": "filed", "application_date": BEFORE},
    ),
    (
        "stage_days_without_gap",
        "journeys.CustomerStage",
        {"stage": "loyalty", "step": "redeemed", "loyalty_date": DAY},
    ),
    ("stage_step_follows_days", "journeys.CustomerStage", {"application_date": DAY}),
    ("stage_step_follows_days", "journeys.CustomerStage", {"step": "filed"}),
    ("stage_count_is_some", "journeys.StageCount", {"days": [], "customers": []}),
    ("stage_count_is_some", "journeys.StageCount", {"days": [1, 2]}),
    ("stage_count_is_some", "journeys.StageCount", {"step": 8}),
    ("stage_count_of_somebody", "journeys.StageCount", {"customers": [0]}),
    ("stage_count_keys_follow_level", "journeys.StageCount", {"level": 0}),
    ("stage_count_keys_follow_level", "journeys.StageCount", {"branch_key": 0}),
    ("stage_count_keys_follow_level", "journeys.StageCount", {"product_key": 1}),
    ("stage_count_keys_follow_level", "journeys.StageCount", {"month": DAY}),
    ("stage_count_keys_follow_level", "journeys.StageCount", {"level": 7, "month": DAY}),
    ("rights_rule_days", "journeys.RightsRule", {"answer_days": 0}),
    ("rights_rule_certainty", "journeys.RightsRule", {"certainty": "Z"}),
    (
        "rights_of_one_person",
        "journeys.RightsRequest",
        {"lead_id": lambda: row_of("journeys.Lead").pk},
    ),
    ("rights_kind_known", "journeys.RightsRequest", {"kind": "magic"}),
    ("rights_state_known", "journeys.RightsRequest", {"state": "lost"}),
    ("rights_due_after_received", "journeys.RightsRequest", {"due_date": DAY}),
    ("rights_has_details", "journeys.RightsRequest", {"details": ""}),
    ("rights_ended_has_outcome", "journeys.RightsRequest", {"answered_date": DAY}),
    ("rights_ended_has_outcome", "journeys.RightsRequest", {"state": "done", "outcome": "x"}),
    (
        "rights_ended_has_outcome",
        "journeys.RightsRequest",
        {"state": "done", "answered_date": DAY},
    ),
    ("rights_refused_has_ground", "journeys.RightsRequest", {"refusal_ground": "needed"}),
    (
        "rights_refused_has_ground",
        "journeys.RightsRequest",
        {"state": "refused", "answered_date": DAY, "outcome": "x"},
    ),
    (
        "rights_done_has_identity",
        "journeys.RightsRequest",
        {"state": "waiting", "identity_check": "not_yet"},
    ),
    ("rights_event_kind_known", "journeys.RightsEvent", {"kind": "moved"}),
    ("rights_copy_form", "journeys.RightsCopy", {"form": "pdf"}),
    ("rights_copy_hashed", "journeys.RightsCopy", {"sha256": "x"}),
    ("erasure_state_known", "journeys.Erasure", {"state": "lost"}),
    ("erasure_names_persons", "journeys.Erasure", {"persons": []}),
    ("erasure_done_has_time", "journeys.Erasure", {"erased_at": INSTANT}),
    ("erasure_needles_until_proven", "journeys.Erasure", {"needles": b"x"}),
    ("erasure_proof_scope", "journeys.ErasureProof", {"scope": "some"}),
    ("erasure_proof_hashed", "journeys.ErasureProof", {"digest": "x"}),
    ("erasure_proof_looked", "journeys.ErasureProof", {"tables": 0}),
    ("erased_number_is_hashed", "journeys.ErasedNumber", {"number_hash": b"C1"}),
    ("stage_count_keys_follow_level", "journeys.StageCount", {"level": 3, "month": DAY}),
    ("stage_count_keys_follow_level", "journeys.StageCount", {"level": 5, "month": DAY}),
    ("version_approved_has_time", "campaigns.CampaignVersion", {"state": "approved"}),
    ("version_approved_has_time", "campaigns.CampaignVersion", {"approved_at": INSTANT}),
    ("run_finished_has_time", "campaigns.Run", {"state": "done"}),
    ("run_finished_has_time", "campaigns.Run", {"finished_at": INSTANT}),
    ("chunk_span", "campaigns.RunChunk", {"first_id": 2, "end_id": 2}),
    ("grant_positive", "campaigns.Grant", {"amount": 0}),
]

# Unique constraint, its model, and the fields that a second row takes over from the first.
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("submission_one_pending", "portal.Submission", ["kind", "target_key"], {}),
    ("decision_once_per_checker", "portal.SubmissionDecision", ["submission", "checker"], {}),
    ("consent_text_once", "journeys.ConsentText", ["code", "version"], {}),
    ("consent_reference_once", "journeys.Consent", ["reference"], {"reference": "S1"}),
    ("do_not_contact_reference_once", "journeys.DoNotContact", ["reference"], {"reference": "S1"}),
    (
        "contact_hours_once",
        "journeys.ContactHours",
        ["channel", "division_prefix", "day_kind", "effective_date"],
        {},
    ),
    ("pause_open_once", "journeys.MarketingPause", ["kind", "reference"], {}),
    ("export_code_once", "portal.Export", ["code"], {}),
    ("reveal_number_once", "journeys.Reveal", ["actor", "on_date", "number_of_day"], {}),
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
    ("merchant_day_once", "journeys.MerchantDay", ["merchant", "day"], {}),
    ("contact_once", "journeys.Contact", ["customer", "dedup_key"], {}),
    (
        "template_version_once",
        "journeys.MessageTemplate",
        ["code", "channel", "language", "version"],
        {},
    ),
    ("message_once", "journeys.Message", ["customer", "dedup_key"], {}),
    ("sent_count_once", "journeys.SentCount", ["origin", "template"], {}),
    ("notice_once", "journeys.ResultNotice", ["application"], {}),
    (
        "stage_count_once",
        "journeys.StageCount",
        ["level", "branch_key", "product_key", "month", "step"],
        {},
    ),
    ("erasure_one_at_a_time", "journeys.Erasure", ["request"], {}),
    ("version_number_once", "campaigns.CampaignVersion", ["campaign", "number"], {}),
    ("run_one_live_at_a_time", "campaigns.Run", ["version"], {"kind": "live"}),
    ("chunk_number_once", "campaigns.RunChunk", ["run", "number"], {}),
    ("decision_once", "campaigns.Decision", ["run", "customer"], {}),
    ("grant_once", "campaigns.Grant", ["run", "card"], {}),
]

# Constraints that no row can break by itself; each says where it is tested.
ELSEWHERE = {
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
    assert refused_by(label, again) == name
    assert apps.get_model(label)._default_manager.count() == 1


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
    version = row_of("campaigns.Run", **first).version
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
        "extended_by": checker,
    }  # fmt: skip
    row_of("journeys.Complaint", **good)
    bad = {"extended_by": maker} if "same" in changed else changed
    assert refused_by("journeys.Complaint", {**good, **bad}) == "complaint_extended_by_another"


def test_every_constraint_stands_in_a_table() -> None:
    declared = {
        constraint.name
        for app in house.APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint | models.UniqueConstraint)
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
