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
from tests.factories import funds, journeys, negotiation, partnerships, touches
from tests.factories.portal import StaffFactory
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


def _merchant(staff: Staff) -> dict[str, Any]:
    return {"number": row_of("merchants.Merchant", branch=staff.branch, manager=staff).number}


def _partnership(staff: Staff) -> dict[str, Any]:
    row = row_of("merchants.Partnership", branch=staff.branch, manager=staff)
    return {"partnership_id": row.pk}


def _post(staff: Staff) -> dict[str, Any]:
    return {"number": row_of("merchants.Post", branch=staff.branch, manager=staff).number}


def _colleague(staff: Staff) -> Staff:
    return StaffFactory(role="telemarketer", branch=staff.branch)


def _shift(staff: Staff) -> dict[str, Any]:
    post = row_of("merchants.Post", branch=staff.branch, manager=staff)
    return {"shift_id": row_of("merchants.Shift", post=post).pk}


def _own_shift(staff: Staff) -> dict[str, Any]:
    post = row_of("merchants.Post", branch=staff.branch)
    for kind in ("cards", "on_site"):
        row_of("merchants.StaffQualification", staff=staff, kind=kind)
    return {"shift_id": row_of("merchants.Shift", post=post, staff=staff).pk, "step": "in"}


def _qualification(staff: Staff) -> dict[str, Any]:
    row = row_of("merchants.StaffQualification", staff=_colleague(staff))
    return {"qualification_id": row.pk}


# What a role may take out that may not take out what the others may.
_EXPORTED = {Role.RELATIONSHIP_MANAGER: "merchant_weeks"}


def _rival_offer(staff: Staff) -> dict[str, Any]:
    merchant = row_of("merchants.Merchant", branch=staff.branch, manager=staff)
    row = row_of("merchants.Partnership", branch=staff.branch, manager=staff, merchant=merchant)
    offer = row_of("merchants.RivalOffer", merchant=merchant)
    return {"partnership_id": row.pk, "offer_id": offer.pk}


def _partnership_task(staff: Staff) -> dict[str, Any]:
    row = row_of("merchants.Partnership", branch=staff.branch, manager=staff)
    return {"task_id": row_of("merchants.PartnershipTask", partnership=row).pk, "step": "done"}


def _negotiation(staff: Staff) -> dict[str, Any]:
    row = row_of("merchants.Partnership", branch=staff.branch, manager=staff)
    return {"negotiation_id": row_of("merchants.Negotiation", partnership=row).pk}


def _in_signing(staff: Staff) -> dict[str, Any]:
    leader = StaffFactory(role="relationship_manager", branch=staff.branch)
    is_leader = staff.role == "relationship_manager"
    partnership = partnerships.in_phase("comparison", manager=staff if is_leader else leader)
    return {"negotiation_id": negotiation.in_stage("signing", partnership=partnership).pk}


def _reminder(staff: Staff) -> dict[str, Any]:
    row = row_of("merchants.Partnership", branch=staff.branch, manager=staff)
    return {"reminder_id": row_of("merchants.Reminder", partnership=row).pk}


def _fund_plan(staff: Staff) -> dict[str, Any]:
    return {"plan_id": row_of("merchants.FundPlan", branch=staff.branch, owner=staff).pk}


def _fund_share(staff: Staff) -> dict[str, Any]:
    plan = row_of("merchants.FundPlan", branch=staff.branch, owner=staff)
    return {"plan_id": plan.pk, "share_id": row_of("merchants.FundShare", plan=plan).pk}


def _fund_line(staff: Staff) -> dict[str, Any]:
    plan = row_of("merchants.FundPlan", branch=staff.branch, owner=staff)
    return {"line_id": row_of("merchants.FundLine", plan=plan).pk}


def _fund_ledger(staff: Staff) -> dict[str, Any]:
    owner = partnerships.manager(branch=staff.branch)
    return {"line_id": funds.first_line(funds.approved(partners=1, owner=owner)).pk}


def _reason(_staff: Staff) -> dict[str, Any]:
    return {"reason_id": row_of("merchants.RefusalReason").pk}


def _answer(_staff: Staff) -> dict[str, Any]:
    return {"answer_id": row_of("merchants.RefusalAnswer").pk}


def _of_partnership(label: str, name: str, **more: Any) -> Callable[[Staff], dict[str, Any]]:
    def made(staff: Staff) -> dict[str, Any]:
        row = row_of("merchants.Partnership", branch=staff.branch, manager=staff)
        return {name: row_of(label, partnership=row).pk, **more}

    return made


def _try(staff: Staff) -> dict[str, Any]:
    row = row_of("merchants.Partnership", branch=staff.branch, manager=staff)
    refusal = row_of("merchants.Refusal", partnership=row)
    return {"try_id": row_of("merchants.AnswerTry", refusal=refusal).pk}


