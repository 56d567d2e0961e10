"""The calls of a branch's day, each with the risks that it shows.

What is read for a branch and day: its staff's calls by `lead_hold_called`, their leads by key; the
words and complaints of the customers whose phone was called; the first call of each caller. Nothing
is read of other days' leads.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from journeys.telemarketing import rules
from journeys.telemarketing.models import QualityPolicy
from portal.kit import clock

_DAYS = """
SELECT person.branch_id, day.called_date, sum(day.calls)::int FROM portal_staff AS person
CROSS JOIN LATERAL (
    SELECT (called_at AT TIME ZONE 'Asia/Shanghai')::date AS called_date, count(*) AS calls
    FROM journeys_leadhold
    WHERE holder_id = person.id AND called_at >= %(start)s AND called_at < %(end)s
    GROUP BY 1
) AS day
GROUP BY person.branch_id, day.called_date ORDER BY day.called_date, person.branch_id
"""
# Whether each of `rules.RISKS` shows, in their order, comes after the first three columns.
_CALLS = """
WITH call AS MATERIALIZED (
    SELECT hold.id, hold.holder_id, hold.called_at, hold.lead_id,
           extract(epoch FROM hold.ended_at - hold.taken_at) AS seconds
    FROM portal_staff AS person JOIN journeys_leadhold AS hold ON hold.holder_id = person.id
    WHERE person.branch_id = %(branch)s
      AND hold.called_at >= %(start)s AND hold.called_at < %(end)s
), fresh AS (
    SELECT caller.holder_id FROM (SELECT DISTINCT holder_id FROM call) AS caller
    CROSS JOIN LATERAL (
        SELECT called_at FROM journeys_leadhold
        WHERE holder_id = caller.holder_id AND called_at IS NOT NULL ORDER BY called_at LIMIT 1
    ) AS first
    WHERE first.called_at >= %(start)s - make_interval(days => %(new_days)s)
)
SELECT call.id, call.holder_id, call.called_at,
       EXISTS (
           SELECT FROM journeys_customer AS customer JOIN journeys_complaint AS complaint
               ON complaint.customer_id = customer.id
           WHERE (customer.id = lead.customer_id OR customer.callee = lead.callee)
             AND complaint.opened_date >= %(on)s AND complaint.opened_date <= %(seen)s
       ),
       EXISTS (
           SELECT FROM journeys_customer AS customer JOIN journeys_donotcontact AS word
               ON word.customer_id = customer.id
           WHERE (customer.id = lead.customer_id OR customer.callee = lead.callee)
             AND word.at >= call.called_at AND word.at <= %(at)s
       ) OR EXISTS (
           SELECT FROM journeys_erasedrefusal AS kept
           WHERE kept.value_hash = lead.callee AND kept.refused_date >= %(on)s
             AND kept.refused_date <= %(seen)s
       ),
       lead.state = 'won' AND lead.owner_id = call.holder_id AND call.seconds < %(sale_seconds)s
           AND NOT EXISTS (
               SELECT FROM journeys_leadhold AS later
               WHERE later.lead_id = call.lead_id AND later.called_at > call.called_at),
       call.seconds < %(short_seconds)s,
       call.holder_id IN (SELECT holder_id FROM fresh)
FROM call JOIN journeys_lead AS lead ON lead.id = call.lead_id
ORDER BY call.id
"""


@dataclass(frozen=True)
class CallOfDay:
    """A call that was made, and the risks that it shows."""

    hold_id: int
    caller_id: int
    called_at: dt.datetime
    risks: frozenset[str]


def days_of_calls(*, first: dt.date, last: dt.date) -> list[tuple[int, dt.date, int]]:
    """This will list the branches whose staff called on which of these days, and how often:
    (branch, day, calls), the earliest first."""
    end = clock.start_of(last + dt.timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"start": clock.start_of(first), "end": end})
        return list(cursor.fetchall())


def calls_of_day(
    *, branch_id: int, on: dt.date, policy: QualityPolicy, at: dt.datetime
) -> list[CallOfDay]:
    """This will list the calls that the staff of a branch made on a day, with the risks that they
    show as far as was known at `at`."""
    start = clock.start_of(on)
    values: dict[str, Any] = {
        "branch": branch_id, "on": on, "start": start, "end": start + dt.timedelta(days=1),
        "at": at, "seen": clock.bank_day(at), "new_days": policy.new_days,
        "sale_seconds": policy.sale_seconds, "short_seconds": policy.short_seconds,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CALLS, values)
        rows = cursor.fetchall()
    return [CallOfDay(row[0], row[1], row[2], _risks(row[3:])) for row in rows]


def _risks(shown: Sequence[bool]) -> frozenset[str]:
    return frozenset(
        risk.value for risk, is_shown in zip(rules.RISKS, shown, strict=True) if is_shown
    )
