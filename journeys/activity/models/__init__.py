"""Definitions and limits, since when cards rest, figures by day, proofs, and what others say."""

from journeys.activity.models.figures import (
    ActivityCount,
    ActivityDay,
    ActivityProof,
    CohortMonth,
    SleepDay,
    SleepFlow,
)
from journeys.activity.models.rests import CardMark, CardRest
from journeys.activity.models.settings import ActiveDefinition, SleepRule
from journeys.activity.models.snapshots import ActivitySnapshot

__all__ = [
    "ActiveDefinition", "ActivityCount", "ActivityDay", "ActivityProof", "ActivitySnapshot",
    "CardMark", "CardRest", "CohortMonth", "SleepDay", "SleepFlow", "SleepRule",
]  # fmt: skip
