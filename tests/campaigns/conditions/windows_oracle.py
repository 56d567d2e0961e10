"""The days of a window, one by one."""

import datetime as dt
from typing import Any

Leaf = dict[str, Any]
ONE = dt.timedelta(days=1)


def window(leaf: Leaf, card: dict[str, Any], on: dt.date) -> list[dt.date]:
    """Every day of the window, one by one; none before an activation."""
    counted = leaf.get("counted_from", "issue")
    if counted == "dates":
        first = dt.date.fromisoformat(leaf["first_date"])
        last = dt.date.fromisoformat(leaf["last_date"])
    else:
        first = card["issued"] if counted == "issue" else card["activated"]
        if first is None or first > on:
            return []
        last = first + dt.timedelta(days=leaf["days"])
    days = [first + ONE * number for number in range((last - first).days + 1)]
    return days if leaf["last_day"] == "inside" else days[:-1]
