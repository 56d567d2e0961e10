"""Writing cases and complaints: their limits, their steps, the extension by a second person."""

from journeys.care.operations.cases import CaseClosed, close_case, open_case
from journeys.care.operations.complaints import (
    CauseUnknown,
    NotInState,
    WordsMissing,
    answer_complaint,
    close_complaint,
    open_complaint,
    reopen_complaint,
)
from journeys.care.operations.extensions import (
    APPROVAL_KIND,
    NotExtendable,
    ask_extension,
    carry_extended,
    carry_refused,
    current_hash,
)
from journeys.care.operations.limits import (
    NoLimits,
    RuleNotAllowed,
    set_complaint_rule,
    set_usual_rule,
)

__all__ = [
    "APPROVAL_KIND", "CaseClosed", "CauseUnknown", "NoLimits", "NotExtendable", "NotInState",
    "RuleNotAllowed", "WordsMissing", "answer_complaint", "ask_extension", "carry_extended",
    "carry_refused", "close_case", "close_complaint", "current_hash", "open_case",
    "open_complaint", "reopen_complaint", "set_complaint_rule", "set_usual_rule",
]  # fmt: skip
