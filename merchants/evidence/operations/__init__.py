"""Judging the turnover of all merchants. Loads numpy and scipy: for what works at night."""

from merchants.evidence.operations.evaluating import Evaluated, evaluate_turnover

__all__ = ["Evaluated", "evaluate_turnover"]
