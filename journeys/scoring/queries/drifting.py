"""How far calls and customers are from those that versions learned from: reckoned, and as it was
kept day by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Max

from journeys.scoring.models import CallModel, DriftDay, PotentialModel, TraitsChoice
from journeys.scoring.queries.models import latest_calls
from journeys.scoring.queries.promise import past_of
from journeys.scoring.rules.moved import Drift
from portal.staff.enums import Role
from portal.staff.models import Staff

# The calls that are held against the others.
LATEST = 1_000
COURSE_DAYS = 90  # days that a course tells of
_Version = TypeVar("_Version", CallModel, PotentialModel)


@dataclass(frozen=True)
class Compared:
    """What was held against what a version learned from: how many, and how far each fact is, the
    farthest first."""

    number: int
    moved: Sequence[Drift]


def drift_of(version: CallModel, *, on: dt.date) -> Compared:
    """This will hold the latest calls, up to a day, against those that a version learned from."""
    from journeys.scoring.rules import drift

    calls = latest_calls(limit=LATEST, until=on)
    return Compared(len(calls), drift.drift_of(version.parts, calls) if len(calls) else [])


def moved_since(version: PotentialModel, *, on: dt.date) -> Compared:
    """This will hold customers as they are on a day against those that a version learned from."""
    from journeys.scoring.rules import drift, promise

    facts = past_of(on=on, with_traits=version.with_traits).facts
    people = promise.people_of(facts, [None] * len(facts))
    return Compared(len(facts), drift.drift_of(version.parts, people) if facts else [])


def not_compared(on: dt.date) -> list[CallModel | PotentialModel]:
    """This will list the newest versions of which it was not kept how far things were on a day."""
    newest: list[CallModel | PotentialModel | None] = []
    for with_traits in (False, True):
        newest += [
            _newest(CallModel, with_traits=with_traits),
            _newest(PotentialModel, with_traits=with_traits),
        ]
    return [one for one in newest if one is not None and not one.days.filter(day=on).exists()]


def _newest(kind: type[_Version], *, with_traits: bool) -> _Version | None:
    """The newest version; what it learned, which is large, is read where it is asked for."""
    rows = kind._default_manager.filter(with_traits=with_traits)
    return rows.defer("learned", "parts", "figures").order_by("-id").first()


def day_before(version: CallModel | PotentialModel, *, on: dt.date) -> DriftDay | None:
    """This will return the last day of a version that was kept before one."""
    row: DriftDay | None = version.days.filter(day__lt=on).order_by("-day").first()
    return row


def newest_day(version: CallModel | PotentialModel) -> DriftDay | None:
    """This will return the last day of a version that was kept."""
    row: DriftDay | None = version.days.order_by("-day").first()
    return row


def course_of(version: CallModel | PotentialModel) -> list[DriftDay]:
    """This will list the last days that were kept of a version and of those before it, one row for
    each day: of its newest version by then."""
    column = "call_model" if isinstance(version, CallModel) else "potential_model"
    last = DriftDay.objects.filter(**{f"{column}__with_traits": version.with_traits}).aggregate(
        day=Max("day")
    )["day"]
    if last is None:
        return []
    rows = DriftDay.objects.filter(
        **{f"{column}__with_traits": version.with_traits},
        day__gt=last - dt.timedelta(days=COURSE_DAYS),
    )
    return list(rows.order_by("day", f"-{column}").distinct("day"))


def moved_models(staff: Staff) -> tuple[list[CallModel], list[PotentialModel]]:
    """This will list the versions in use, of calls and of potential, from which things have moved
    beyond the limit and for which this person answers: an analyst for all, another one for those
    that he had trained."""
    in_use = _in_use()
    calls = [_far(_newest(CallModel, with_traits=one), staff) for one in in_use]
    people = [_far(_newest(PotentialModel, with_traits=one), staff) for one in in_use]
    return [one for one in calls if one], [one for one in people if one]


def _in_use() -> list[bool]:
    """Whether versions without and with personal traits are used: the latter where a branch said
    so."""
    said = TraitsChoice.objects.order_by("branch", "-id").distinct("branch")
    return [False, True] if any(one.with_traits for one in said) else [False]


def _far(version: _Version | None, staff: Staff) -> _Version | None:
    if version is None or version.lacks:
        return None
    if staff.role != Role.ANALYST and version.made_by_id != staff.pk:
        return None
    day = newest_day(version)
    return version if day is not None and day.is_beyond else None
