"""What an address needs to be opened: rows that the person may see, as parts of the address."""

import itertools
from collections.abc import Callable
from typing import Any

from campaigns.design import operations as designs
from journeys.models import Customer
from portal.intake import queries as intake
from portal.kit import clock
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories import campaigns as plans
from tests.factories import journeys, leads, touches
from tests.factories.portal import StaffFactory
from tests.project import merchant_places, quality_rows, target_places, warning_doors
from tests.project.lead_rows import alike_pair, merged_pair
from tests.project.rows import row_of

DESIGN_PAGES = [
    f"design_{name}"
    for name in (
        "list", "start", "basics", "audience", "rewards", "budget", "touches", "texts", "review",
        "count", "effect", "file", "newer", "choices",
    )
]  # fmt: skip
DESIGN_ACTIONS = [
    f"design_{name}" for name in ("change", "words", "save", "discard", "edit", "near", "settle")
]
_OF_NO_DRAFT = ("design_list", "design_start", "design_choices")
_OF_CAMPAIGN = ("design_edit", "design_near")
RUN_STARTS = [f"run_start_{kind}" for kind in ("preview", "dry_run", "back_test", "live")]


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


# What a role may take out that may not take out what the others may.
_EXPORTED = {Role.RELATIONSHIP_MANAGER: "merchant_weeks"}


def _customer(staff: Staff) -> dict[str, Any]:
    return {"number": row_of("journeys.Customer", branch=staff.branch).number}


def _message(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"message_id": row_of("journeys.Message", customer=customer).pk}


def _origin(staff: Staff) -> dict[str, Any]:
    return {"origin": row_of("journeys.Message", origin="campaign:x:v1").origin}


def _complaint(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"number": row_of("journeys.Complaint", customer=customer).number}


def _case(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"number": row_of("journeys.ServiceCase", customer=customer).number}


def _rights(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"number": row_of("journeys.RightsRequest", customer=customer).number}


def _text(_staff: Staff) -> dict[str, Any]:
    return {"text_id": row_of("journeys.MessageTemplate").pk}


def _new_text(_staff: Staff) -> dict[str, Any]:
    """A text that waits for its first approval."""
    key = f"t{next(_numbers)}:sms:zh-hans"
    words = {"subject": "", "body": "x"}
    row_of("portal.Submission", kind="message_text", target_key=key, snapshot=words)
    return {"key": key}


_numbers = itertools.count(1)


def _code() -> str:
    return f"c{next(_numbers)}"


def _answer(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"answer_id": row_of("journeys.Answer", customer=customer).pk}


def _bad_address(staff: Staff) -> dict[str, Any]:
    customer = row_of("journeys.Customer", branch=staff.branch)
    return {"bad_address_id": row_of("journeys.BadAddress", customer=customer).pk}


def _design(staff: Staff) -> dict[str, Any]:
    version = plans.draft(code=_code())
    return {"draft_id": designs.edit_version(version=version, owner=staff, at=clock.now()).pk}


def _touch(staff: Staff) -> dict[str, Any]:
    version = touches.drafted(touches.plan_of(), code=_code())
    found = designs.edit_version(version=version, owner=staff, at=clock.now())
    return {"draft_id": found.pk, "number": 0}


def _touches(staff: Staff) -> dict[str, Any]:
    return {"draft_id": _touch(staff)["draft_id"]}


def _campaign(_staff: Staff) -> dict[str, Any]:
    return {"code": plans.draft(code=_code()).campaign.code}


def _version(_staff: Staff) -> dict[str, Any]:
    return {"version_id": plans.draft(code=_code()).pk}


def _run(_staff: Staff) -> dict[str, Any]:
    return {"run_id": row_of("campaigns.Run", version=plans.draft(code=_code())).pk}


def _sale(staff: Staff) -> dict[str, Any]:
    run = row_of("campaigns.Run", version=plans.draft(code=_code()))
    return {"sale_id": row_of("campaigns.FlashSale", run=run).pk}


