"""Leads, their pools, the history of who had them, and what calls came to."""

from journeys.telemarketing.models.callbacks import Callback
from journeys.telemarketing.models.calls import CallDraft, Disposition, LeadCall
from journeys.telemarketing.models.leads import MESSAGE_ID, Lead
from journeys.telemarketing.models.moods import MoodMove
from journeys.telemarketing.models.pools import LeadAssignment, LeadHold, LeadMove, PoolPolicy

__all__ = [
    "MESSAGE_ID", "CallDraft", "Callback", "Disposition", "Lead", "LeadAssignment", "LeadCall",
    "LeadHold", "LeadMove", "MoodMove", "PoolPolicy",
]  # fmt: skip
