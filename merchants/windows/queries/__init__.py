"""Reading windows: notes by pane, meetings and their preparation, promises."""

from merchants.windows.queries.meetings import (
    coming_within,
    list_meetings,
    meetings_of,
    one_meeting,
    people_of,
)
from merchants.windows.queries.notes import (
    PaneOfWindow,
    hidden_counts,
    history_of,
    notes_of,
    one_note,
    told_of,
    window_of,
)
from merchants.windows.queries.promises import one_promise, promises_known, promises_of
from merchants.windows.queries.sheets import Sheet, sheet_of

__all__ = [
    "PaneOfWindow", "Sheet", "coming_within", "hidden_counts", "history_of", "list_meetings",
    "meetings_of", "notes_of", "one_meeting", "one_note", "one_promise", "people_of",
    "promises_known", "promises_of", "sheet_of", "told_of", "window_of",
]  # fmt: skip
