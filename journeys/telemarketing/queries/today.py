"""What waits in a scope today: promises that are overdue or for today, and leads that nobody has.

What is read, at 1,000,000 leads: of promises those that stand up to the end of the day, by their
index; of the pools so many entries of `lead_next` as are
counted, branch by branch.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Min, Q

from journeys.telemarketing.models import Callback
from portal.kit import clock
from portal.staff.access import Scope

_DAY = dt.timedelta(days=1)
_FREE = """
SELECT count(*) FROM (
    SELECT 1 FROM portal_branch AS place CROSS JOIN LATERAL (
        SELECT 1 FROM journeys_lead AS lead
        WHERE lead.branch_id = place.id
          AND lead.owner_id IS NULL AND lead.state = 'new' AND lead.holder_id IS NULL
        LIMIT %(most)s
    ) AS free
    WHERE starts_with(place.path, %(path)s) LIMIT %(most)s
) AS counted
"""


@dataclass(frozen=True)
class Promised:
    """How many promised calls are overdue, and since when the first of them is; how many are to be
    made in the rest of the day, and when the next one."""

    overdue: int = 0
    overdue_since: dt.datetime | None = None
    due: int = 0
    next_at: dt.datetime | None = None


def promised_within(*, scope: Scope, at: dt.datetime) -> Promised:
    """This will count the promises of a scope that stand, up to the end of the day of `at`."""
    ends = clock.start_of(clock.bank_day(at) + _DAY)
    rows = Callback.objects.filter(
        scope.branches("lead__branch"), ended_at=None, promised_at__lt=ends
    )
    is_late, is_ahead = Q(promised_at__lte=at), Q(promised_at__gt=at)
    found = rows.aggregate(
        overdue=Count("pk", filter=is_late),
        overdue_since=Min("promised_at", filter=is_late),
        due=Count("pk", filter=is_ahead),
        next_at=Min("promised_at", filter=is_ahead),
    )
    return Promised(**found)


def told_promises(instants: Sequence[dt.datetime], *, at: dt.datetime) -> Promised:
    """This will count the same of promises that were read already."""
    late = [one for one in instants if one <= at]
    ahead = [one for one in instants if one > at]
    return Promised(len(late), min(late, default=None), len(ahead), min(ahead, default=None))


def free_of_pools(*, scope: Scope, most: int) -> int:
    """This will count the leads of a scope's pools that nobody has; more than `most` are not
    counted, and returned as one more."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"path": scope.branch_path, "most": most + 1})
        return int(cursor.fetchone()[0])
