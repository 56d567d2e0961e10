"""Leads, their pools, and the history of who had them."""

from journeys.telemarketing.models.conversions import LeadConversion
from journeys.telemarketing.models.leads import MESSAGE_ID, Lead
from journeys.telemarketing.models.merges import LeadMerge, LeadPair
from journeys.telemarketing.models.pools import LeadAssignment, LeadHold, LeadMove, PoolPolicy

__all__ = [
    "MESSAGE_ID", "Lead", "LeadAssignment", "LeadConversion", "LeadHold", "LeadMerge", "LeadMove",
    "LeadPair", "PoolPolicy",
]  # fmt: skip
