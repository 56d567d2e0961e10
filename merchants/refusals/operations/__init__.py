"""Growing the tree of reasons, recording refusals, and telling what was tried."""

from merchants.refusals.operations.growing import (
    Said,
    TreeNotAllowed,
    add_answer,
    grow_reason,
    retire_answer,
    retire_reason,
)
from merchants.refusals.operations.guards import RefusalNotAllowed
from merchants.refusals.operations.recording import (
    let_be,
    record_lead_refusal,
    record_refusal,
    withdraw_refusal,
)
from merchants.refusals.operations.trying import settle_try, try_answer

__all__ = [
    "RefusalNotAllowed", "Said", "TreeNotAllowed", "add_answer", "grow_reason", "let_be",
    "record_lead_refusal", "record_refusal", "retire_answer", "retire_reason", "settle_try",
    "try_answer", "withdraw_refusal",
]  # fmt: skip
