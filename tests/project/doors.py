"""The table of doors: every address of the portal and who may pass. A new URL is one line here;
one that takes arguments needs a row to point at in ARGUMENTS."""

from collections.abc import Callable
from typing import Any

from portal.staff import rules
from portal.staff.enums import Permission as P
from portal.staff.enums import Role
from tests.project import activity_doors, figure_doors, merchant_doors, target_places, warning_doors
from tests.project.door import PUBLIC, SIGNED_IN, Door, action, page, public, signed_in
from tests.project.places import ARGUMENTS, DESIGN_ACTIONS, DESIGN_PAGES, RUN_STARTS
from tests.project.rows import row_of

__all__ = ["ADMIN_PAGES", "ADMIN_ROWS", "ARGUMENTS", "DOORS", "PUBLIC", "SIGNED_IN", "Door"]


DOORS: dict[str, Door] = {
    # Signing in: only what a bank needs of the library; what it must answer for is closed.
    "account_login": public(200, signed_in=302),
    "account_logout": signed_in(),
    "account_inactive": public(),
    "account_reauthenticate": signed_in(),
    "account_change_password": signed_in(),
    "account_set_password": public(404),
    "account_email_verification_sent": public(404),
    "mfa_index": signed_in(),
    "mfa_authenticate": public(302),
    "mfa_reauthenticate": signed_in(302),
    "mfa_activate_totp": signed_in(302),
    "mfa_deactivate_totp": signed_in(404),
    "mfa_view_recovery_codes": signed_in(404),
    "mfa_generate_recovery_codes": signed_in(302),
    "mfa_download_recovery_codes": signed_in(404),
    # The shell. The metrics page guards itself: this machine, or a token.
    "home": page(P.VIEW_HOME),
    "figures": page(P.VIEW_HOME),
    "set_language": public(405),
    "healthz": public(),
    "readyz": public(),
    "metrics": public(),
    # Approvals, audit trail, imports.
    "approval_list": page(P.VIEW_APPROVALS),
    "approval_page": page(P.VIEW_APPROVALS, scoped=True),
    "approval_approve": action(P.VIEW_APPROVALS, scoped=True),
    "approval_return": action(P.VIEW_APPROVALS, scoped=True),
    "approval_veto": action(P.VIEW_APPROVALS, scoped=True),
    "approval_withdraw": action(P.VIEW_APPROVALS, scoped=True),
    "audit_list": page(P.VIEW_AUDIT),
    "audit_page": page(P.VIEW_AUDIT, scoped=True),
    "import_list": page(P.VIEW_IMPORTS),
    "import_kinds": page(P.SEE_UPLOADS),
    "token_list": page(P.ADMINISTER),
    "token_new": page(P.ADMINISTER),
    "token_page": page(P.ADMINISTER),
    "token_revoke": action(P.ADMINISTER),
    "upload_start": page(P.UPLOAD_OWN),
    "upload_page": page(P.SEE_UPLOADS),
    "upload_progress": page(P.SEE_UPLOADS),
    "upload_import": action(P.UPLOAD_OWN),
    "upload_errors": page(P.SEE_UPLOADS),
    # Exports: each kind has its own permission besides.
    "export_list": page(P.EXPORT_DATA),
    "export_find": action(P.EXPORT_DATA),
    "export_start": page(P.EXPORT_DATA),
    # The JSON API guards itself by tokens; a person's session opens nothing there.
    "api_openapi": public(401),
    "api_unknown": public(404),
    "api_import": public(401),
    "api_send_rows": public(401),
    **merchant_doors.DOORS,
    **figure_doors.DOORS,
    **target_places.DOORS,
    **warning_doors.DOORS,
    # Customers and leads.
    "customer_list": page(P.VIEW_CUSTOMERS),
    "customer_page": page(P.VIEW_CUSTOMERS, scoped=True),
    "customer_timeline": page(P.VIEW_CUSTOMERS, scoped=True),
    "customer_spending": page(P.VIEW_CUSTOMERS, scoped=True),
    "customer_points": page(P.VIEW_CUSTOMERS, scoped=True),
    "reveal_field": page(P.REVEAL_DATA, scoped=True),
    "reveal_list": page(P.VIEW_REVEALS),
    "search_list": page(P.VIEW_REVEALS),
    "customer_search": Door(P.VIEW_CUSTOMERS, answer=302),
    "application_clock": page(P.VIEW_CUSTOMERS),
    "clock_rules": page(P.VIEW_CUSTOMERS),
    "clock_rule_new": page(P.EDIT_CLOCK_RULES),
    **activity_doors.DOORS,
    "result_list": page(P.VIEW_CUSTOMERS),
    "stage_funnel": page(P.VIEW_STAGES),
    "call_models": page(P.KEEP_MODELS),
    "call_models_train": action(P.KEEP_MODELS),
    "call_traits": page(P.KEEP_MODELS),
    "call_score": page(P.KEEP_MODELS),
    "potential_models": page(P.KEEP_MODELS),
    "potential_models_train": action(P.KEEP_MODELS),
    "customer_promise": page(P.VIEW_CUSTOMERS, scoped=True),
    "lead_list": page(P.VIEW_LEADS),
    "lead_page": page(P.VIEW_LEADS, scoped=True),
    "lead_desk": page(P.WORK_LEADS),
    "lead_in_hand": page(P.WORK_LEADS),
    "lead_next": action(P.WORK_LEADS),
    "lead_wrap": action(P.WORK_LEADS),
    "lead_draft": action(P.WORK_LEADS),
    "mood_move_list": page(P.VIEW_LEADS),
    "disposition_list": page(P.VIEW_LEADS),
    "disposition_new": page(P.ASSIGN_LEADS),
    "disposition_page": page(P.ASSIGN_LEADS),
    "disposition_end": action(P.ASSIGN_LEADS),
    "lead_put_down": action(P.WORK_LEADS),
    "lead_claim": action(P.WORK_LEADS, scoped=True),
    "lead_release": action(P.WORK_LEADS, scoped=True),
    "lead_end": action(P.WORK_LEADS, scoped=True),
    "lead_pool": page(P.ASSIGN_LEADS),
    "lead_assign": action(P.ASSIGN_LEADS),
    "pool_policy": page(P.ASSIGN_LEADS),
    "lead_holder": page(P.ASSIGN_LEADS, scoped=True),
    "lead_take_back": action(P.ASSIGN_LEADS, scoped=True),
    "lead_watch": page(P.ASSIGN_LEADS),
    "watch_people": page(P.ASSIGN_LEADS),
    "watch_queue": page(P.ASSIGN_LEADS),
    "watch_results": page(P.ASSIGN_LEADS),
    "quality_list": page(P.READ_CALLS),
    "quality_results": page(P.READ_CALLS),
    "quality_rules": page(P.DECIDE_CALLS),
    "quality_form": page(P.DECIDE_CALLS),
    "quality_case": page(P.READ_CALLS, scoped=True),
    "quality_read": action(P.READ_CALLS, scoped=True),
    "quality_decide": action(P.DECIDE_CALLS, scoped=True),
    "my_calls_list": page(P.WORK_LEADS),
    "my_call": page(P.WORK_LEADS, scoped=True),
    "my_call_dispute": action(P.WORK_LEADS, scoped=True),
    "call_offers": page(P.WORK_LEADS),
    "call_screen": page(P.WORK_LEADS),
    "call_facts": page(P.WORK_LEADS),
    "call_number": action(P.WORK_LEADS),
    "call_dial": action(P.WORK_LEADS),
    "api_telephone_orders": public(401),
    "api_telephone_calls": public(401),
    "call_script": action(P.WORK_LEADS),
    "script_list": page(P.VIEW_SCRIPTS),
    "script_new": page(P.EDIT_SCRIPTS),
    "script_page": page(P.VIEW_SCRIPTS),
    "script_withdraw": action(P.VIEW_SCRIPTS),
    "fact_list": page(P.VIEW_SCRIPTS),
    "fact_new": page(P.EDIT_SCRIPTS),
    "fact_page": page(P.VIEW_SCRIPTS),
    "fact_withdraw": action(P.VIEW_SCRIPTS),
    "lead_conversion": page(P.ASSIGN_LEADS),
    "lead_same_list": page(P.ASSIGN_LEADS),
    "lead_same": page(P.ASSIGN_LEADS, scoped=True),
    "lead_merge_undo": page(P.ASSIGN_LEADS, scoped=True),
    "lead_new": page(P.WORK_LEADS),
    "referral_list": page(P.VIEW_CUSTOMERS),
    "referral_new": page(P.RECORD_REFERRALS),
    # The contact ledger: statements of customers, rules, the calendar.
    "customer_contact": page(P.VIEW_CUSTOMERS, scoped=True),
    "consent_new": page(P.EDIT_CONSENT, scoped=True),
    "consent_back": page(P.EDIT_CONSENT, scoped=True),
    "refusal_new": page(P.EDIT_CONSENT, scoped=True),
    "consent_list": page(P.VIEW_CONSENTS),
    "refusal_list": page(P.VIEW_CONSENTS),
    "consent_text_list": page(P.VIEW_CONTACT_RULES),
    "consent_text_new": page(P.EDIT_CONTACT_RULES),
    "contact_rules": page(P.VIEW_CONTACT_RULES),
    "caps_new": page(P.EDIT_CONTACT_RULES),
    "hours_new": page(P.EDIT_CONTACT_RULES),
    "control_group_list": page(P.VIEW_CONTACT_RULES),
    "control_group_page": page(P.VIEW_CONTACT_RULES),
    "control_group_size": page(P.VIEW_CONTACT_RULES),
    "control_group_new": page(P.EDIT_CONTROL_GROUP),
    "calendar_page": page(P.VIEW_CONTACT_RULES),
    "calendar_day": action(P.EDIT_CONTACT_RULES),
    "calendar_enter": page(P.EDIT_CONTACT_RULES),
    # Complaints and service cases.
    "customer_care": page(P.VIEW_CARE, scoped=True),
    "complaint_list": page(P.VIEW_CARE),
    "complaint_causes": page(P.VIEW_CARE),
    "cause_search": page(P.EDIT_CARE, cause_text="x"),
    "complaint_new": page(P.EDIT_CARE),
    "complaint_page": page(P.VIEW_CARE, scoped=True),
    "complaint_answer": action(P.EDIT_CARE, scoped=True),
    "complaint_extend": action(P.EDIT_CARE, scoped=True),
    "complaint_close": action(P.EDIT_CARE, scoped=True),
    "complaint_reopen": action(P.EDIT_CARE, scoped=True),
    "case_list": page(P.VIEW_CARE),
    "case_new": page(P.EDIT_CARE),
    "case_page": page(P.VIEW_CARE, scoped=True),
    "case_close": action(P.EDIT_CARE, scoped=True),
    # Requests of persons about their data.
    "rights_list": page(P.VIEW_RIGHTS),
    "rights_new": page(P.OPEN_RIGHTS),
    "rights_find": page(P.HANDLE_RIGHTS),
    "rights_page": page(P.VIEW_RIGHTS, scoped=True),
    "rights_identity": action(P.HANDLE_RIGHTS, scoped=True),
    "rights_copy": action(P.HANDLE_RIGHTS, scoped=True),
    "rights_correct": action(P.HANDLE_RIGHTS, scoped=True),
    "rights_erase": action(P.HANDLE_RIGHTS, scoped=True),
    "rights_again": action(P.HANDLE_RIGHTS, scoped=True),
    "rights_object": action(P.HANDLE_RIGHTS, scoped=True),
    "rights_finish": action(P.HANDLE_RIGHTS, scoped=True),
    "rights_refuse": action(P.HANDLE_RIGHTS, scoped=True),
    # The outbox and the practice gateways.
    "answer_list": page(P.VIEW_OUTBOX),
    "answer_settle": action(P.SETTLE_OUTBOX, scoped=True),
    "bad_address_list": page(P.VIEW_OUTBOX),
    "bad_address_end": action(P.SETTLE_OUTBOX, scoped=True),
    "own_addresses_page": page(P.EDIT_CAMPAIGNS),
    "own_address_ask": action(P.EDIT_CAMPAIGNS),
    "own_address_confirm": action(P.EDIT_CAMPAIGNS),
    "own_address_end": action(P.EDIT_CAMPAIGNS),
    # Customers and gateways, who have no account: a token or a secret opens these.
    "unsubscribe": public(404),
    "channel_receipts": public(403),
    "channel_answers": public(403),
    "api_on_site_messages": public(401),
    "api_on_site_read": public(401),
    "outbox_page": page(P.VIEW_OUTBOX),
    "outbox_figures": page(P.VIEW_OUTBOX),
    "outbox_standing": page(P.VIEW_OUTBOX),
    "outbox_rates": page(P.HALT_OUTBOX),
    "origin_page": page(P.VIEW_OUTBOX),
    "origin_standing": page(P.VIEW_OUTBOX),
    "change_origin": action(P.HALT_OUTBOX),
    "message_page": page(P.VIEW_OUTBOX, scoped=True),
    "settle_message": action(P.SETTLE_OUTBOX, scoped=True),
    "sandbox_page": page(P.VIEW_SANDBOX),
    "sandbox_received": page(P.VIEW_SANDBOX),
    # Campaigns and runs: the whole bank's; decisions are about customers and scoped with them.
    "campaign_list": page(P.VIEW_CAMPAIGNS),
    "campaign_page": page(P.VIEW_CAMPAIGNS),
    "campaign_version": page(P.VIEW_CAMPAIGNS),
    "campaign_disclosure": page(P.VIEW_CAMPAIGNS),
    "api_flash_sale": public(401),
    "api_flash_claim": public(401),
    "api_flash_confirm": public(401),
    "api_flash_standing": public(401),
    "referral_withdraw": page(P.WITHDRAW_REFERRALS, scoped=True),
    "benefit_list": page(P.VIEW_CAMPAIGNS),
    "benefit_desk": page(P.REDEEM_BENEFITS),
    "benefit_customer": page(P.REDEEM_BENEFITS, scoped=True),
    "benefit_use": action(P.REDEEM_BENEFITS, scoped=True),
    "benefit_undo": page(P.REDEEM_BENEFITS, scoped=True),
    "benefit_lost": page(P.VIEW_CUSTOMERS),
    "benefit_settle": page(P.EDIT_CAMPAIGNS, scoped=True),
    "flash_list": page(P.VIEW_CAMPAIGNS),
    "flash_page": page(P.VIEW_CAMPAIGNS),
    "flash_figures": page(P.VIEW_CAMPAIGNS),
    "flash_claims": page(P.VIEW_CUSTOMERS),
    "flash_new": page(P.RUN_CAMPAIGNS),
    "budget_page": page(P.VIEW_CAMPAIGNS),
    "budget_state": page(P.VIEW_CAMPAIGNS),
    "liability_state": page(P.VIEW_CAMPAIGNS),
    "budget_ledger": page(P.VIEW_CAMPAIGNS),
    # The editor of campaigns.
    **{name: page(P.EDIT_CAMPAIGNS) for name in DESIGN_PAGES},
    **{name: action(P.EDIT_CAMPAIGNS) for name in DESIGN_ACTIONS},
    "design_touch": page(P.EDIT_CAMPAIGNS),
    "design_condition": page(P.EDIT_CAMPAIGNS, kind="activated"),
    "campaign_submit": action(P.EDIT_CAMPAIGNS),
    "campaign_version_dry_run": action(P.RUN_CAMPAIGNS),
    "campaign_stop": page(P.STOP_CAMPAIGNS),
    "campaign_runs": page(P.VIEW_CAMPAIGNS),
    "text_list": page(P.VIEW_CAMPAIGNS),
    "text_of": page(P.VIEW_CAMPAIGNS),
    "text_start": page(P.EDIT_CAMPAIGNS),
    "text_look": action(P.EDIT_CAMPAIGNS),
    "text_test": action(P.EDIT_CAMPAIGNS),
    "campaigns_breaking": page(P.VIEW_CAMPAIGNS),
    "text_page": page(P.VIEW_CAMPAIGNS),
    "text_new": page(P.EDIT_CAMPAIGNS),
    "text_withdraw": page(P.WITHDRAW_TEXTS),
    "wording_check": page(P.VIEW_CAMPAIGNS),
    "wording_decisions": page(P.VIEW_CAMPAIGNS),
    "era_list": page(P.VIEW_CAMPAIGNS),
    "effect_list": page(P.VIEW_CAMPAIGNS),
    "group_list": page(P.VIEW_CAMPAIGNS),
    "group_new": page(P.EDIT_GROUPS),
    "evening_start": page(P.RUN_CAMPAIGNS),
    "wording_decide": page(P.EDIT_WORDING),
    "given_twice": page(P.VIEW_CUSTOMERS),
    "twice_looked": page(P.SETTLE_TWICE, scoped=True),
    "claw_back_new": page(P.SETTLE_TWICE, scoped=True),
    "claw_back_page": page(P.VIEW_APPROVALS, scoped=True),
    "near_misses": page(P.VIEW_CUSTOMERS),
    "customer_receipts": page(P.VIEW_CUSTOMERS, scoped=True),
    "customer_touches": page(P.VIEW_CUSTOMERS, scoped=True),
    "touch_page": page(P.VIEW_CAMPAIGNS),
    "touch_part": page(P.VIEW_CAMPAIGNS),
    "inside_list": page(P.VIEW_CAMPAIGNS),
    "inside_counts": page(P.VIEW_CAMPAIGNS),
    **dict.fromkeys(RUN_STARTS, page(P.RUN_CAMPAIGNS)),
    "run_page": page(P.VIEW_CAMPAIGNS),
    "run_progress": page(P.VIEW_CAMPAIGNS),
    "run_decisions": page(P.VIEW_CUSTOMERS),
    "decision_page": page(P.VIEW_CUSTOMERS, scoped=True),
}


