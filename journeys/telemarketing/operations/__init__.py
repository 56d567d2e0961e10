"""Writing leads: how they come in, and how they change hands."""

from journeys.telemarketing.operations.assigning import Taker, assign_leads, hand_over_leads
from journeys.telemarketing.operations.calling import note_call
from journeys.telemarketing.operations.holding import end_holds, next_lead, put_down
from journeys.telemarketing.operations.loading import (
    LeadRecord,
    Loaded,
    PersonalKey,
    has_call,
    load_leads,
    take_back_calls,
    take_call,
    tell_left,
)
from journeys.telemarketing.operations.moving import (
    Move,
    claim_lead,
    end_lead,
    move,
    release_lead,
    take_back_leads,
    work_lead,
)
from journeys.telemarketing.operations.policies import PolicyFacts, set_pool_policy
from journeys.telemarketing.operations.refusing import LeadRefused
from journeys.telemarketing.operations.returning import return_leads
from journeys.telemarketing.operations.scoring import score_leads
from journeys.telemarketing.operations.teaching import teach_calls

__all__ = [
    "LeadRecord", "LeadRefused", "Loaded", "Move", "PersonalKey", "PolicyFacts", "Taker",
    "assign_leads", "claim_lead", "end_holds", "end_lead", "hand_over_leads", "has_call",
    "load_leads", "move", "next_lead", "note_call", "put_down", "release_lead", "return_leads",
    "score_leads", "set_pool_policy", "take_back_calls", "take_back_leads", "take_call",
    "teach_calls", "tell_left", "work_lead",
]  # fmt: skip