def _merchant_lead(staff: Staff) -> dict[str, Any]:
    return {"number": row_of("merchants.MerchantLead", branch=staff.branch).number}


_refusal = _of_partnership("merchants.Refusal", "refusal_id")
_meeting = _of_partnership("merchants.Meeting", "meeting_id")


def _store(staff: Staff) -> dict[str, Any]:
    merchant = row_of("merchants.Merchant", branch=staff.branch, manager=staff)
    store = row_of("merchants.Store", merchant=merchant)
    return {"number": merchant.number, "kind": "store", "entry_id": store.pk}


def _merge(staff: Staff) -> dict[str, Any]:
    kept = row_of("merchants.Merchant", branch=staff.branch)
    return {"merge_id": row_of("merchants.MerchantMerge", kept=kept).pk}


def _contact_field(staff: Staff) -> dict[str, Any]:
    merchant = row_of("merchants.Merchant", branch=staff.branch, manager=staff)
    contact = row_of("merchants.MerchantContact", merchant=merchant, phone="13800001234")
    return {"number": merchant.number, "contact": contact.number, "field": "phone"}


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
    "merchant_page": _merchant,
    "merchant_turnover": _merchant,
    "merchant_partnership": _merchant,
    "merchant_figures": _merchant,
    "partnership_new": _merchant,
    "partnership_page": _partnership,
    "partnership_move": _partnership,
    "partnership_withdraw": _partnership,
    "partnership_negotiations": _partnership,
    "negotiation_new": _partnership,
    "negotiation_page": _negotiation,
    "negotiation_move": _negotiation,
    "offer_new": _negotiation,
    "figure_new": _negotiation,
    "negotiation_sign": _in_signing,
    "terms_withdraw": _negotiation,
    "reminder_dismiss": _reminder,
    "partnership_hand_over": _partnership,
    "comparison_page": _partnership,
    "rival_offer_new": _partnership,
    "rival_offer_withdraw": _rival_offer,
    "suggestion_decline": _partnership,
    "refusal_reason": _reason,
    "reason_grow": _reason,
    "answer_new": _reason,
    "reason_retire": _reason,
    "answer_retire": _answer,
    "lead_refusals": _merchant_lead,
    "partnership_refusals": _partnership,
    "merchant_refusal_new": _partnership,
    "refusal_page": _refusal,
    "refusal_try": _refusal,
    "refusal_settle": _of_partnership("merchants.Refusal", "refusal_id", step="let-be"),
    "try_settle": _try,
    "window_page": _partnership,
    "partnership_window": _partnership,
    "note_new": _partnership,
    "note_page": _of_partnership("merchants.WindowNote", "note_id"),
    "promise_new": _partnership,
    "promise_settle": _of_partnership("merchants.PartnerPromise", "promise_id", step="kept"),
    "meeting_new": _partnership,
    "meeting_page": _meeting,
    "meeting_change": _meeting,
    "meeting_held": _meeting,
    "meeting_call_off": _meeting,
    "task_settle": _partnership_task,
    "partnership_funds": _partnership,
    **{
        f"fund_{name}": _fund_plan
        for name in ("page", "edit", "partners", "share", "solve", "submit", "withdraw")
    },
    "fund_unshare": _fund_share,
    "fund_line": _fund_line,
    "fund_line_remove": _fund_line,
    "fund_ledger": _fund_ledger,
    "fund_book": lambda staff: {**_fund_ledger(staff), "kind": "commit"},
    "playbook_edit": lambda _staff: {"phase": "perfect"},
    "merchant_edit": _merchant,
    "merchant_partner": _merchant,
    "merchant_assign": _merchant,
    "merchant_entry_new": lambda staff: {**_merchant(staff), "kind": "store"},
    "merchant_entry": _store,
    "merchant_merge": lambda staff: {**_merchant(staff), "other": _merchant(staff)["number"]},
    "merchant_merge_undo": _merge,
    "contact_reveal": _contact_field,
    "merchant_evidence": _merchant,
    "merchant_posts": _merchant,
    "post_new": _merchant,
    "post_page": _post,
    "post_edit": _post,
    "post_cost": _post,
    "shift_new": _post,
    "shift_page": _shift,
    "shift_cancel": _shift,
    "shift_step": _own_shift,
    "qualification_new": lambda staff: {"username": _colleague(staff).username},
    "qualification_withdraw": _qualification,
    "absence_new": lambda staff: {"username": _colleague(staff).username},
    "absence_cancel": lambda staff: {
        "absence_id": row_of("merchants.PostAbsence", staff=_colleague(staff)).pk
    },
    "customer_page": _customer,
    "customer_timeline": _customer,
    "customer_spending": _customer,
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
