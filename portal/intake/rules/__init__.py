"""What a file of facts must look like: its kind, its columns, what a cell may hold, and why a
cell, a row or a whole file is refused. Plain values only."""

from portal.intake.rules.kinds import (
    BadCell,
    BadText,
    Cell,
    Check,
    Column,
    FileRefused,
    Finding,
    History,
    ImportKind,
    ImportReport,
    Reason,
    Target,
    check_header,
    unknown,
    unknown_branch,
)
from portal.intake.rules.outcomes import Outcome, outcomes

__all__ = [
    "BadCell", "BadText", "Cell", "Check", "Column", "FileRefused", "Finding", "History",
    "ImportKind", "ImportReport", "Outcome", "Reason", "Target", "check_header", "outcomes",
    "unknown", "unknown_branch",
]  # fmt: skip
