"""Plans of targets, scorecards, and the ledger of pay."""

from journeys.targets.models.pay import PayCard, PayEntry, PayMonth
from journeys.targets.models.plans import TargetCell, TargetNode, TargetPlan
from journeys.targets.models.scorecards import Scorecard, ScorecardMeasure, ScorecardRule

__all__ = [
    "PayCard", "PayEntry", "PayMonth", "Scorecard", "ScorecardMeasure", "ScorecardRule",
    "TargetCell", "TargetNode", "TargetPlan",
]  # fmt: skip
