"""Placing the steps of people inside: when each is due, by the days that it is counted from."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from campaigns.conditions.rules import findings
from campaigns.planning.rules import plans
from campaigns.touches.queries import asking

# Of the times that steps wait for, those that moved are set anew; what is answered stays. A step
# whose anchor is not known waits without a time.
_PLACE = """
WITH asked AS MATERIALIZED ({asked}), step AS (
    SELECT * FROM unnest(%(codes)s::text[], %(positions)s::int[], %(anchors)s::text[],
        %(offsets)s::int[], %(times)s::time[], %(fixed)s::date[], %(waits)s::boolean[],
        %(valid)s::int[])
        AS step(code, position, anchor, days_after, clock, fixed, waits, valid_days)
), counted AS (
    SELECT stay.id AS enrolment_id, stay.customer_id, step.*, stay.entered_at,
           CASE step.anchor WHEN 'fixed_date' THEN step.fixed
                WHEN 'entry' THEN (stay.entered_at AT TIME ZONE %(zone)s)::date {arms} END AS day
    FROM asked
    -- One look by the key for each: a join of both could be planned as all with all.
    JOIN LATERAL (
        SELECT id, customer_id, entered_at FROM campaigns_enrolment own
        WHERE own.customer_id = asked.customer_id AND own.campaign_id = %(campaign_id)s
          AND own.state = 'inside' AND own.version_id = %(version_id)s OFFSET 0
    ) AS stay ON true
    {joins} CROSS JOIN step
), timed AS (
    SELECT counted.*,
           CASE WHEN anchor = 'entry' AND clock IS NULL
                THEN entered_at + days_after * interval '1 day'
                ELSE ((day + days_after) + coalesce(clock, time '00:00'))
                     AT TIME ZONE %(zone)s END AS planned_at
    FROM counted
)
INSERT INTO campaigns_touchstep AS known (enrolment_id, version_id, customer_id, code, position,
    planned_at, due_at, valid_until, state, answer, channel, reasons)
SELECT enrolment_id, %(version_id)s, customer_id, code, position, planned_at, planned_at,
       CASE WHEN NOT waits THEN (
           (planned_at AT TIME ZONE %(zone)s)::date + valid_days + 1
       )::timestamp AT TIME ZONE %(zone)s END,
       'waiting', '', '', '{{}}'::jsonb
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
    steps = plan.touches.steps
    counted = asking.counted(plan) if asking.needs_window(plan) else None
    asked = findings.findings_of([], counted=counted)
    joins, arms = asking.days_sql([step.anchor for step in steps])
    values = asked.parameters | asking.frame_of(plan, campaign_id=version.campaign_id, on=on) | {
        "version_id": version.pk,
        "codes": [step.code for step in steps],
        "positions": list(range(len(steps))),
        "anchors": [step.anchor for step in steps],
        "offsets": [step.offset_days for step in steps],
        "times": [step.at for step in steps],
        "fixed": [step.on_date for step in steps],
        "waits": [step.wait is not None for step in steps],
        "valid": [step.valid_days for step in steps],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(customer_id ORDER BY customer_id) FROM campaigns_enrolment"
            " WHERE id = ANY(%s)",
            [list(enrolment_ids)],
        )
        values["among"] = cursor.fetchone()[0] or []
        cursor.execute(_PLACE.format(asked=asked.sql, joins=joins, arms=arms), values)
        return int(cursor.rowcount)
