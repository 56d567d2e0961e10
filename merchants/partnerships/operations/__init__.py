"""Leading partnerships: opening, moving, suggesting, working off tasks, writing playbooks."""

from merchants.partnerships.operations.guards import PartnershipNotAllowed
from merchants.partnerships.operations.handing import HandOverRefused, follow_manager, hand_over
from merchants.partnerships.operations.moving import (
    MovedMeanwhile,
    MoveNotAllowed,
    SecondPersonNeeded,
    SuggestionGone,
    change_phase,
)
from merchants.partnerships.operations.opening import AlreadyOpen, open_partnership
from merchants.partnerships.operations.playbooks import PlaybookChanged, branch_of, write_playbook
from merchants.partnerships.operations.proposing import Proposed, suggest_from_evidence
from merchants.partnerships.operations.requesting import (
    APPROVAL_KIND,
    ask_move,
    carry_allowed,
    carry_refused,
    current_hash,
    still_barred,
    withdraw_move,
)
from merchants.partnerships.operations.suggesting import (
    NoAlarmsLeft,
    NotOpen,
    decline_suggestion,
    expire_suggestions,
    suggest_move,
)
from merchants.partnerships.operations.tasks import TaskSettled, finish_task, skip_task

__all__ = [
    "APPROVAL_KIND", "AlreadyOpen", "HandOverRefused", "MoveNotAllowed", "MovedMeanwhile",
    "NoAlarmsLeft", "NotOpen", "PartnershipNotAllowed", "PlaybookChanged", "Proposed",
    "SecondPersonNeeded", "SuggestionGone", "TaskSettled", "ask_move", "branch_of",
    "carry_allowed", "carry_refused", "change_phase", "current_hash", "decline_suggestion",
    "expire_suggestions", "finish_task", "follow_manager", "hand_over", "open_partnership",
    "skip_task", "still_barred", "suggest_from_evidence", "suggest_move", "withdraw_move",
    "write_playbook",
]  # fmt: skip
