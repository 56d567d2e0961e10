"""The pages of refusals."""

from merchants.refusals.views.lists import lead_refusals, merchant_refusal_list, refusal_leads
from merchants.refusals.views.pages import (
    merchant_refusal_new,
    partnership_refusals,
    refusal_page,
    refusal_settle,
    refusal_try,
    try_settle,
)
from merchants.refusals.views.tree import (
    answer_new,
    answer_retire,
    reason_grow,
    reason_retire,
    refusal_reason,
    refusal_reasons,
)

__all__ = [
    "answer_new", "answer_retire", "lead_refusals", "merchant_refusal_list",
    "merchant_refusal_new", "partnership_refusals", "reason_grow", "reason_retire",
    "refusal_leads", "refusal_page", "refusal_reason", "refusal_reasons", "refusal_settle",
    "refusal_try", "try_settle",
]  # fmt: skip
