"""Leads, their pools, and the history of who had them."""

from journeys.telemarketing.models.leads import MESSAGE_ID, Lead
from journeys.telemarketing.models.pools import LeadAssignment, LeadHold, LeadMove, PoolPolicy
from journeys.telemarketing.models.scores import LeadScore, LeadScoring

__all__ = [
    "MESSAGE_ID",
    "Lead",
    "LeadAssignment",
    "LeadHold",
    "LeadMove",
    "LeadScore",
    "LeadScoring",
    "PoolPolicy",
]
