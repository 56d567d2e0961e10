"""Judging the turnover of all merchants, and counting who paid there. Loads numpy and scipy: for
what works at night."""

from merchants.evidence.operations.evaluating import Evaluated, evaluate_turnover
from merchants.evidence.operations.reaching import count_reach

__all__ = ["Evaluated", "count_reach", "evaluate_turnover"]
