"""Counting the figures of days, and of the cards issued in months."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from journeys.activity import queries
from journeys.activity.enums import Counted, CountKind
from journeys.activity.models import ActiveDefinition, ActivityCount
from journeys.activity.operations.settling import LOCK, settle_marks
from journeys.activity.rules import FORECAST_DAYS, SleepLimits, last_since
from journeys.cards import queries as cards
from portal.kit import clock as kit

# Days before today whose figures are kept up to date; older ones stay as they were counted last.
BACK_DAYS = 400
_DAY = dt.timedelta(days=1)

# What is known of each card at the end of a day. Without a rest that covers it, the card was used
# in the 30 days before.
_RESTING = """
    FROM journeys_card c JOIN journeys_cardproduct p ON p.id = c.product_id
    LEFT JOIN journeys_cardrest r ON r.card_id = c.id AND r.since <= %(on)s
        AND (r.until IS NULL OR r.until > %(on)s)
    WHERE c.issued_date <= %(on)s AND p.code <> ALL(%(policy)s)
"""
_USED = f"""
    SELECT c.id, c.issued_date, c.customer_id, c.branch_id, c.product_id,
        r.id IS NULL OR (r.is_used AND r.since > %(on)s::date - %(window)s) AS used
    {_RESTING}
        AND (NOT %(closed)s OR c.closed_date IS NULL OR c.closed_date > %(on)s)
        AND (NOT %(unactivated)s OR c.activated_date <= %(on)s)
        AND (NOT %(supplementary)s OR c.is_primary)
"""
_ACTIVE_CARDS = f"""
INSERT INTO journeys_activityday (day, definition_id, branch_id, product_id, cards, used)
SELECT %(on)s, %(definition)s, branch_id, product_id, count(*), count(*) FILTER (WHERE used)
FROM ({_USED}) card GROUP BY branch_id, product_id ORDER BY branch_id, product_id
"""
# A customer counts at the branch that issued the first of the cards that count.
_ACTIVE_CUSTOMERS = f"""
INSERT INTO journeys_activityday (day, definition_id, branch_id, cards, used)
SELECT %(on)s, %(definition)s, branch_id, count(*), count(*) FILTER (WHERE used)
FROM (SELECT customer_id, (array_agg(branch_id ORDER BY issued_date, id))[1] AS branch_id,
          bool_or(used) AS used
      FROM ({_USED}) card
      GROUP BY customer_id) customer
GROUP BY branch_id ORDER BY branch_id
"""
_SLEEPING = f"""
INSERT INTO journeys_sleepday (day, rule_id, branch_id, product_id, cards, asleep, due_30, due_60,
    due_90)
SELECT %(on)s, %(rule)s, c.branch_id, c.product_id, count(*),
    count(*) FILTER (WHERE r.since <= %(asleep)s),
    {
    ", ".join(
        f"count(*) FILTER (WHERE r.since > %(asleep)s AND r.since <= %(due_{days})s)"
        for days in FORECAST_DAYS
    )
}
    {_RESTING} AND (c.closed_date IS NULL OR c.closed_date > %(on)s)
GROUP BY c.branch_id, c.product_id ORDER BY c.branch_id, c.product_id
"""
# As of so many days before: what was due, what slept, and what had been used or closed by the day.
_FLOWING = f"""
INSERT INTO journeys_sleepflow (day, days, branch_id, product_id, due, woke, asleep, roused)
SELECT %(day)s, %(days)s, c.branch_id, c.product_id,
    count(*) FILTER (WHERE due), count(*) FILTER (WHERE due AND (
        r.until <= asleep_date OR c.closed_date <= asleep_date)),
    count(*) FILTER (WHERE NOT due),
    count(*) FILTER (WHERE NOT due AND (r.until <= %(day)s OR c.closed_date <= %(day)s))
FROM (
    SELECT c.*, r.since, r.until {_RESTING} AND (c.closed_date IS NULL OR c.closed_date > %(on)s)
        AND r.since <= %(due)s
) c CROSS JOIN LATERAL (SELECT c.since > %(asleep)s AS due, c.until,
    (c.since + make_interval(months => %(months)s))::date AS asleep_date) r
GROUP BY c.branch_id, c.product_id ORDER BY c.branch_id, c.product_id
"""
_COHORT = """
INSERT INTO journeys_cohortmonth (month, branch_id, product_id, cards, used_30, used_65, used_90)
SELECT %(first)s, c.branch_id, c.product_id, count(*),
    count(*) FILTER (WHERE r.id IS NULL OR r.until <= c.issued_date + 30),
    count(*) FILTER (WHERE r.id IS NULL OR r.until <= c.issued_date + 65),
    count(*) FILTER (WHERE r.id IS NULL OR r.until <= c.issued_date + 90)
