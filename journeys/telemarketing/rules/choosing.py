"""Which of several leads is the next to call, and why."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from journeys.telemarketing.enums import NextReason

_TOLD = re.compile(r"([0-9]{1,3})\.([0-9]{1,4})\.(-?[0-9]{1,16})\.([0-9]{1,18})")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# The parts of a day of the bank, each from an hour on: whoever did not answer in one is tried in
# another.
_PARTS = ((0, "early"), (12, "noon"), (14, "afternoon"), (18, "evening"))


@dataclass(frozen=True)
class Candidate:
    """A lead that may be the next one. `called` is when it was called last, on the bank's clock."""

    lead_id: int
    is_own: bool
    priority: int
    attempts: int
    called: dt.datetime | None
    promised_at: dt.datetime | None
    created_at: dt.datetime

    @property
    def place(self) -> "Place":
        """Its place in the order of the pools."""
        return Place(self.priority, self.attempts, self.created_at, self.lead_id)


@dataclass(frozen=True)
class Place:
    """The place of a lead in the order of the pools, from which a list goes on."""

    priority: int
    attempts: int
    created_at: dt.datetime
    lead_id: int

    def __str__(self) -> str:
        """As it stands in the address of a page."""
        instant = (self.created_at - _EPOCH) // dt.timedelta(microseconds=1)
        return f"{self.priority}.{self.attempts}.{instant}.{self.lead_id}"


def place_of(text: str) -> Place | None:
    """This will read a place out of an address; None where it is none."""
    found = _TOLD.fullmatch(text)
    if found is None:
        return None
    priority, attempts, instant, lead_id = map(int, found.groups())
    created_at = _EPOCH + dt.timedelta(microseconds=instant)
    return Place(priority, attempts, created_at, lead_id)


def part_of_day(time: dt.datetime) -> str:
    """This will name the part of the day of a time on the bank's clock."""
    return next(name for hour, name in reversed(_PARTS) if time.hour >= hour)


def ranked(candidates: Iterable[Candidate], *, now: dt.datetime) -> list[Candidate]:
    """This will order leads, the next one first, for a caller at `now` on the bank's clock: what
    was promised and is due, the earliest first; the caller's own; the higher priority; not called
    at this part of the day before; fewer calls; the younger; the earlier id."""
    return sorted(candidates, key=lambda one: _rank(one, now))


def reasons_for(candidate: Candidate, *, now: dt.datetime, most: int) -> list[dict[str, Any]]:
    """This will say why a lead is the next one, as codes and figures."""
    found: list[dict[str, Any]] = []
    if _is_due(candidate, now):
        found.append({"code": NextReason.PROMISED.value})
    found.append({"code": (NextReason.OWN if candidate.is_own else NextReason.POOL).value})
    if candidate.called is not None:
        same = part_of_day(candidate.called) == part_of_day(now)
        found.append({"code": (NextReason.SAME_TIME if same else NextReason.FITS_TIME).value})
    found.append({"priority": candidate.priority, "attempts": candidate.attempts, "most": most})
    return found


def _is_due(candidate: Candidate, now: dt.datetime) -> bool:
    return candidate.promised_at is not None and candidate.promised_at <= now


def _rank(one: Candidate, now: dt.datetime) -> tuple[Any, ...]:
    due = one.promised_at.timestamp() if one.promised_at and _is_due(one, now) else float("inf")
    is_same = one.called is not None and part_of_day(one.called) == part_of_day(now)
    return (
        due, not one.is_own, -one.priority, is_same, one.attempts, -one.created_at.timestamp(),
        one.lead_id,
    )  # fmt: skip
