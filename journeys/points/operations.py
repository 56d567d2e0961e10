"""Writing to the points ledger."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from journeys.points.enums import PointsKind
from journeys.points.models import PointsEntry
from journeys.stages import operations as stages
from portal.audit import operations as audit

logger = logging.getLogger(__name__)

VALID_MONTHS = 12  # points expire at the end of the month in which they become this old

# A month's points follow its net spending: the first time they are a batch, later what differs is
# a correction that names it, dated like the batch itself. A refund counts in the month of the
# purchase that it names. What refunds leave below nothing is made up for by the months after: all
# that was earned until a month is the most that was ever spent, net, until a month up to it.
_EARN = """
WITH postings AS (
    SELECT customer_id, date_trunc('month', posted_date)::date AS month, amount
    FROM journeys_transaction
    WHERE refund_of = '' AND posted_date >= %(begun)s AND posted_date < %(end)s
    UNION ALL
    SELECT t.customer_id, date_trunc('month', coalesce(p.posted_date, t.posted_date))::date,
           t.amount
    FROM journeys_transaction t
    LEFT JOIN journeys_transaction p
        ON p.reference = t.refund_of AND p.customer_id = t.customer_id AND p.amount > 0
    WHERE t.refund_of <> ''
), months AS (
    SELECT customer_id, month,
           sum(sum(amount)) OVER (PARTITION BY customer_id ORDER BY month) AS net
    FROM postings WHERE month >= %(begun)s AND month < %(end)s
    GROUP BY 1, 2
), tops AS (
    SELECT customer_id, month,
           greatest(0, max(net) OVER (PARTITION BY customer_id ORDER BY month)) AS top
    FROM months
), spent AS (
    SELECT * FROM (
        SELECT customer_id, month, floor(
            top - lag(top, 1, 0::numeric) OVER (PARTITION BY customer_id ORDER BY month)
        )::bigint AS points
        FROM tops
    ) AS earned WHERE month >= %(first)s
), booked AS (
    SELECT e.customer_id, (e.on_date - interval '1 month')::date AS month, e.id, e.on_date, b.points
    FROM journeys_pointsentry e JOIN journeys_pointsbatch b ON b.entry_id = e.id
    WHERE e.reference LIKE 'earned:%%'
      AND e.on_date >= (%(first)s::date + interval '1 month')::date
      AND e.on_date < (%(end)s::date + interval '1 month')::date
      AND e.reference = 'earned:' || e.customer_id || ':'
          || to_char(e.on_date - interval '1 month', 'YYYY-MM')
), differing AS (
    SELECT customer_id, month, booked.id AS batch_id,
           coalesce(spent.points, 0) - coalesce(booked.points, 0) AS points
    FROM spent FULL JOIN booked USING (customer_id, month)
    WHERE coalesce(spent.points, 0) <> coalesce(booked.points, 0)
), written AS (
INSERT INTO journeys_pointsentry
    (reference, customer_id, kind, points, on_date, expires_date, batch_id)
SELECT CASE WHEN batch_id IS NULL
            THEN 'earned:' || customer_id || ':' || to_char(month, 'YYYY-MM')
            ELSE 'adjusted:' || batch_id || ':' || 1 + (
                SELECT count(*) FROM journeys_pointsentry a
                WHERE a.customer_id = differing.customer_id AND a.batch_id = differing.batch_id
                  AND a.on_date = (month + interval '1 month')::date AND a.kind = %(adjusted)s
            ) END,
       customer_id, CASE WHEN batch_id IS NULL THEN %(earned)s ELSE %(adjusted)s END, points,
       (month + interval '1 month')::date,
       CASE WHEN batch_id IS NULL
            THEN (month + make_interval(months => %(valid)s + 1))::date END,
       batch_id
FROM differing ORDER BY customer_id, month
ON CONFLICT (reference) DO NOTHING RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM differing)
"""
_BEGUN = """
SELECT (min(on_date) - interval '1 month')::date FROM journeys_pointsentry
WHERE reference LIKE 'earned:%' AND reference = 'earned:' || customer_id || ':'
    || to_char(on_date - interval '1 month', 'YYYY-MM')