ADMIN_PAGES = {
    "admin:index": 200,
    "admin:login": 302,
    "admin:logout": 302,  # for everybody
    "admin:password_change": 302,
    "admin:password_change_done": 200,
    "admin:autocomplete": 403,
    "admin:jsi18n": 200,
    "admin:view_on_site": 404,
    "admin:app_list": 200,
}

# Verbs of an admin page and what the role must be allowed to do to the model.
ADMIN_VERBS = {
    "changelist": "view", "add": "add", "history": "view", "delete": "delete", "change": "view",
}  # fmt: skip


def admin_answer(name: str) -> int:
    """What an administrator gets at "admin:app_model_verb", by rules.ADMIN_MODELS."""
    if name in ADMIN_PAGES:
        return ADMIN_PAGES[name]
    app_and_model, _underscore, verb = name.removeprefix("admin:").rpartition("_")
    app, _underscore, model = app_and_model.partition("_")
    needed = ADMIN_VERBS.get(verb, "change")
    allowed = rules.admin_may(Role.ADMINISTRATOR, f"{app}.{needed}_{model}")
    return 200 if allowed else 403


def admin_arguments(name: str, model: type | None) -> dict[str, Any]:
    """The row that an admin page of a model points at."""
    if name == "admin:app_list":
        return {"app_label": "portal"}
    if name == "admin:view_on_site":
        return {"content_type_id": 0, "object_id": 0}
    if model is None or name.endswith(("_changelist", "_add")):
        return {}
    label = model._meta.label  # type: ignore[attr-defined]
    maker = ADMIN_ROWS.get(label)
    return {"object_id": (maker() if maker else row_of(label)).pk}


def _access_attempt() -> Any:
    from axes.models import AccessAttempt
    from django.utils import timezone

    return AccessAttempt.objects.create(
        username="x",
        ip_address="127.0.0.1",
        user_agent="x",
        attempt_time=timezone.now(),
        failures_since_start=1,
    )


def _access_log() -> Any:
    from axes.models import AccessLog

    return AccessLog.objects.create(username="x", ip_address="127.0.0.1", user_agent="x")


# Rows of models that are not ours.
ADMIN_ROWS: dict[str, Callable[[], Any]] = {
    "axes.AccessAttempt": _access_attempt,
    "axes.AccessLog": _access_log,
}
