"""Reading the names under which the bank may send, and what goes under each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from campaigns.texts.models import SenderName
from campaigns.texts.queries import standing
from journeys.outreach import queries as outreach
from journeys.outreach import rules as filling


def senders_on(on: dt.date) -> tuple[str, ...] | None:
    """This will list the names that an SMS may name as its sender on a day, in the order of their
    letters; None where no list is in force, and every name is taken."""
    latest = _latest(on)
    return tuple(row.name for row in latest if row.is_permitted) if latest else None


def withdrawn_on(on: dt.date) -> frozenset[str]:
    """This will return the names that may not be used any more on a day: nothing is sent under
    them, whatever was approved before."""
    return frozenset(row.name for row in _latest(on) if not row.is_permitted)


def _latest(on: dt.date) -> list[SenderName]:
    rows = SenderName.objects.filter(effective_date__lte=on)
    return list(rows.order_by("name", "-effective_date").distinct("name"))


@dataclass(frozen=True)
class Under:
    """What goes under a name: wordings that were not withdrawn, approved campaigns whose runs and
    touch plans send them, and how many messages with them wait."""

    texts: list[Any]
    versions: list[Any]
    waiting: int

    @property
    def is_any(self) -> bool:
        return bool(self.texts)


def under(name: str) -> Under:
    """This will tell what stops being sent where a sender name may not be used any more."""
    found = [one for one in outreach.texts_naming(name) if filling.sender_of(one.body) == name]
    versions = {row.pk: row for one in found for row in standing.approved_with(one.pk)}
    return Under(
        found,
        [versions[key] for key in sorted(versions)],
        sum(outreach.count_waiting(one.pk) for one in found),
    )
