"""Telling customers the results of their applications."""

from journeys.notices.operations.again import tell_withdrawn_again
from journeys.notices.operations.limits import RuleNotAllowed, set_notice_rule, set_usual_rule
from journeys.notices.operations.telling import tell_results
from journeys.notices.operations.texts import ensure_result_texts
from journeys.notices.operations.wording import (
    WordingRefused,
    carry_wording,
    current_hash,
    leave_wording,
    propose_wording,
)

__all__ = [
    "RuleNotAllowed", "WordingRefused", "carry_wording", "current_hash",
    "ensure_result_texts", "leave_wording", "propose_wording", "set_notice_rule", "set_usual_rule",
    "tell_results", "tell_withdrawn_again",
]  # fmt: skip
