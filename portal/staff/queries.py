"""Questions about who may enter."""

import datetime as dt

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum

from portal.staff.enums import Role
from portal.staff.models import Branch, Staff


def locked_until(*, username: str, address: str | None, at: dt.datetime) -> dt.datetime | None:
    """This will return when `username` may try again from `address`, or None where it may now."""
    tries = AccessAttempt.objects.filter(
        username=username,
        ip_address=address,
        attempt_time__gte=at - settings.AXES_COOLOFF_TIME,
    ).aggregate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
    if (tries["failures"] or 0) < settings.AXES_FAILURE_LIMIT:
        return None
    return tries["latest"] + settings.AXES_COOLOFF_TIME


def demo_accounts() -> list[Staff]:
    """This will return the demonstration's accounts, one per role; none where it is no demo."""
    if not settings.DEMO:
        return []
    found = {
        staff.username: staff
        for staff in Staff.objects.filter(username__in=Role.values, is_active=True)
    }
    return [found[role] for role in Role.values if role in found]


def named(username: str) -> Staff | None:
    """This will return the member of staff with this user name, whatever its case."""
    return Staff.objects.filter(username=username.strip().lower()).first()


def branches_below(path: str) -> list[Branch]:
    """This will list the branch with this path and those below it, in the order of the tree; with
    an empty path all."""
    return list(Branch.objects.filter(path__startswith=path).order_by("path"))
