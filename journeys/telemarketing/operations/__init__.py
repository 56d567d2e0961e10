"""Writing leads: how they come in, and how they change hands."""

from journeys.telemarketing.operations.assigning import assign_leads, hand_over_leads
from journeys.telemarketing.operations.callbacks import hand_over_callbacks
from journeys.telemarketing.operations.calming import end_peace
from journeys.telemarketing.operations.collecting import Collected, collect_lead
from journeys.telemarketing.operations.dialling import (
    Dialled,
    ask_to_dial,
    note_line,
    show_number,
    take_orders,
)
from journeys.telemarketing.operations.dispositions import (
    OutcomeFacts,
    end_disposition,
    set_disposition,
)
from journeys.telemarketing.operations.drafting import drop_drafts, save_draft
from journeys.telemarketing.operations.facts import (
    FACT_APPROVAL,
    FactSaid,
    carry_fact,
    current_fact_hash,
    leave_fact,
    propose_fact,
    withdraw_fact,
)
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
from journeys.telemarketing.operations.merging import (
    merge_leads,
    sort_leads,
    tell_leads_apart,
    undo_merge,
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
from journeys.telemarketing.operations.scoring import score_leads
from journeys.telemarketing.operations.scripts import (
    SCRIPT_APPROVAL,
    ScriptPlace,
    carry_script,
    current_script_hash,
    leave_script,
    note_scripts,
    propose_script,
    withdraw_script,
)
from journeys.telemarketing.operations.settling import TextRefused
from journeys.telemarketing.operations.teaching import teach_calls
from journeys.telemarketing.operations.wrapping import Said, wrap_up
from journeys.telemarketing.rules import Taker

__all__ = [
    "FACT_APPROVAL", "SCRIPT_APPROVAL", "Collected", "Criterion", "Dialled", "FactSaid",
    "LeadRecord", "LeadRefused", "Loaded", "Move", "OutcomeFacts", "PersonalKey", "PolicyFacts",
    "QualityFacts", "Said", "ScriptPlace", "Taker", "TextRefused", "ask_to_dial", "assign_leads",
    "carry_fact", "carry_script", "claim_lead", "collect_lead", "current_fact_hash",
    "current_script_hash", "decide_dispute", "dispute_call", "draw_calls", "drop_drafts",
    "end_disposition", "end_holds", "end_lead", "end_peace", "hand_over_callbacks",
    "hand_over_leads", "has_call", "leave_fact", "leave_script", "load_leads", "merge_leads",
    "move", "next_lead", "note_line", "note_scripts", "propose_fact", "propose_script", "put_down",
    "read_call", "release_lead", "return_leads", "save_draft", "score_leads", "set_disposition",
    "set_pool_policy", "set_quality_form", "set_quality_policy", "show_number", "sort_leads",
    "take_back_calls", "take_back_leads", "take_call", "take_orders", "teach_calls",
    "tell_leads_apart", "tell_left", "undo_merge", "withdraw_fact", "withdraw_script", "work_lead",
    "wrap_up",
]  # fmt: skip
