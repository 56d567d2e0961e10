"""What came of the calls: successes by attempts, by kind of phone and by month."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from journeys.scoring.enums import CallResult
from journeys.scoring.models import PastCall
from portal.kit.shares import Share
from portal.staff.access import Scope

BY = {"attempts": F("attempts"), "channel": F("channel"), "month": TruncMonth("called_date")}


@dataclass(frozen=True)
class Success:
    """Calls that have something in common, and how many of them succeeded."""

    of: Any
    share: Share


def success_by(what: str, *, scope: Scope) -> list[Success]:
    """This will return the successes of the calls by "attempts", "channel" or "month"."""
    rows = (
        _calls(scope)
        .values(of=BY[what])
        .annotate(calls=Count("id"), won=Count("id", filter=Q(result=CallResult.SUCCESS)))
        .order_by("of")
    )
    return [Success(row["of"], Share(row["won"], row["calls"])) for row in rows]


def span_of_calls(*, scope: Scope) -> tuple[dt.date, dt.date] | None:
    """This will return the first and the last day of the calls, None where there are none."""
    days = _calls(scope).order_by("called_date", "id").values_list("called_date", flat=True)
    first, last = days.first(), days.last()
    return None if first is None or last is None else (first, last)


def _calls(scope: Scope) -> QuerySet[PastCall]:
    return PastCall.objects.filter(scope.branches())