"""

# At the end of the month in which they become that old; as those of a month's spending, which are
# dated by the first day of the next one.
_CREDIT = """
INSERT INTO journeys_pointsentry (reference, customer_id, kind, points, on_date, expires_date)
SELECT one.reference, one.customer_id, %(kind)s, one.points, one.day,
       (date_trunc('month', one.day - 1) + make_interval(months => %(valid)s + 1))::date
FROM unnest(%(references)s::text[], %(customers)s::bigint[], %(points)s::bigint[],
            %(days)s::date[]) AS one(reference, customer_id, points, day)
ORDER BY one.reference
ON CONFLICT (reference) DO NOTHING
"""
_CREDITED_OTHERWISE = """
SELECT one.reference
FROM unnest(%(references)s::text[], %(customers)s::bigint[], %(points)s::bigint[])
    AS one(reference, customer_id, points)
JOIN journeys_pointsentry e ON e.reference = one.reference
WHERE (e.customer_id, e.kind, e.points) <> (one.customer_id, %(kind)s, one.points)
ORDER BY one.reference LIMIT 5
"""
_TAKE_BACK = """
INSERT INTO journeys_pointsentry (reference, customer_id, kind, points, on_date, batch_id)
SELECT 'adjusted:' || e.id || ':' || 1 + (
           SELECT count(*) FROM journeys_pointsentry a
           WHERE a.customer_id = e.customer_id AND a.batch_id = e.id AND a.kind = %(kind)s),
       e.customer_id, %(kind)s, -b.points, e.on_date, e.id
FROM journeys_pointsentry e JOIN journeys_pointsbatch b ON b.entry_id = e.id
WHERE e.reference = ANY(%(references)s::text[]) AND b.points > 0
ORDER BY e.id
"""

# Only batches that have something left are looked at, by their index. The entries are dated by the
# batch's last day, not by the day of the call: a night left out changes nothing. Where another
# entry has the reference already, the batch goes on to the next number.
_EXPIRE = """
WITH due AS MATERIALIZED (
    SELECT entry_id, customer_id, expires_date, points - used - expired AS rest,
           changes + 1 AS change
    FROM journeys_pointsbatch
    WHERE points > (used + expired) AND expires_date <= %(on)s
), written AS (
    INSERT INTO journeys_pointsentry (reference, customer_id, kind, points, on_date, batch_id)
    SELECT 'expired:' || entry_id || ':' || change, customer_id, %(kind)s, -rest, expires_date,
           entry_id
    FROM due ORDER BY entry_id
    ON CONFLICT (reference) DO NOTHING RETURNING batch_id
), moved AS (
    UPDATE journeys_pointsbatch b SET changes = due.change,
        expired = b.expired + CASE WHEN written.batch_id IS NULL THEN 0 ELSE due.rest END
    FROM due LEFT JOIN written ON written.batch_id = due.entry_id
    WHERE b.entry_id = due.entry_id RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM moved)