def _decision(staff: Staff) -> Any:
    run = row_of("campaigns.Run", version=plans.draft(code=_code()))
    customer = row_of("journeys.Customer", branch=staff.branch)
    return row_of("campaigns.Decision", run=run, customer=customer)


def _benefit(staff: Staff) -> Any:
    customer = row_of("journeys.Customer", branch=staff.branch)
    card = journeys.CardFactory(
        customer=customer, activated_date=journeys.DAY, first_used_date=journeys.DAY
    )
    return row_of("campaigns.Benefit", grant=row_of("campaigns.Grant", card=card))


def _held_twice(staff: Staff) -> Any:
    """What a person holds twice: the later one of two rewards under two numbers."""
    grants = []
    for _number in range(2):
        customer = row_of("journeys.Customer", branch=staff.branch)
        card = journeys.CardFactory(
            customer=customer, activated_date=journeys.DAY, first_used_date=journeys.DAY
        )
        run = {"run": grants[0].run, "version": grants[0].version} if grants else {}
        grants.append(row_of("campaigns.Grant", card=card, **run))
    known = journeys.CustomerFactory.build(id_number="440305199012310019")
    names = ("id_number_sealed", "id_number_index", "bearer")
    people = Customer.objects.filter(pk__in=[one.customer_id for one in grants])
    people.update(**{name: getattr(known, name) for name in names})
    return grants[-1]


# What an address points at, made for the person who visits; the names are those of the URL.
def _lead(staff: Staff) -> dict[str, Any]:
    return {"lead_id": row_of("journeys.Lead", branch=staff.branch).pk}


def _fact(_staff: Staff) -> dict[str, Any]:
    return {"fact_id": row_of("journeys.ProductFact").pk}


def _script(_staff: Staff) -> dict[str, Any]:
    return {"script_id": row_of("journeys.CallScript").pk}


def _outcome(_staff: Staff) -> dict[str, Any]:
    return {"code": leads.outcome().code}


def _holder(staff: Staff) -> dict[str, Any]:
    return {"username": StaffFactory(role=Role.TELEMARKETER, branch=staff.branch).username}


def _call_drawn(staff: Staff) -> dict[str, Any]:
    """A call of somebody of the person's branch that was drawn."""
    caller = StaffFactory(role=Role.TELEMARKETER, branch=staff.branch)
    return {"case_id": row_of("journeys.QualityCase", caller=caller).pk}


