"""The pages of windows and of meetings."""

from merchants.windows.views.meetings import (
    meeting_call_off,
    meeting_change,
    meeting_held,
    meeting_list,
    meeting_new,
    meeting_page,
)
from merchants.windows.views.notes import note_new, note_page, partnership_window, window_page
from merchants.windows.views.promises import promise_new, promise_settle

__all__ = [
    "meeting_call_off", "meeting_change", "meeting_held", "meeting_list", "meeting_new",
    "meeting_page", "note_new", "note_page", "partnership_window", "promise_new",
    "promise_settle", "window_page",
]  # fmt: skip
