"""Counting what campaigns brought about, by the clock, and keeping each look at it."""

import datetime as dt
import logging
from collections.abc import Collection
from typing import Any

from django.db import DatabaseError, connection, transaction

from campaigns.effect import queries, rules
from campaigns.effect.enums import CONVERSION_OF, Conversion
from campaigns.effect.models import (
    EffectDay,
    EffectIntake,
    EffectLook,
    EffectPlan,
)
from campaigns.effect.queries import plans
from campaigns.eligibility.models import Run
from campaigns.planning import queries as planning
from campaigns.planning.enums import Objective
from campaigns.planning.models import Campaign
from portal.audit import operations as audit

log = logging.getLogger(__name__)
# Live runs that one count takes in; the next one goes on.
_BITE = 30
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('campaigns.effect', 0))"
# Whoever qualified was drawn to one side before anything else was asked: those who were refused
# since, for want of budget or by the gate, are of the side that the campaign was for.
_ENTER = """
INSERT INTO campaigns_effectentrant (campaign_id, customer_id, is_held, entered_date)
SELECT %(campaign)s, customer_id, award = 'control', %(on)s FROM campaigns_decision
WHERE run_id = %(run)s AND outcome = 'qualified' AND award <> ''
ON CONFLICT (campaign_id, customer_id) DO NOTHING
"""
_CROSS = """
UPDATE campaigns_effectentrant entrant SET crossed_date = %(on)s
FROM campaigns_decision decision
WHERE decision.run_id = %(run)s AND decision.outcome = 'qualified' AND decision.award <> ''
  AND entrant.campaign_id = %(campaign)s AND entrant.customer_id = decision.customer_id
  AND entrant.is_held <> (decision.award = 'control') AND entrant.crossed_date IS NULL
  AND entrant.entered_date <= %(on)s
RETURNING entrant.entered_date
"""
# The window is the days from the one after entry on; as many before the day of entry tell how
# alike both sides were. The day of entry is of neither: a message may have come before a purchase.
# A card or transaction belongs to whoever holds the card. Whoever was drawn to the other side later
# counts here all the same: what moves people across may hang on what they do.
_CONVERTED = {
    Conversion.ISSUED: """EXISTS (
        SELECT FROM journeys_card card WHERE card.customer_id = p.customer_id AND card.is_primary
          AND card.issued_date > p.entered_date AND card.issued_date <= p.entered_date + %(window)s
    )""",
    Conversion.FIRST_USE: """EXISTS (
        SELECT FROM journeys_card card WHERE card.customer_id = p.customer_id
          AND card.first_used_date > p.entered_date
          AND card.first_used_date <= p.entered_date + %(window)s
    )""",
    Conversion.REPEAT: "paid.buying_days >= 2",
    Conversion.KEPT: "paid.last_bought > p.entered_date + %(window)s - 30",
}
_COUNT = """
WITH due AS (
    SELECT * FROM unnest(
        %(days)s::date[], %(watched)s::boolean[], %(ripe)s::boolean[], %(next)s::date[]
    ) AS d(entered_date, is_watched, is_ripe, due_date)
), people AS MATERIALIZED (
    SELECT e.customer_id, e.entered_date, e.is_held, e.crossed_date IS NOT NULL AS has_crossed,
           due.is_watched, due.is_ripe
    FROM due JOIN campaigns_effectentrant e
        ON e.campaign_id = %(campaign)s AND e.entered_date = due.entered_date
), told AS (
    SELECT p.entered_date, p.is_held, p.is_ripe, p.has_crossed, paid.*,
           LEAST(GREATEST(paid.amount, -%(cap)s), %(cap)s) AS capped,
           p.is_ripe AND coalesce({converted}, FALSE) AS has_converted
    FROM people p CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.amount) FILTER (WHERE t.posted_date > p.entered_date), 0) AS amount,
               coalesce(sum(t.amount) FILTER (WHERE t.posted_date < p.entered_date), 0) AS before,
               count(DISTINCT t.posted_date)
                   FILTER (WHERE t.amount > 0 AND t.posted_date > p.entered_date) AS buying_days,
               max(t.posted_date)
                   FILTER (WHERE t.amount > 0 AND t.posted_date > p.entered_date) AS last_bought,
               coalesce(bool_or(t.amount > 0 AND t.posted_date < p.entered_date), FALSE)
                   AS has_bought_before
        FROM journeys_card c JOIN journeys_transaction t ON t.card_id = c.id
            AND t.posted_date >= p.entered_date - %(window)s
            AND t.posted_date <= p.entered_date + CASE WHEN p.is_ripe THEN %(window)s ELSE 0 END
        WHERE c.customer_id = p.customer_id AND p.is_watched
    ) paid
), sides AS (
    SELECT entered_date, is_held, count(*) AS people,
           count(*) FILTER (WHERE has_crossed) AS crossed,
           count(*) FILTER (WHERE has_converted) AS converted,
           count(*) FILTER (WHERE buying_days > 0) AS active,
           count(*) FILTER (WHERE amount <> 0) AS payers,
           sum(amount) AS amount, sum(amount * amount) AS squares,
           sum(capped) AS capped_amount, sum(capped * capped) AS capped_squares,
           count(*) FILTER (WHERE has_bought_before) AS active_before,
           count(*) FILTER (WHERE before <> 0) AS payers_before,
           sum(before) AS amount_before, sum(before * before) AS squares_before
    FROM told GROUP BY entered_date, is_held
)
UPDATE campaigns_effectday day
SET is_ripe = due.is_ripe, due_date = due.due_date, counted_at = %(at)s, {columns}
FROM due CROSS JOIN (VALUES (TRUE), (FALSE)) AS side(is_held)
LEFT JOIN sides ON sides.entered_date = due.entered_date AND sides.is_held = side.is_held
WHERE day.campaign_id = %(campaign)s AND day.entered_date = due.entered_date
  AND day.is_held = side.is_held
"""
_COLUMNS = ", ".join(
    f"{name} = coalesce(sides.{name}, 0)"
    for name in (
        "people", "crossed", "converted", "active", "payers", "amount", "squares",
        "capped_amount", "capped_squares", "active_before", "payers_before", "amount_before",
        "squares_before",
    )
)  # fmt: skip


