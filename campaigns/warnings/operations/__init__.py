"""Sweeping for warnings, what becomes of alerts, and the word of those whom they concern."""

from campaigns.warnings.operations.alerting import NobodyToLook, raise_alerts
from campaigns.warnings.operations.appealing import (
    AppealNotAllowed,
    decide_appeal,
    say_word,
)
from campaigns.warnings.operations.moving import MoveNotAllowed, hand_over, move_alert
from campaigns.warnings.operations.sweeping import sweep

__all__ = [
    "AppealNotAllowed", "MoveNotAllowed", "NobodyToLook", "decide_appeal", "hand_over",
    "move_alert", "raise_alerts", "say_word", "sweep",
]  # fmt: skip
