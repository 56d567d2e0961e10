"""Reading the names under which the bank may send."""

import datetime as dt

from campaigns.texts.models import SenderName


def senders_on(on: dt.date) -> tuple[str, ...] | None:
    """This will list the names that an SMS may name as its sender on a day, in the order of their
    letters; None where no list is in force, and every name is taken."""
    rows = SenderName.objects.filter(effective_date__lte=on)
    latest = list(rows.order_by("name", "-effective_date").distinct("name"))
    return tuple(row.name for row in latest if row.is_permitted) if latest else None
