"""The table of doors: every address of the portal and who may pass. A new URL is one line here;
one that takes arguments needs a row to point at in ARGUMENTS."""

import itertools
from collections.abc import Callable
from typing import Any

from portal.intake import queries as intake
from portal.kit import clock
from portal.models import Staff
from portal.staff import rules
from portal.staff.enums import Permission as P
from portal.staff.enums import Role
from tests.factories import campaigns as plans
from tests.factories.portal import StaffFactory
from tests.project.door_kinds import PUBLIC, SIGNED_IN, Door, action, page, public, signed_in
from tests.project.rows import row_of

__all__ = ["ARGUMENTS", "DOORS", "PUBLIC", "SIGNED_IN", "Door"]
_numbers = itertools.count(1)

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
    "set_language": public(405),
    "healthz": public(),
    "readyz": public(),
    "metrics": public(),
    # Approvals, audit trail, imports.
    "approval_list": page(P.VIEW_APPROVALS),
    "approval_page": page(P.VIEW_APPROVALS, scoped=True),
    "approval_approve": action(P.VIEW_APPROVALS, scoped=True),
    "approval_return": action(P.VIEW_APPROVALS, scoped=True),
    "approval_withdraw": action(P.VIEW_APPROVALS, scoped=True),
    "audit_list": page(P.VIEW_AUDIT),
    "audit_page": page(P.VIEW_AUDIT, scoped=True),
    "import_list": page(P.VIEW_IMPORTS),
    "import_kinds": page(P.VIEW_IMPORTS),
    "token_list": page(P.ADMINISTER),
    "token_new": page(P.ADMINISTER),
    "token_page": page(P.ADMINISTER),
    "token_revoke": action(P.ADMINISTER),
    "upload_start": page(P.IMPORT_FILES),
    "upload_page": page(P.VIEW_IMPORTS),
    "upload_progress": page(P.VIEW_IMPORTS),
    "upload_import": action(P.IMPORT_FILES),
    "upload_errors": page(P.VIEW_IMPORTS),
    # Exports: each kind has its own permission besides.
    "export_list": page(P.EXPORT_DATA),
    "export_find": action(P.EXPORT_DATA),
    "export_start": page(P.EXPORT_DATA),
    # The JSON API guards itself by tokens; a person's session opens nothing there.
    "api_openapi": public(401),
    "api_import": public(401),
    "api_send_rows": public(401),
    "api_flash_sale": public(401),
    "api_flash_claim": public(401),
    "api_flash_confirm": public(401),
    "api_flash_standing": public(401),
    # Merchants.
    "merchant_list": page(P.VIEW_MERCHANTS),
    "merchant_page": page(P.VIEW_MERCHANTS, scoped=True),
    "merchant_turnover": page(P.VIEW_MERCHANTS, scoped=True),
    # Customers and leads.
    "customer_list": page(P.VIEW_CUSTOMERS),
    "customer_page": page(P.VIEW_CUSTOMERS, scoped=True),
    "customer_timeline": page(P.VIEW_CUSTOMERS, scoped=True),
    "customer_points": page(P.VIEW_CUSTOMERS, scoped=True),
    "reveal_field": page(P.REVEAL_DATA, scoped=True),
    "reveal_list": page(P.VIEW_REVEALS),
    "application_clock": page(P.VIEW_CUSTOMERS),
    "result_list": page(P.VIEW_CUSTOMERS),
    "stage_funnel": page(P.VIEW_STAGES),
    "lead_list": page(P.VIEW_LEADS),
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
    "outbox_page": page(P.VIEW_OUTBOX),
    "outbox_figures": page(P.VIEW_OUTBOX),
    "message_page": page(P.VIEW_OUTBOX, scoped=True),
    "settle_message": action(P.SETTLE_OUTBOX, scoped=True),
    "sandbox_page": page(P.VIEW_SANDBOX),
    "sandbox_received": page(P.VIEW_SANDBOX),
    # Campaigns and runs: the whole bank's; decisions are about customers and scoped with them.
    "campaign_list": page(P.VIEW_CAMPAIGNS),
    "campaign_page": page(P.VIEW_CAMPAIGNS),
    "campaign_version": page(P.VIEW_CAMPAIGNS),
    "campaign_submit": action(P.EDIT_CAMPAIGNS),
    "campaign_stop": page(P.STOP_CAMPAIGNS),
    "campaign_runs": page(P.VIEW_CAMPAIGNS),
    "run_start_preview": page(P.RUN_CAMPAIGNS),
    "run_start_live": page(P.RUN_CAMPAIGNS),
    "run_page": page(P.VIEW_CAMPAIGNS),
    "run_progress": page(P.VIEW_CAMPAIGNS),
    "run_decisions": page(P.VIEW_CUSTOMERS),
    "decision_page": page(P.VIEW_CUSTOMERS, scoped=True),
    "flash_list": page(P.VIEW_CAMPAIGNS),
    "flash_page": page(P.VIEW_CAMPAIGNS),
    "flash_figures": page(P.VIEW_CAMPAIGNS),
    "flash_claims": page(P.VIEW_CUSTOMERS),
    "flash_new": page(P.RUN_CAMPAIGNS),
}