"""
# The lock of the import, which the ledger's trigger takes too: one after the other writes.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('intake:points', 0))"


class NotWholeMonths(Exception):
    """Raised when points are to be earned for a span that does not consist of whole months."""


_TAKEN = {PointsKind.REDEEMED.value, PointsKind.EXPIRED.value}


class CreditStandsOtherwise(Exception):
    """Raised when the reference of a credit stands in the ledger for somebody else or for other
    points: what the bank owes would be lost without a word."""


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


@dataclass(frozen=True)
class PointsCredit:
    """Points that the bank gives for something that `reference` names."""

    reference: str
    customer_id: int
    points: int
    on: dt.date


def earn_from_spending(*, first: dt.date, end: dt.date, at: dt.datetime) -> int:
    """This will book the points earned in the months from `first` to before `end`: one for each
    whole yuan of a month's net spending, on the first day of the next month, less what refunds
    left below nothing in a month before. What was booked before and differs from what the
    transactions say now is corrected by an entry of its own.
    An entry whose reference another one has is left out, and told in the log.
    Safe to repeat. Returns the number of entries. Raises NotWholeMonths.
    """
    if first.day != 1 or end.day != 1:
        raise NotWholeMonths(f"{first} to {end}: points are earned by whole months.")
    values: dict[str, str | int | dt.date] = {
        "earned": PointsKind.EARNED.value,
        "adjusted": PointsKind.ADJUSTED.value,
        "valid": VALID_MONTHS,
        "first": first,
        "end": end,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        values["begun"] = min(first, _begun(cursor) or first)
        cursor.execute(_EARN, values)
        written, differing = cursor.fetchone()
        left_out = differing - written
        if written:
            audit.record(
                action="points.earned",
                actor=None,
                at=at,
                changes={"first": str(first), "end": str(end), "entries": written},
            )
    if left_out:
        # For these somebody has to look; all others have their points.
        logger.error(
            "Points of %s months could not be booked: another entry has their reference.", left_out
        )
    return written


def _begun(cursor: Any) -> dt.date | None:
    """The first month that was ever booked here."""
    cursor.execute(_BEGUN)
    found: dt.date | None = cursor.fetchone()[0]
    return found


def follow_spending(*, on: dt.date, at: dt.datetime) -> int:
    """This will let the points of all months before that of `on` follow the transactions, from the
    first month that was booked, and return how many entries that took. A bank for whose points
    nothing was ever booked here gets them from its own system alone, and nothing is written.
    """
    with connection.cursor() as cursor:
        first = _begun(cursor)
    end = on.replace(day=1)
    if first is None or first >= end:
        return 0
    return earn_from_spending(first=first, end=end, at=at)


def hold_ledger() -> None:
    """This will keep others from writing points until the caller's transaction ends. Who locks
    customers besides, and may write points, takes this lock first."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def credit_points(*, credits: Sequence[PointsCredit], at: dt.datetime) -> None:
    """This will write points that the bank gives; they expire as others do. A credit whose
    reference is known is left out, so that none is given twice. Raises CreditStandsOtherwise where
    what is known is not that credit."""
    if not credits:
        return
    values: dict[str, Any] = {
        "kind": PointsKind.EARNED.value,
        "valid": VALID_MONTHS,
        "references": [one.reference for one in credits],
        "customers": [one.customer_id for one in credits],
        "points": [one.points for one in credits],
        "days": [one.on for one in credits],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_CREDIT, values)
        written = cursor.rowcount
        cursor.execute(_CREDITED_OTHERWISE, values)
        if otherwise := [reference for (reference,) in cursor.fetchall()]:
            raise CreditStandsOtherwise(f"They stand otherwise: {', '.join(otherwise)}.")
        audit.record(action="points.credited", actor=None, at=at, changes={"entries": written})


def take_back(*, references: Sequence[str], at: dt.datetime) -> int:
    """This will take back what is left of the worth of credited points, by their references, with
    a correction that names their batch. Points used already are owed. Safe to repeat; returns
    how many entries that took."""
    if not references:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(
            _TAKE_BACK, {"kind": PointsKind.ADJUSTED.value, "references": list(references)}
        )
        written = cursor.rowcount
        if written:
            audit.record(
                action="points.taken_back", actor=None, at=at, changes={"entries": written}
            )
    return written


def take_points(*, uses: Sequence[PointsUse], at: dt.datetime) -> int:
    """This will write points that were redeemed or have expired, as another system tells them;
    an entry whose reference is known is left out. The stages of those who redeemed follow.
    Raises WrongSign.
    """
    if any(use.points <= 0 or use.kind not in _TAKEN for use in uses):
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


def expire_points(*, on: dt.date, at: dt.datetime) -> int:
    """This will let expire what is left of the batches whose day of expiry has come by `on`, one
    entry for each, and return how many.

    Safe to repeat, and late facts do not matter: what proves to have been used in time is given
    back when that is told, and what was earned before is found by the next call.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        written, is_over = 0, False
        while not is_over:
            cursor.execute(_EXPIRE, {"on": on, "kind": PointsKind.EXPIRED.value})
            entries, batches = cursor.fetchone()
            written, is_over = written + entries, entries == batches
        if written:
            audit.record(
                action="points.expired",
                actor=None,
                at=at,
                changes={"on": str(on), "entries": written},
            )
    return written
