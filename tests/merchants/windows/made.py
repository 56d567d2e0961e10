"""Windows, kept by the operations themselves."""

import datetime as dt
from typing import Any

from merchants.models import Meeting, PartnerPromise, Partnership, WindowMove, WindowNote
from merchants.windows import operations
from portal.kit import clock
from tests.factories import partnerships

DAY = partnerships.FIRST + dt.timedelta(days=30)


def at(days: int = 0) -> dt.datetime:
    return clock.start_of(DAY + dt.timedelta(days=days)) + dt.timedelta(hours=9)


def noted(row: Partnership, pane: str = "theirs", **values: Any) -> WindowNote:
    usual: dict[str, Any] = {
        "partnership_id": row.pk, "pane": pane, "side": "merchant", "kind": "need",
        "said": "明年拓店计划", "actor": row.manager, "at": at(),
    }  # fmt: skip
    return operations.write_note(**{**usual, **values})


def moved(note: WindowNote, to: str, said: str = "知道了", **values: Any) -> WindowMove:
    note.refresh_from_db()
    usual: dict[str, Any] = {
        "note_id": note.pk, "to": to, "after": note.moved, "said": said,
        "actor": note.partnership.manager, "at": at(),
    }  # fmt: skip
    return operations.move_note(**{**usual, **values})


def planned(row: Partnership, **values: Any) -> Meeting:
    usual: dict[str, Any] = {
        "partnership_id": row.pk, "on_date": DAY, "at_time": dt.time(14), "purpose": "谈明年",
        "contacts": [], "actor": row.manager, "at": at(),
    }  # fmt: skip
    return operations.plan_meeting(**{**usual, **values})


def promised(row: Partnership, **values: Any) -> PartnerPromise:
    usual: dict[str, Any] = {
        "partnership_id": row.pk, "side": "bank", "said": "送上月数字",
        "due_date": DAY + dt.timedelta(days=5), "actor": row.manager, "at": at(),
    }  # fmt: skip
    return operations.make_promise(**{**usual, **values})
