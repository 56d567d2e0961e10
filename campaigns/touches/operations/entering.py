"""Entering: who of an audience comes into a touch plan, each in a stay of the next number."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from campaigns.conditions.rules import findings
from campaigns.planning.enums import Anchor, EntryBy
from campaigns.planning.rules import plans
from campaigns.touches.operations import placing
from campaigns.touches.queries import asking
from portal.kit import clock

# Whoever enters at the same instant by another hand is refused by the keys, and counted as inside.
_ENTER = """
WITH asked AS MATERIALIZED ({asked}), weighed AS MATERIALIZED (
    SELECT asked.customer_id, {occasion} AS occasion,
           coalesce(before.rotation, 0) + 1 AS rotation,
           CASE WHEN {is_outside} THEN 'other_branch'
                WHEN NOT coalesce(asked.held[1], FALSE) THEN 'not_needed'
                WHEN before.is_inside THEN 'inside'
                WHEN before.rotation >= %(most)s::int THEN 'had_before'
                WHEN before.left_at + %(days)s::int * interval '1 day' > %(at)s THEN 'too_soon'
                END AS refused
    FROM asked {joins}
    LEFT JOIN LATERAL (
        SELECT max(stay.rotation) AS rotation, bool_or(stay.state = 'inside') AS is_inside,
               max(stay.left_at) AS left_at
        FROM campaigns_enrolment stay
        WHERE stay.customer_id = asked.customer_id AND stay.campaign_id = %(campaign_id)s
    ) AS before ON true
    WHERE {is_asked} AND NOT EXISTS (
        SELECT FROM campaigns_enrolment had
        WHERE had.customer_id = asked.customer_id AND had.campaign_id = %(campaign_id)s
          AND had.occasion = {occasion})
), entered AS (
    INSERT INTO campaigns_enrolment (campaign_id, version_id, customer_id, rotation, occasion,
        entered_at, ends_at, state, left_because)
    SELECT %(campaign_id)s, %(version_id)s, customer_id, rotation, occasion, %(at)s, %(ends_at)s,
           'inside', ''
    FROM weighed WHERE refused IS NULL ORDER BY customer_id
    ON CONFLICT DO NOTHING RETURNING id
)
SELECT refused, count(*), NULL FROM weighed GROUP BY refused
UNION ALL SELECT 'entered', count(*), array_agg(id ORDER BY id) FROM entered
"""

# Who was inside when it was granted, instead of what was taken back, was told of it there.
_NOT_TOLD_INSIDE = """NOT EXISTS (
        SELECT FROM campaigns_enrolment stay
        WHERE stay.customer_id = asked.customer_id AND stay.campaign_id = %(campaign_id)s
          AND stay.entered_at <= given.granted_at AND stay.left_at >= given.granted_at)"""


@dataclass(frozen=True)
class Entered:
    """Of so many who were looked at: the stays of those who entered, and why how many did not."""

    audience: int
    enrolment_ids: list[int]
    refused: dict[str, int]


@transaction.atomic
def enter(
    *,
    version: Any,
    plan: plans.Plan,
    occasion: str,
    at: dt.datetime,
    among: Sequence[int] | None = None,
    span: tuple[int, int] = (0, 0),
) -> Entered:
    """This will let people into the touch plan of a version, of those `among` or of those with ids
    of a half-open span, and place their steps.

    By an event those are asked whom it came for in time, by audience and schedule those who hold a
    card of the campaign; a run's audience is given `among`. Nobody enters twice by one `occasion`,
    nor while inside; the keys of the table hold that against whoever does the same at once.
    """
    touches = plan.touches
    if touches is None or not plan.runs_on(clock.bank_day(at)):
        return Entered(0, [], {})
    asked = findings.findings_of([touches.entry.needs], span=among is None)
    joins, is_asked, key = _whom(touches.entry, has_list=among is not None)
    values = asked.parameters | asking.frame_of(
        plan, campaign_id=version.campaign_id, on=clock.bank_day(at)
    ) | {
        "version_id": version.pk, "occasion": occasion, "at": at,
        "ends_at": at + dt.timedelta(days=touches.longest_days),
        "most": touches.again.most, "days": touches.again.days,
        "within": touches.entry.within_days, "among": list(among or ()),
        "first": span[0], "end": span[1],
    }  # fmt: skip
    sql = _ENTER.format(
        asked=asked.sql,
        joins=joins,
        is_asked=is_asked,
        occasion=key,
        is_outside="asked.branch_id <> ALL(%(branches)s)" if plan.branches else "FALSE",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = {why: (count, ids) for why, count, ids in cursor.fetchall()}
    entered, ids = found.pop("entered")
    # Whom the keys refused is inside by another hand since the statement looked.
    late = found.pop(None, (0, None))[0] - entered
    refused = Counter({why: count for why, (count, _ids) in found.items()})
    refused += Counter(inside=late)
    ids = ids or []
    placing.place_steps(version=version, plan=plan, enrolment_ids=ids, on=clock.bank_day(at))
    return Entered(entered + refused.total(), ids, dict(refused))


def _whom(entry: Any, *, has_list: bool) -> tuple[str, str, str]:
    """The joins, whom it is asked about at all, and what the occasion is called."""
    if entry.by != EntryBy.EVENT:
        # The cast tells the driver what it is where nothing else does.
        return "", "TRUE" if has_list else "asked.card_id IS NOT NULL", "%(occasion)s::text"
    joins, day, key = asking.event_sql(entry.anchor)
    is_asked = f"{day} BETWEEN %(on)s::date - %(within)s::int AND %(on)s::date"
    if entry.anchor == Anchor.GRANT:
        is_asked = f"{is_asked} AND {_NOT_TOLD_INSIDE}"
    return joins, is_asked, f"concat('{entry.anchor}:', {key})"
