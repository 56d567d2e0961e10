"""How many rows of a list are overdue, and how many are near their last day."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q


@dataclass(frozen=True)
class Ends:
    """How many clocks ran out, the first of them on `late_since`; how many others are near their
    end, the first of which is `next_due`."""

    late: int = 0
    late_since: dt.date | None = None
    near: int = 0
    next_due: dt.date | None = None


def ends_of(rows: Any, on: dt.date, *, field: str = "due_date") -> Ends:
    """This will count, by one statement, rows whose clock runs to the day `field`: those that are
    overdue on a day, and the others."""
    is_late, is_near = Q(**{f"{field}__lt": on}), Q(**{f"{field}__gte": on})
    found = rows.order_by().aggregate(
        late=Count("pk", filter=is_late),
        late_since=Min(field, filter=is_late),
        near=Count("pk", filter=is_near),
        next_due=Min(field, filter=is_near),
    )
    return Ends(**found)
