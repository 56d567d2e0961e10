"""What addresses of merchants need to be opened: a part of the table in places.py."""

from collections.abc import Callable
from typing import Any

from portal.models import Staff
from tests.factories import funds, negotiation, partnerships
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of


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


def _refusal_answer(_staff: Staff) -> dict[str, Any]:
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


ARGUMENTS: dict[str, Callable[[Staff], dict[str, Any]]] = {
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
    "answer_retire": _refusal_answer,
    "lead_refusals": _merchant_lead,
    "partnership_refusals": _partnership,
    "partnership_effects": _partnership,
    "partnership_returns": _partnership,
    "design_joint": _partnership,
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
        for name in (
            "amend",
            "page",
            "edit",
            "partners",
            "share",
            "solve",
            "submit",
            "withdraw",
        )
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
}
