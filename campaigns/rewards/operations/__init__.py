"""Giving rewards, and taking back what a refund undid."""

from campaigns.rewards.operations.awarding import AskedTwice, award
from campaigns.rewards.operations.reopening import reopen_grants
from campaigns.rewards.operations.twice import (
    CLAW_BACK_APPROVAL,
    TwiceRefused,
    ask_back,
    carry_claw_back,
    claw_back_change,
    current_claw_back_hash,
    leave_claw_back,
    look_at,
)

__all__ = [
    "CLAW_BACK_APPROVAL", "AskedTwice", "TwiceRefused", "ask_back", "award", "carry_claw_back",
    "claw_back_change", "current_claw_back_hash", "leave_claw_back", "look_at", "reopen_grants",
]  # fmt: skip
