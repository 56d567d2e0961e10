"""Leads, their pools, the history of who had them, what callers are shown, what calls came to, and
the calls that are read."""

from journeys.telemarketing.models.callbacks import Callback
from journeys.telemarketing.models.calls import CallDraft, Disposition, LeadCall
from journeys.telemarketing.models.conversions import LeadConversion
from journeys.telemarketing.models.dials import LeadDial
from journeys.telemarketing.models.facts import LONGEST, ProductFact
from journeys.telemarketing.models.leads import MESSAGE_ID, Lead
from journeys.telemarketing.models.merges import LeadMerge, LeadPair
from journeys.telemarketing.models.moods import MoodMove
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
from journeys.telemarketing.models.rests import LeadRest
from journeys.telemarketing.models.scores import LeadScore, LeadScoring
from journeys.telemarketing.models.scripts import CallScript, ScriptUse

__all__ = [
    "LONGEST", "MESSAGE_ID", "CallDraft", "CallScript", "Callback", "Disposition", "Lead",
    "LeadAssignment", "LeadCall", "LeadConversion", "LeadDial", "LeadHold", "LeadMerge", "LeadMove",
    "LeadPair", "LeadRest", "LeadScore", "LeadScoring", "MoodMove", "PoolPolicy", "ProductFact",
    "QualityCase", "QualityDecision", "QualityDispute", "QualityDraw", "QualityForm",
    "QualityPolicy", "QualityReview", "ScriptUse",
]  # fmt: skip
