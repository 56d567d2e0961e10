"""When the steps of a plan are due for people inside, by the days that they are counted from: SQL
for placing them, and for telling beforehand when they would be."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from campaigns.conditions.rules import findings
from campaigns.planning.rules import plans
from campaigns.touches.queries import asking

# A step whose anchor is not known has no time.
_TIMED = """
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
          AND own.state = 'inside' {of_version} OFFSET 0
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
"""


def timed_sql(
    plan: plans.Plan,
    *,
    campaign_id: int,
    customer_ids: Sequence[int],
    on: dt.date,
    version_id: int | None = None,
) -> tuple[str, dict[str, Any]]:
    """This will return the beginning of a statement that knows as `timed` each step of a plan for
    each of these people who is inside the campaign, or that version of it, by what is known of them
    as of a day, and its values. The plan has a touch plan."""
    steps = plan.touches.steps if plan.touches else ()
    counted = asking.counted(plan) if asking.needs_window(plan) else None
    asked = findings.findings_of([], counted=counted)
    joins, arms = asking.days_sql([step.anchor for step in steps])
    values = asked.parameters | asking.frame_of(plan, campaign_id=campaign_id, on=on) | {
        "among": list(customer_ids),
        "version_id": version_id,
        "codes": [step.code for step in steps],
        "positions": list(range(len(steps))),
        "anchors": [step.anchor for step in steps],
        "offsets": [step.offset_days for step in steps],
        "times": [step.at for step in steps],
        "fixed": [step.on_date for step in steps],
        "waits": [step.wait is not None for step in steps],
        "valid": [step.valid_days for step in steps],
    }  # fmt: skip
    of_version = "" if version_id is None else "AND own.version_id = %(version_id)s"
    sql = _TIMED.format(asked=asked.sql, joins=joins, arms=arms, of_version=of_version)
    return sql, values
