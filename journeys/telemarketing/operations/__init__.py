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
from journeys.telemarketing.operations.quality import (
    decide_dispute,
    dispute_call,
    draw_calls,
    read_call,
)
from journeys.telemarketing.operations.quality_rules import (
    Criterion,
    QualityFacts,
    set_quality_form,
    set_quality_policy,
)
from journeys.telemarketing.operations.refusing import LeadRefused
from journeys.telemarketing.operations.returning import return_leads

__all__ = [
    "Criterion", "LeadRecord", "LeadRefused", "Loaded", "Move", "PersonalKey", "PolicyFacts",
    "QualityFacts", "Taker", "assign_leads", "claim_lead", "decide_dispute", "dispute_call",
    "draw_calls", "end_holds", "end_lead", "hand_over_leads", "has_call", "load_leads", "move",
    "next_lead", "note_call", "put_down", "read_call", "release_lead", "return_leads",
    "set_pool_policy", "set_quality_form", "set_quality_policy", "take_back_calls",
    "take_back_leads", "take_call", "tell_left", "work_lead",
]  # fmt: skip
