"""Reading promised calls: who is to keep them, who may stand in, and how many were kept."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from journeys.telemarketing import rules
from journeys.telemarketing.enums import CallbackEnd, OwnerWhy
from journeys.telemarketing.models import Callback, Lead
from merchants.posts import queries as people
from merchants.posts.enums import QualificationKind
from portal.kit import clock
from portal.kit.shares import Share
from portal.staff.access import Scope
from portal.staff.enums import Role
from portal.staff.models import Staff
from portal.staff.rules import codes_on

_DAY = dt.timedelta(days=1)
_KEPT_OVER = dt.timedelta(days=90)
MOST_PROMISES = 100  # of a day are listed


def there_among(staff: Collection[Staff], *, on: dt.date) -> set[int]:
    """This will tell who of these people may keep a promise on a day: those who work here and are
    there, and of telemarketers those who are qualified."""
    active = [one for one in staff if one.is_active]
    callers = [one.pk for one in active if one.role == Role.TELEMARKETER]
    managers = {one.pk for one in active if one.role == Role.BRANCH_MANAGER}
    qualified = people.qualified_among(callers, kind=QualificationKind.CARDS, on=on)
    able = qualified | managers
    return able - people.absent_among(list(able), on=on)


def stand_ins(
    *, lead: Lead, away: Staff, deputy_id: int | None, on: dt.date
) -> list[tuple[Staff, OwnerWhy]]:
    """This will list who may keep a promise in the place of somebody who is away on a day, the
    first one first: the deputy; of the same team, of the lead's branch or one above it, each
    whoever has the fewest promises open; the manager of the branch, or of the next one above."""
    above = codes_on(lead.branch.path)
    rows = Staff.objects.filter(
        Q(role=Role.TELEMARKETER) | Q(role=Role.BRANCH_MANAGER),
        branch__code__in=above, is_active=True,
    )  # fmt: skip
    found = list(rows.exclude(pk=away.pk).select_related("branch"))
    there = there_among(found, on=on)
    promises = _open_promises(there)
    callers = [one for one in found if one.pk in there and one.role == Role.TELEMARKETER]
    managers = [one for one in found if one.pk in there and one.role == Role.BRANCH_MANAGER]

    def order(one: Staff) -> tuple[int, int, int, int]:
        why = _why(one, away, deputy_id)
        return list(OwnerWhy).index(why), -len(one.branch.path), promises.get(one.pk, 0), one.pk

    ordered = [(one, _why(one, away, deputy_id)) for one in sorted(callers, key=order)]
    managers.sort(key=lambda one: (-len(one.branch.path), one.pk))
    return ordered + [(one, OwnerWhy.MANAGER) for one in managers]


def _why(one: Staff, away: Staff, deputy_id: int | None) -> OwnerWhy:
    if one.pk == deputy_id:
        return OwnerWhy.DEPUTY
    if away.team_id is not None and one.team_id == away.team_id:
        return OwnerWhy.TEAM
    return OwnerWhy.BRANCH


def _open_promises(staff_ids: Collection[int]) -> dict[int, int]:
    rows = Callback.objects.filter(owner__in=staff_ids, ended_at=None).values("owner")
    return {row["owner"]: row["count"] for row in rows.annotate(count=Count("id")).order_by()}


def open_callbacks(*, staff_id: int | None = None) -> QuerySet[Callback]:
    """This will list the promises that are open, of one person or of all, the earliest first."""
    rows = Callback.objects.filter(ended_at=None)
    if staff_id is not None:
        rows = rows.filter(owner=staff_id)
    return rows.select_related("owner", "lead").order_by("promised_at", "pk")


def without_owner(*, at: dt.datetime, staff_id: int | None = None) -> list[int]:
    """This will list the open promises of which nobody is there to keep them: whose owner left, has
    another role, is not qualified, or is away on the day (today, where that is over); and those
    whose lead somebody else has than the telemarketer who is to keep them."""
    days: dict[dt.date, list[Callback]] = {}
    for row in open_callbacks(staff_id=staff_id):
        days.setdefault(day_of(row, at=at), []).append(row)
    found = []
    for on, rows in days.items():
        there = there_among({row.owner_id: row.owner for row in rows}.values(), on=on)
        found += [row.pk for row in rows if row.owner_id not in there or _is_parted(row)]
    return found


def day_of(row: Callback, *, at: dt.datetime) -> dt.date:
    """This will say on which day a promise is to be kept."""
    return clock.bank_day(max(row.promised_at, at))


def _is_parted(row: Callback) -> bool:
    is_caller = row.owner.role == Role.TELEMARKETER
    return is_caller and row.lead.owner_id is not None and row.lead.owner_id != row.owner_id


def promises_of_day(
    *, scope: Scope, at: dt.datetime, staff_id: int | None = None
) -> list[Callback]:
    """This will list the open promises for today, and those that are overdue, the earliest first:
    those that a person is to keep, or all to leads of a scope."""
    rows = open_callbacks(staff_id=staff_id).filter(promised_at__lt=_end_of_day(at))
    if staff_id is None:
        rows = rows.filter(scope.branches("lead__branch"))
    return list(rows.select_related("deputy", "lead__branch")[:MOST_PROMISES])


def promises_by_owner(staff_ids: Collection[int], *, at: dt.datetime) -> dict[int, tuple[int, int]]:
    """This will count the open promises that each of these people is to keep: those that are
    overdue at `at`, and those of the rest of the day."""
    rows = Callback.objects.filter(
        owner__in=staff_ids, ended_at=None, promised_at__lt=_end_of_day(at)
    ).values("owner")
    counted = rows.order_by("owner").annotate(
        overdue=Count("pk", filter=Q(promised_at__lte=at)),
        due=Count("pk", filter=Q(promised_at__gt=at)),
    )
    return {row["owner"]: (row["overdue"], row["due"]) for row in counted}


def _end_of_day(at: dt.datetime) -> dt.datetime:
    return clock.start_of(clock.bank_day(at) + _DAY)


def kept_share(*, scope: Scope, at: dt.datetime, staff_id: int | None = None) -> Share:
    """This will say how many promises were kept of the last 90 days, of those that were kept, came
    late, or are overdue; those whose lead ended before are none."""
    since = at - _KEPT_OVER
    is_known = ~Q(end="") | Q(promised_at__lte=at - rules.GRACE)
    rows = Callback.objects.filter(is_known, promised_at__gt=since, promised_at__lte=at)
    rows = rows.exclude(end=CallbackEnd.DROPPED)
    if staff_id is None:
        rows = rows.filter(scope.branches("lead__branch"))
    else:
        rows = rows.filter(owner=staff_id)
    counted = rows.aggregate(whole=Count("id"), kept=Count("id", filter=Q(end=CallbackEnd.KEPT)))
    return Share(counted["kept"], counted["whole"])