def count_effects(*, on: dt.date, at: dt.datetime, campaign_id: int | None = None) -> list[int]:
    """This will take in the live runs that have ended since, count the days of entry that are due
    on a day, and keep a look at each campaign of which something was counted; of one campaign, or
    of all. Returns their ids. Nothing is counted before a rule says how.

    Each person is read a few times in all (`rules.days`), however many days the campaign runs.
    Each campaign is a transaction of its own; twice at once is as good as twice after each other.
    """
    asked = [one for one in queries.due_campaigns(on) if campaign_id in (None, one)]
    return [one for one in asked if _counted(one, on=on, at=at)]


def _counted(campaign_id: int, *, on: dt.date, at: dt.datetime) -> bool:
    """One that fails is told in the log, and keeps no other one from being counted."""
    try:
        return _count_one(campaign_id, on=on, at=at)
    except (DatabaseError, LookupError, ValueError):
        log.exception("effect of campaign %s", campaign_id)
        return False


@transaction.atomic
def _count_one(campaign_id: int, *, on: dt.date, at: dt.datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    plan = queries.plan_of_campaign(campaign_id) or _fix(campaign_id, on=on, at=at)
    if plan is None:
        return False
    touched: set[dt.date] = set()
    for run in plans.runs_to_take_in(campaign_id)[:_BITE]:
        touched |= _take_in(plan, run, at)
    due = EffectDay.objects.filter(campaign=campaign_id, due_date__lte=on)
    days = sorted(touched.union(due.values_list("entered_date", flat=True)))
    if not days:
        return False
    _count_days(plan, days, on=on, at=at)
    _look(plan, on=on, at=at)
    return True


def _fix(campaign_id: int, *, on: dt.date, at: dt.datetime) -> EffectPlan | None:
    """Fixes for good what is measured, by the rule in force; None without a rule."""
    rule, run = queries.rule_on(on), plans.runs_to_take_in(campaign_id).first()
    if rule is None or run is None:
        return None
    campaign = Campaign.objects.get(pk=campaign_id)
    conversion = CONVERSION_OF[Objective(campaign.objective)]
    EffectPlan.objects.create(
        campaign=campaign, rule=rule, conversion=conversion, first_date=run.on_date, fixed_at=at
    )
    said = {
        "conversion": conversion.value, "window_days": rule.window_days, "fewest": rule.fewest,
        "error_percent": str(rule.error_percent),
    }  # fmt: skip
    audit.record(action="effect.fixed", actor=None, at=at, target=campaign, changes=said)
    return queries.plan_of_campaign(campaign_id)


def _take_in(plan: EffectPlan, run: Run, at: dt.datetime) -> set[dt.date]:
    """Enters those about whom a run decided first; returns the days of entry that moved."""
    values: dict[str, Any] = {"campaign": plan.campaign_id, "run": run.pk, "on": run.on_date}
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, values)
        entered = cursor.rowcount
        cursor.execute(_CROSS, values)
        touched = {row[0] for row in cursor.fetchall()}
    percent = planning.plan_of(run.version).control_percent
    EffectIntake.objects.create(
        run=run, campaign=plan.campaign, control_percent=percent, entered=entered, taken_at=at
    )
    if not entered:
        return touched
    for is_held in (False, True):
        EffectDay.objects.get_or_create(
            campaign=plan.campaign, entered_date=run.on_date, is_held=is_held,
            defaults={"control_percent": percent},
        )  # fmt: skip
    return touched | {run.on_date}


