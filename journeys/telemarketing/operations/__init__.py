"""Writing leads: how they come in, and how they change hands."""

from journeys.telemarketing.operations.assigning import Taker, assign_leads, hand_over_leads
from journeys.telemarketing.operations.callbacks import hand_over_callbacks
from journeys.telemarketing.operations.calming import end_peace
from journeys.telemarketing.operations.dispositions import (
    OutcomeFacts,
    end_disposition,
    set_disposition,
)
from journeys.telemarketing.operations.drafting import drop_drafts, save_draft
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
from journeys.telemarketing.operations.wrapping import Said, wrap_up

__all__ = [
    "LeadRecord", "LeadRefused", "Loaded", "Move", "OutcomeFacts", "PersonalKey", "PolicyFacts",
    "Said", "Taker", "assign_leads", "claim_lead", "drop_drafts", "end_disposition", "end_holds",
    "end_lead", "end_peace", "hand_over_callbacks", "hand_over_leads", "has_call", "load_leads",
    "move", "next_lead", "put_down", "release_lead", "return_leads", "save_draft",
    "set_disposition", "set_pool_policy", "take_back_calls", "take_back_leads", "take_call",
    "tell_left", "work_lead", "wrap_up",
]  # fmt: skip
