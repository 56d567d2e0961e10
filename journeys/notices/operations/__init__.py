"""Telling customers the results of their applications."""

from journeys.notices.operations.limits import RuleNotAllowed, set_notice_rule, set_usual_rule
from journeys.notices.operations.telling import tell_results
from journeys.notices.operations.texts import ensure_result_texts

__all__ = [
    "RuleNotAllowed", "ensure_result_texts", "set_notice_rule", "set_usual_rule", "tell_results",
]  # fmt: skip
