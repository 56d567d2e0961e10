"""Which playbook holds for a phase, and days that are worked on."""

import datetime as dt

from django.db.models import Q, QuerySet

from merchants.partnerships.models import Playbook
from portal.kit.registry import registry
from portal.staff.rules import codes_on


def playbook_for(*, phase: str, branch_path: str) -> Playbook | None:
    """This will return the playbook that holds for a phase in a branch: the newest of the nearest
    branch above that wrote one, or else the bank's; None where there is none."""
    parts = codes_on(branch_path)
    above = Q(branch=None) | Q(branch__code__in=parts)
    rows = Playbook.objects.filter(above, phase=phase).select_related("branch", "written_by")
    found = list(rows.order_by("number"))
    depth = {code: place for place, code in enumerate(parts)}
    return max(
        found,
        key=lambda row: (depth[row.branch.code] if row.branch else -1, row.number),
        default=None,
    )


def versions_of(*, phase: str, branch_id: int | None) -> QuerySet[Playbook]:
    """This will list what a branch wrote for a phase (None: the bank's), the newest first."""
    rows = Playbook.objects.filter(phase=phase, branch=branch_id).select_related("written_by")
    return rows.order_by("-number")


def workday_after(on: dt.date, days: int) -> dt.date:
    """This will return the day that comes so many working days after another: by the bank's
    calendar or, where the house has none, by the weekday."""
    if days == 0:
        return on
    first = on + dt.timedelta(days=1)
    end = first + dt.timedelta(days=2 * days + 30)
    known = registry.workdays(first, end) if registry.workdays else {}
    day, left = on, days
    while left:
        day += dt.timedelta(days=1)
        left -= known.get(day, day.weekday() < 5)
    return day
