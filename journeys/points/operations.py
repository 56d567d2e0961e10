"""Writing to the points ledger."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from journeys.points.enums import PointsKind
from journeys.points.models import PointsEntry
from journeys.stages import operations as stages
from portal.audit import operations as audit

VALID_MONTHS = 12  # points expire at the end of the month in which they become this old

_EARN = """
INSERT INTO journeys_pointsentry (reference, customer_id, kind, points, on_date, expires_date)
SELECT 'earned:' || customer_id || ':' || to_char(month, 'YYYY-MM'), customer_id, %(kind)s,
       floor(spent), (month + interval '1 month')::date,
       (month + make_interval(months => %(valid)s + 1))::date
FROM (
    SELECT customer_id, date_trunc('month', posted_date) AS month, sum(amount) AS spent
    FROM journeys_transaction
    WHERE posted_date >= %(first)s AND posted_date < %(end)s
    GROUP BY 1, 2
) AS months
WHERE spent >= 1
ORDER BY customer_id, month
ON CONFLICT (reference) DO NOTHING
"""


class NotWholeMonths(Exception):
    """Raised when points are to be earned for a span that does not consist of whole months."""


class WrongSign(Exception):
    """Raised when points are spent with a number that is not positive."""


@dataclass(frozen=True)
class PointsUse:
    """Points redeemed or expired: `points` is positive, the ledger holds it negative."""

    reference: str
    customer_id: int
    kind: str
    points: int
    on: dt.date


def earn_from_spending(*, first: dt.date, end: dt.date, at: dt.datetime) -> int:
    """This will write the points earned in the months from `first` to before `end`: one for each
    whole yuan of a month's net spending, on the first day of the next month. Safe to repeat: a
    month is written once. Returns the number of entries. Raises NotWholeMonths.
    """
    if first.day != 1 or end.day != 1:
        raise NotWholeMonths(f"{first} to {end}: points are earned by whole months.")
    values: dict[str, str | int | dt.date] = {
        "kind": PointsKind.EARNED.value,
        "valid": VALID_MONTHS,
        "first": first,
        "end": end,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EARN, values)
        written = cursor.rowcount
        audit.record(
            action="points.earned",
            actor=None,
            at=at,
            changes={"first": str(first), "end": str(end), "entries": written},
        )
    return written


def take_points(*, uses: Sequence[PointsUse], at: dt.datetime) -> int:
    """This will write points that were redeemed or have expired, as another system tells them;
    an entry whose reference is known is left out. The stages of those who redeemed follow.
    Raises WrongSign.
    """
    if any(use.points <= 0 or use.kind == PointsKind.EARNED for use in uses):
        raise WrongSign("Points that are redeemed or expire are given as a positive number.")
    with transaction.atomic():
        PointsEntry.objects.bulk_create(
            [
                PointsEntry(
                    reference=use.reference,
                    customer_id=use.customer_id,
                    kind=use.kind,
                    points=-use.points,
                    on_date=use.on,
                )
                for use in uses
            ],
            batch_size=5000,
            ignore_conflicts=True,
        )
        stages.refresh_stages(
            customer_ids=sorted(
                {use.customer_id for use in uses if use.kind == PointsKind.REDEEMED}
            )
        )
        audit.record(action="points.taken", actor=None, at=at, changes={"entries": len(uses)})
    return len(uses)