def _submission(staff: Staff) -> dict[str, Any]:
    maker = StaffFactory(branch=staff.branch)
    version = plans.draft(owner=maker, code=_code())
    submission = row_of("portal.Submission", target_key=str(version.pk), maker=maker)
    return {"submission_id": submission.pk}


def _entry(staff: Staff) -> dict[str, Any]:
    return {"entry_id": row_of("portal.AuditEntry", branch=staff.branch, actor=staff).pk}


def _upload(staff: Staff) -> dict[str, Any]:
    return {"upload_id": row_of("portal.Upload", by=staff).pk}


def _upload_with_workbook(staff: Staff) -> dict[str, Any]:
    trial = row_of("portal.ImportBatch", rows_bad=1, is_dry_run=True)
    upload = row_of("portal.Upload", by=staff, state="checked", trial=trial)
    path = intake.workbook_of(upload)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    return {"upload_id": upload.pk}


def _merchant(staff: Staff) -> dict[str, Any]:
    return {"number": row_of("merchants.Merchant", branch=staff.branch, manager=staff).number}


def _customer(staff: Staff) -> dict[str, Any]:
    return {"number": row_of("journeys.Customer", branch=staff.branch).number}


def _message(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"message_id": row_of("journeys.Message", customer=customer).pk}


def _complaint(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"number": row_of("journeys.Complaint", customer=customer).number}


def _case(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"number": row_of("journeys.ServiceCase", customer=customer).number}


def _rights(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"number": row_of("journeys.RightsRequest", customer=customer).number}


def _code() -> str:
    return f"c{next(_numbers)}"


def _campaign(_staff: Staff) -> dict[str, Any]:
    return {"code": plans.draft(code=_code()).campaign.code}


def _version(_staff: Staff) -> dict[str, Any]:
    return {"version_id": plans.draft(code=_code()).pk}


def _run(_staff: Staff) -> dict[str, Any]:
    return {"run_id": row_of("campaigns.Run", version=plans.draft(code=_code())).pk}


def _decision(staff: Staff) -> Any:
    run = row_of("campaigns.Run", version=plans.draft(code=_code()))
    customer = row_of("journeys.Customer", branch=staff.branch)
    return row_of("campaigns.Decision", run=run, customer=customer)


def _sale(_staff: Staff) -> dict[str, Any]:
    run = row_of("campaigns.Run", version=plans.draft(code=_code()))
    return {"sale_id": row_of("campaigns.FlashSale", run=run).pk}


# What an address points at, made for the person who visits; the names are those of the URL.
ARGUMENTS: dict[str, Callable[[Staff], dict[str, Any]]] = {
    "approval_page": _submission,
    "approval_approve": _submission,
    "approval_return": _submission,
    "approval_withdraw": _submission,
    "audit_page": _entry,
    "token_page": lambda _staff: {"token_id": row_of("portal.ApiToken").pk},
    "token_revoke": lambda _staff: {"token_id": row_of("portal.ApiToken").pk},
    "upload_page": _upload,
    "upload_progress": _upload,
    "upload_import": _upload,
    "upload_errors": _upload_with_workbook,
    "export_start": lambda _staff: {"kind": "stage_funnel"},
    "api_import": lambda _staff: {"batch_id": 1},
    "api_send_rows": lambda _staff: {"kind": "customers"},
    "merchant_page": _merchant,
    "merchant_turnover": _merchant,
    "customer_page": _customer,
    "customer_timeline": _customer,
    "customer_care": _customer,
    "customer_points": _customer,
    "reveal_field": lambda staff: {**_customer(staff), "field": "phone"},
    "customer_contact": _customer,
    "consent_new": _customer,
    "consent_back": _customer,
    "refusal_new": _customer,
    "calendar_enter": lambda _staff: {"year": clock.today().year + 1},
    "complaint_page": _complaint,
    "complaint_answer": _complaint,
    "complaint_extend": _complaint,
    "complaint_close": _complaint,
    "complaint_reopen": _complaint,
    "case_page": _case,
    "case_close": _case,
    "rights_page": _rights,
    "rights_identity": _rights,
    "rights_copy": _rights,
    "rights_correct": _rights,
    "rights_erase": _rights,
    "rights_again": _rights,
    "rights_object": _rights,
    "rights_finish": _rights,
    "rights_refuse": _rights,
    "message_page": _message,
    "settle_message": _message,
    "campaign_page": _campaign,
    "campaign_stop": _campaign,
    "campaign_runs": _campaign,
    "run_start_preview": _campaign,
    "run_start_live": _campaign,
    "campaign_version": _version,
    "campaign_submit": _version,
    "flash_new": _campaign,
    "flash_page": _sale,
    "flash_figures": _sale,
    "flash_claims": _sale,
    "api_flash_sale": lambda _staff: {"sale_id": 1},
    "api_flash_claim": lambda _staff: {"sale_id": 1},
    "api_flash_confirm": lambda _staff: {"sale_id": 1},
    "api_flash_standing": lambda _staff: {"sale_id": 1, "number": "C1"},
    "run_page": _run,
    "run_progress": _run,
    "run_decisions": _run,
    "decision_page": lambda staff: {"decision_id": _decision(staff).pk},
}

# Pages of Django's admin that belong to no model: the answer to an administrator.
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
