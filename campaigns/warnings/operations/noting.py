"""What is noted of rows that are new, once however often they are read."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from campaigns.conditions.rules import tree
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import plans
from campaigns.warnings.enums import Kind
from campaigns.warnings.models import Trace
from campaigns.warnings.rules.detectors import places

_HOURS = """
SELECT min(hour), max(hour) + interval '1 hour', array_agg(campaign_id), array_agg(hour) FROM (
    SELECT DISTINCT campaign_id, date_trunc('hour', granted_at) AS hour FROM campaigns_grant
    WHERE id > %(after)s ORDER BY 1, 2) fresh
"""
_COUNT_HOURS = """
INSERT INTO campaigns_granthour AS kept (campaign_id, hour, grants)
SELECT g.campaign_id, fresh.hour, count(*)
FROM unnest(%(campaigns)s::bigint[], %(hours)s::timestamptz[]) AS fresh (campaign_id, hour)
JOIN campaigns_grant g ON g.campaign_id = fresh.campaign_id
    AND date_trunc('hour', g.granted_at) = fresh.hour
WHERE g.granted_at >= %(first)s AND g.granted_at < %(end)s
GROUP BY g.campaign_id, fresh.hour ORDER BY g.campaign_id, fresh.hour
ON CONFLICT (campaign_id, hour) DO UPDATE SET grants = excluded.grants
"""
_VERSIONS = "SELECT DISTINCT version_id FROM campaigns_grant WHERE id > %s"
# The days before the grant on which the customer bought several times at one merchant.
_SEVERAL = """
SELECT g.version_id, g.campaign_id, g.customer_id, bought.merchant_id, bought.posted_date,
    bought.number, bought.total
FROM campaigns_grant g
CROSS JOIN LATERAL (
    SELECT t.merchant_id, t.posted_date, count(*)::int AS number, sum(t.amount) AS total
    FROM journeys_card c JOIN journeys_transaction t ON t.card_id = c.id
        AND t.posted_date > g.granted_date - %(days)s AND t.posted_date <= g.granted_date
    WHERE c.customer_id = g.customer_id AND t.kind = 'purchase' AND t.merchant_id IS NOT NULL
    GROUP BY t.merchant_id, t.posted_date HAVING count(*) >= %(pieces)s
) bought
WHERE g.id > %(after)s AND g.version_id = ANY(%(versions)s)
ORDER BY g.customer_id, bought.posted_date, bought.merchant_id
"""
# Refunds that came after; of each customer's day at a merchant all of them are counted.
_REFUNDS = """
INSERT INTO campaigns_trace AS kept (kind, day, customer_id, merchant_id, thing, times, band)
SELECT %(kind)s, r.posted_date, r.customer_id, coalesce(r.merchant_id, p.merchant_id), 0,
    count(*), ''
FROM (SELECT DISTINCT customer_id, posted_date FROM journeys_transaction
      WHERE id > %(after)s AND amount < 0) fresh
JOIN journeys_transaction r ON r.customer_id = fresh.customer_id
    AND r.posted_date = fresh.posted_date AND r.amount < 0
LEFT JOIN journeys_transaction p ON p.reference = r.refund_of AND r.refund_of <> ''
WHERE coalesce(r.merchant_id, p.merchant_id) IS NOT NULL
  AND EXISTS (SELECT FROM campaigns_grant g WHERE g.customer_id = r.customer_id
                AND g.granted_date <= r.posted_date AND g.granted_date >= r.posted_date - %(wait)s)
GROUP BY r.posted_date, r.customer_id, coalesce(r.merchant_id, p.merchant_id)
ORDER BY 3, 2, 4
ON CONFLICT (kind, day, customer_id, merchant_id, thing) DO UPDATE SET times = excluded.times
WHERE kept.times <> excluded.times
"""
_USES = """
INSERT INTO campaigns_trace AS kept (kind, day, customer_id, merchant_id, thing, times, band)
SELECT %(kind)s, e.used_date, e.customer_id, e.merchant_id, e.recorded_by_id, count(*), ''
FROM (SELECT DISTINCT customer_id, used_date FROM campaigns_benefitentry
      WHERE id > %(after)s AND kind = 'use') fresh
