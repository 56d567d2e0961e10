"""Leads, their pools, the history of who had them, and the calls that are read."""

from journeys.telemarketing.models.leads import MESSAGE_ID, Lead
from journeys.telemarketing.models.pools import LeadAssignment, LeadHold, LeadMove, PoolPolicy
from journeys.telemarketing.models.quality import (
    QualityCase,
    QualityDecision,
    QualityDispute,
    QualityDraw,
    QualityForm,
    QualityPolicy,
    QualityReview,
)

__all__ = [
    "MESSAGE_ID", "Lead", "LeadAssignment", "LeadHold", "LeadMove", "PoolPolicy", "QualityCase",
    "QualityDecision", "QualityDispute", "QualityDraw", "QualityForm", "QualityPolicy",
    "QualityReview",
]  # fmt: skip
