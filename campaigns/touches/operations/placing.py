"""Placing the steps of people inside: when each is due, by the days that it is counted from."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from campaigns.planning.rules import plans
from campaigns.touches.queries import timing

# Of the times that steps wait for, those that moved are set anew; what is answered stays. A step
# whose anchor is not known waits without a time.
_PLACE = """
INSERT INTO campaigns_touchstep AS known (enrolment_id, version_id, customer_id, code, position,
    planned_at, due_at, valid_until, state, answer, channel, reasons)
SELECT enrolment_id, %(version_id)s, customer_id, code, position, planned_at, planned_at,
       CASE WHEN NOT waits THEN (
           (planned_at AT TIME ZONE %(zone)s)::date + valid_days + 1
       )::timestamp AT TIME ZONE %(zone)s END,
       'waiting', '', '', '{}'::jsonb
FROM timed ORDER BY enrolment_id, position
ON CONFLICT (enrolment_id, code) DO UPDATE SET
    version_id = excluded.version_id, position = excluded.position,
    planned_at = excluded.planned_at,
    due_at = CASE WHEN known.planned_at IS DISTINCT FROM excluded.planned_at
                  THEN excluded.planned_at ELSE known.due_at END,
    wait_until = CASE WHEN known.planned_at IS DISTINCT FROM excluded.planned_at
                      THEN NULL ELSE known.wait_until END,
    valid_until = CASE WHEN known.planned_at IS DISTINCT FROM excluded.planned_at
                       THEN excluded.valid_until
                       ELSE coalesce(excluded.valid_until, known.valid_until) END,
    answer = CASE WHEN known.planned_at IS DISTINCT FROM excluded.planned_at
                  THEN '' ELSE known.answer END
WHERE known.state = 'waiting' AND (known.planned_at, known.version_id, known.position)
    IS DISTINCT FROM (excluded.planned_at, excluded.version_id, excluded.position)
"""


def place_steps(
    *, version: Any, plan: plans.Plan, enrolment_ids: Sequence[int], on: dt.date
) -> int:
    """This will set when the steps of people inside are due, by what is known of them as of a day,
    and return how many were set: those that are new, and those whose day moved."""
    if not enrolment_ids or plan.touches is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(customer_id ORDER BY customer_id) FROM campaigns_enrolment"
            " WHERE id = ANY(%s)",
            [list(enrolment_ids)],
        )
        timed, values = timing.timed_sql(
            plan, campaign_id=version.campaign_id, customer_ids=cursor.fetchone()[0] or [], on=on,
            version_id=version.pk,
        )  # fmt: skip
        cursor.execute(timed + _PLACE, values)
        return int(cursor.rowcount)
