"""Starting runs, deciding and settling their chunks, finding what was left unfinished."""

from campaigns.eligibility.operations.dropping import drop_changes
from campaigns.eligibility.operations.evening import Evening, start_due_evening, start_evening
from campaigns.eligibility.operations.starting import (
    AlreadyRunning,
    CampaignStopped,
    CardsNotAllowed,
    DayAhead,
    DayPast,
    NotApproved,
    NotInForce,
    OutOfScope,
    OutOfTurn,
    OutsideDays,
    RunNotAllowed,
    SpanNotAllowed,
    TextWithdrawn,
    start_run,
)
from campaigns.eligibility.operations.sweeping import sweep_runs
from campaigns.eligibility.operations.working import work_chunk, work_run

__all__ = [
    "AlreadyRunning", "CampaignStopped", "CardsNotAllowed", "DayAhead", "DayPast", "Evening",
    "NotApproved", "NotInForce", "OutOfScope", "OutOfTurn", "OutsideDays", "RunNotAllowed",
    "SpanNotAllowed", "TextWithdrawn", "drop_changes", "start_due_evening", "start_evening",
    "start_run", "sweep_runs", "work_chunk", "work_run",
]  # fmt: skip