def _count_days(
    plan: EffectPlan, days: Collection[dt.date], *, on: dt.date, at: dt.datetime
) -> None:
    """Counts days of entry; where nobody was left out there is nothing to compare, and nothing
    but the people is counted."""
    span = {"window": plan.rule.window_days, "settle": plan.rule.settle_days}
    drawn = EffectDay.objects.filter(
        campaign=plan.campaign, entered_date__in=days, control_percent__gt=0
    )
    watched = set(drawn.values_list("entered_date", flat=True))
    values: dict[str, Any] = {
        "campaign": plan.campaign_id, "days": list(days), "window": plan.rule.window_days,
        "watched": [day in watched for day in days],
        "ripe": [day in watched and rules.is_ripe(day, on, **span) for day in days],
        "next": [rules.due_after(day, on, **span) if day in watched else None for day in days],
        "cap": plan.rule.cap, "at": at,
    }  # fmt: skip
    statement = _COUNT.format(converted=_CONVERTED[Conversion(plan.conversion)], columns=_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _look(plan: EffectPlan, *, on: dt.date, at: dt.datetime) -> None:
    """Keeps what is seen on a day, once; where both sides cannot be compared there is nothing to
    see."""
    found = queries.effects_of([plan])[plan.campaign_id]
    looks = []
    for measure, told in found.measures.items():
        if told.lift is None or told.reached is None or told.held is None:
            continue
        lift, ratio = told.lift, told.lift.relative
        looks.append(
            EffectLook(
                campaign=plan.campaign, on_date=on, measure=measure, at=at,
                reached_people=told.reached_people, held_people=told.held_people,
                reached=told.reached, held=told.held, by=lift.by.value, low=lift.by.low,
                high=lift.by.high, once_low=lift.once.low, once_high=lift.once.high,
                relative=None if ratio is None else ratio.value,
                relative_low=None if ratio is None else ratio.low,
                relative_high=None if ratio is None else ratio.high,
            )
        )  # fmt: skip
    EffectLook.objects.bulk_create(looks, ignore_conflicts=True)