JOIN campaigns_benefitentry e ON e.customer_id = fresh.customer_id
    AND e.used_date = fresh.used_date AND e.kind = 'use'
WHERE e.merchant_id IS NOT NULL AND e.recorded_by_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM campaigns_benefitentry undone WHERE undone.undoes_id = e.id)
GROUP BY e.used_date, e.customer_id, e.merchant_id, e.recorded_by_id
ORDER BY 3, 2, 4, 5
ON CONFLICT (kind, day, customer_id, merchant_id, thing) DO UPDATE SET times = excluded.times
WHERE kept.times <> excluded.times
"""
_SUM = "spending_in_window"


def count_hours(after: int) -> list[tuple[int, dt.datetime]]:
    """This will count anew the hours in which something was granted by grants after this one;
    returns campaigns and hours. The grants of the hours are found by the blocks of their time."""
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {"after": after})
        first, end, campaigns, hours = cursor.fetchone()
        if first is None:
            return []
        values = {"first": first, "end": end, "campaigns": campaigns, "hours": hours}
        cursor.execute(_COUNT_HOURS, values)
    return list(zip(campaigns, hours, strict=True))


def note_splits(after: int, days: int) -> None:
    """This will note where the purchases of one day lie that those made at one merchant who were
    granted something since: they add up to just what a tier asks, or to somewhat more."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [after])
        asked = _sums_of([version for (version,) in cursor.fetchall()])
        if not asked:
            return
        values: dict[str, Any] = {
            "after": after, "days": days, "pieces": places.PIECES, "versions": list(asked),
        }  # fmt: skip
        cursor.execute(_SEVERAL, values)
        rows = cursor.fetchall()
    traces = {
        (day, customer, merchant, campaign): Trace(
            kind=Kind.SPLITTING, day=day, customer_id=customer, merchant_id=merchant,
            thing=campaign, band=band, times=number,
        )
        for version, campaign, customer, merchant, day, number, total in rows
        if (band := _band(total, asked[version], number))
    }  # fmt: skip
    Trace.objects.bulk_create(
        traces.values(), update_conflicts=True, update_fields=["band", "times"],
        unique_fields=["kind", "day", "customer", "merchant", "thing"], batch_size=1_000,
    )  # fmt: skip


def _band(total: Decimal, asked: Sequence[Decimal], number: int) -> str:
    found = {places.band_of(total, one, number) for one in asked}
    return places.NEAR if places.NEAR in found else max(found, default="")


def _sums_of(versions: Sequence[int]) -> Mapping[int, list[Decimal]]:
    """The sums that versions ask to be spent, by their rule and tiers; none is left out."""
    found: dict[int, list[Decimal]] = {}
    for version in CampaignVersion.objects.filter(pk__in=versions).order_by("pk"):
        try:
            plan = plans.plan_of(version.content)
        except plans.PlanWrong:  # of an earlier day, in a form that is read no more
            continue
        trees = [plan.rule, *(tier.asks for tier in plan.rewards.tiers if tier.asks)]
        sums: set[Any] = {
            getattr(leaf.condition, "at_least", None)
            for one in trees
            for leaf in tree.leaves(one)
            if leaf.condition.kind == _SUM
        }
        if sums:
            found[version.pk] = sorted(sums)
    return found


def note_refunds(after: int, wait: int) -> None:
    """This will note the refunds among transactions after this one that came soon after a reward of
    the customer."""
    _write(_REFUNDS, {"kind": Kind.REFUND.value, "after": after, "wait": wait})


def note_uses(after: int) -> None:
    """This will note the uses of benefits after this entry that somebody of the staff recorded."""
    _write(_USES, {"kind": Kind.DESK.value, "after": after})


def _write(sql: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
