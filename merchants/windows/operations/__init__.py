"""Keeping a window: notes and their moves, meetings, promises."""

from merchants.windows.operations.guards import WindowNotAllowed
from merchants.windows.operations.meetings import (
    Discussed,
    call_off_meeting,
    change_meeting,
    hold_meeting,
    plan_meeting,
)
from merchants.windows.operations.notes import MovedMeanwhile, move_note, write_note
from merchants.windows.operations.promises import make_promise, settle_promise

__all__ = [
    "Discussed", "MovedMeanwhile", "WindowNotAllowed", "call_off_meeting", "change_meeting",
    "hold_meeting", "make_promise", "move_note", "plan_meeting", "settle_promise", "write_note",
]  # fmt: skip