FROM journeys_card c
LEFT JOIN journeys_cardrest r ON r.card_id = c.id AND r.since = c.issued_date AND NOT r.is_used
WHERE c.issued_date >= %(first)s AND c.issued_date < %(first)s::date + interval '1 month'
GROUP BY c.branch_id, c.product_id ORDER BY c.branch_id, c.product_id
"""


def count_figures(
    *,
    clock: Callable[[], dt.datetime] = kit.now,
    seconds: float | None = None,
    back: int = BACK_DAYS,
) -> int:
    """This will settle what is marked, and count the days up to yesterday and the months that were
    not counted yet, or that changed since, the latest first. Stops after `seconds`; what is left
    waits for the next time. Returns how many days and months were counted."""
    begun = clock()
    settle_marks(clock=clock, seconds=seconds)
    yesterday = kit.bank_day(begun) - _DAY
    work: list[tuple[Callable[..., None], dt.date]] = [
        *((_count_cohort, month) for month in _stale(CountKind.COHORT)),
        *((_count_day, day) for day in days_to_count(yesterday, back)),
    ]
    for done, (count, day) in enumerate(work):
        if seconds is not None and (clock() - begun).total_seconds() >= seconds:
            return done
        count(day, clock())
    if work and queries.is_counted(CountKind.DAY, yesterday):
        _count_flows(yesterday)
    return len(work)


def days_to_count(yesterday: dt.date, back: int) -> list[dt.date]:
    """This will list the days that are to be counted, the latest first: none before the first card
    was issued."""
    known = dict(ActivityCount.objects.filter(kind=CountKind.DAY).values_list("day", "is_stale"))
    first = cards.first_issued()
    if first is None:
        return [day for day in sorted(known, reverse=True) if known[day]]
    within = min(back, (yesterday - first).days + 1)
    days = (yesterday - dt.timedelta(days=number) for number in range(within))
    return [day for day in days if known.get(day, True)]


def _stale(kind: CountKind) -> list[dt.date]:
    rows = ActivityCount.objects.filter(kind=kind, is_stale=True).order_by("-day")
    return list(rows.values_list("day", flat=True))


@transaction.atomic
def _count_day(day: dt.date, at: dt.datetime) -> None:
    """What it is counted by is read after the lock: who sets a definition waits for it, and marks
    the day after it was counted."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        definitions, rule = queries.definitions_on(day), queries.sleep_rule_on(day)
        limits = queries.limits_of(rule)
        cursor.execute("DELETE FROM journeys_activityday WHERE day = %s", [day])
        for definition in definitions:
            by_customer = definition.counted == Counted.CUSTOMERS
            cursor.execute(
                _ACTIVE_CUSTOMERS if by_customer else _ACTIVE_CARDS,
                asked_of(definition=definition, on=day),
            )
        cursor.execute("DELETE FROM journeys_sleepday WHERE day = %s", [day])
        cursor.execute(_SLEEPING, {**_slept(limits, day), "rule": rule.pk if rule else None})
    _note(CountKind.DAY, day, at)


def asked_of(*, definition: ActiveDefinition, on: dt.date) -> dict[str, Any]:
    """This will give what a definition asks as parameters of SQL."""
    leaves = definition.exclusions
    return {
        "on": on, "definition": definition.pk, "window": definition.window_days,
        "closed": leaves.closed, "unactivated": leaves.unactivated,
        "supplementary": leaves.supplementary, "policy": list(leaves.policy_products),
    }  # fmt: skip


def _slept(limits: SleepLimits, on: dt.date) -> dict[str, Any]:
    """Since when cards rest that are asleep on a day, or will be so many days later."""
    due = {
        f"due_{days}": last_since(on + dt.timedelta(days=days), limits.months)
        for days in FORECAST_DAYS
    }
    policy = list(limits.policy_products)
    return {"on": on, "policy": policy, "asleep": last_since(on, limits.months), **due}


@transaction.atomic
def _count_flows(day: dt.date) -> None:
    """What became of cards up to a day: of the latest alone, anew whenever something was counted,
    for any of the days before it may be another."""
    limits = queries.limits_of(queries.sleep_rule_on(day))
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute("DELETE FROM journeys_sleepflow")
        for days in FORECAST_DAYS:
            asked = _slept(limits, day - dt.timedelta(days=days))
            asked |= {"day": day, "days": days, "due": asked[f"due_{days}"]}
            cursor.execute(_FLOWING, asked | {"months": limits.months})


@transaction.atomic
def _count_cohort(month: dt.date, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute("DELETE FROM journeys_cohortmonth WHERE month = %s", [month])
        cursor.execute(_COHORT, {"first": month})
    _note(CountKind.COHORT, month, at)


def _note(kind: CountKind, day: dt.date, at: dt.datetime) -> None:
    """That it was counted; once more where it had been before."""
    row, is_new = ActivityCount.objects.get_or_create(
        kind=kind, day=day, defaults={"counted_at": at}
    )
    if is_new:
        return
    row.again_at = row.counted_at and at
    row.counted_at = row.counted_at or at
    row.is_stale = False
    row.save(update_fields=["counted_at", "again_at", "is_stale"])