ARGUMENTS: dict[str, Callable[[Staff], dict[str, Any]]] = {
    "approval_page": _submission,
    "approval_approve": _submission,
    "approval_return": _submission,
    "approval_veto": _submission,
    "approval_withdraw": _submission,
    "audit_page": _entry,
    "token_page": lambda _staff: {"token_id": row_of("portal.ApiToken").pk},
    "token_revoke": lambda _staff: {"token_id": row_of("portal.ApiToken").pk},
    "upload_page": _upload,
    "upload_progress": _upload,
    "upload_import": _upload,
    "upload_errors": _upload_with_workbook,
    "export_start": lambda staff: {"kind": _EXPORTED.get(staff.role, "stage_funnel")},
    "api_import": lambda _staff: {"batch_id": 1},
    "api_send_rows": lambda _staff: {"kind": "customers"},
    **target_places.ARGUMENTS,
    **merchant_places.ARGUMENTS,
    **warning_doors.PLACES,
    "campaign_alerts": _campaign,
    **{f"lead_{name}": _lead for name in ("page", "claim", "release", "end")},
    "lead_same": lambda staff: {"pair_id": alike_pair(staff.branch).pk},
    "lead_merge_undo": lambda staff: {"merge_id": merged_pair(staff.branch).pk},
    **{f"lead_{name}": _holder for name in ("holder", "take_back")},
    **{f"quality_{name}": _call_drawn for name in ("case", "read", "decide")},
    **{
        name: lambda staff: {"case_id": quality_rows.read_case(caller=staff).pk}
        for name in ("my_call", "my_call_dispute")
    },
    **{f"script_{name}": _script for name in ("page", "withdraw")},
    **{f"fact_{name}": _fact for name in ("page", "withdraw")},
    **dict.fromkeys(("disposition_page", "disposition_end"), _outcome),
    "customer_page": _customer,
    "customer_timeline": _customer,
    "customer_spending": _customer,
    "customer_promise": _customer,
    "customer_receipts": _customer,
    "customer_touches": _customer,
    "customer_care": _customer,
    "customer_points": _customer,
    "reveal_field": lambda staff: {**_customer(staff), "field": "phone"},
    "customer_contact": _customer,
    "consent_new": _customer,
    "consent_back": _customer,
    "refusal_new": _customer,
    "control_group_page": lambda _staff: {"group_id": row_of("journeys.ControlGroup").pk},
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
    "answer_settle": _answer,
    "bad_address_end": _bad_address,
    **{
        f"own_address_{way}": lambda _staff: {"channel": "sms"} for way in ("ask", "confirm", "end")
    },
    "channel_receipts": lambda _staff: {"code": "sms"},
    "channel_answers": lambda _staff: {"code": "sms"},
    "origin_page": _origin,
    "origin_standing": _origin,
    "change_origin": _origin,
    "message_page": _message,
    "settle_message": _message,
    "campaign_page": _campaign,
    "campaign_stop": _campaign,
    "budget_page": _campaign,
    "referral_withdraw": lambda staff: {
        "referral_id": row_of(
            "journeys.Referral",
            application=journeys.ApplicationFactory(
                customer=row_of("journeys.Customer", branch=staff.branch)
            ),
        ).pk
    },
    "benefit_customer": _customer,
    "benefit_use": lambda staff: {"benefit_id": _benefit(staff).pk},
    "benefit_undo": lambda staff: {
        "entry_id": row_of("campaigns.BenefitEntry", benefit=_benefit(staff)).pk
    },
    "twice_looked": lambda staff: {"what": "campaign", "grant_id": _held_twice(staff).pk},
    "claw_back_new": lambda staff: {"grant_id": _held_twice(staff).pk},
    "claw_back_page": lambda staff: {
        "claw_back_id": row_of("campaigns.ClawBack", grant=_held_twice(staff)).pk
    },
    "benefit_settle": lambda staff: {
        "row_id": row_of("campaigns.UsedBefore", benefit=_benefit(staff)).pk
    },
    "flash_new": _campaign,
    "flash_page": _sale,
    "flash_figures": _sale,
    "flash_claims": _sale,
    "api_flash_sale": lambda _staff: {"sale_id": 1},
    "api_flash_claim": lambda _staff: {"sale_id": 1},
    "api_flash_confirm": lambda _staff: {"sale_id": 1},
    "api_flash_standing": lambda _staff: {"sale_id": 1},
    "budget_state": _campaign,
    "liability_state": _campaign,
    "campaign_runs": _campaign,
    "text_page": _text,
    "text_of": _new_text,
    "text_new": _text,
    "text_withdraw": _text,
    "near_misses": _run,
    "campaign_version": _version,
    "touch_page": _version,
    "touch_part": _version,
    "campaign_submit": _version,
    **{name: _design for name in DESIGN_PAGES if name not in _OF_NO_DRAFT},
    "design_choices": lambda _staff: {"source": "merchants"},
    **{name: _design for name in DESIGN_ACTIONS if name not in _OF_CAMPAIGN},
    "design_condition": _design,
    "design_touches": _touches,
    "design_touch": _touch,
    **dict.fromkeys(_OF_CAMPAIGN, _campaign),
    "campaign_version_dry_run": _version,
    "campaign_disclosure": _version,
    **dict.fromkeys(RUN_STARTS, _campaign),
    "run_page": _run,
    "run_progress": _run,
    "run_decisions": _run,
    "decision_page": lambda staff: {"decision_id": _decision(staff).pk},
}

# Pages of Django's admin that belong to no model: the answer to an administrator.
