"""How many suggestions were made, and what became of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from merchants.evidence.rules import weeks
from merchants.partnerships.enums import Phase, SuggestionState
from merchants.partnerships.models import Partnership, PhaseSuggestion
from portal.staff.access import Scope

_NOT_ANSWERED = [SuggestionState.LAPSED, SuggestionState.EXPIRED]


@dataclass(frozen=True)
class Counts:
    """Suggestions by what became of them."""

    open: int
    accepted: int
    declined: int
    lapsed: int
    expired: int

    @property
    def total(self) -> int:
        return self.open + self.accepted + self.declined + self.lapsed + self.expired


def settled_counts(*, scope: Scope) -> Counts:
    """This will count the suggestions of a scope, of a relationship manager those made to him, by
    what became of them."""
    is_own = scope.own_staff_id is not None
    made = Q(manager=scope.own_staff_id) if is_own else scope.branches("partnership__branch")
    rows = PhaseSuggestion.objects.filter(made)
    counted = rows.values("state").annotate(number=Count("pk")).order_by("state")
    by_state = {row["state"]: row["number"] for row in counted}
    return Counts(*(by_state.get(state, 0) for state in SuggestionState.values))


def alarms_left(*, manager_id: int, on: dt.date, most: int) -> int:
    """This will tell how many more suggestions a manager may get in the week of a day, from
    Monday on, when `most` are allowed."""
    monday = weeks.as_of(on)
    week = (monday, monday + dt.timedelta(days=6))
    made = PhaseSuggestion.objects.filter(manager=manager_id, on_date__range=week)
    return max(0, most - made.count())


def open_by_merchant() -> dict[int, Partnership]:
    """This will return the open partnerships by the id of their merchant."""
    rows = Partnership.objects.exclude(phase=Phase.ENDED).order_by("id")
    return {row.merchant_id: row for row in rows.select_related("merchant__category")}


def told_of(*, partnerships: Sequence[Partnership]) -> dict[int, list[dict[str, Any]]]:
    """This will tell what was suggested to the managers of partnerships and is open (`is_open`) or
    was answered, by the partnership's id."""
    rows = PhaseSuggestion.objects.filter(partnership__in=[row.pk for row in partnerships])
    rows = rows.exclude(state__in=_NOT_ANSWERED).order_by("id")
    told: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        told.setdefault(row.partnership_id, []).append(
            {
                "to_phase": row.to_phase,
                "on": row.on_date,
                "reasons": row.reasons,
                "is_open": row.state == SuggestionState.OPEN,
            }
        )
    return told
