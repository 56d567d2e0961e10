"""Budgets, hours of grants, and refunds after rewards."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from campaigns.warnings.enums import Kind
from campaigns.warnings.models import GrantHour
from campaigns.warnings.rules.detectors import giving
from campaigns.warnings.rules.limits import Limits
from portal.kit import clock

_CHANGED = """
SELECT DISTINCT book.campaign_id FROM campaigns_budgetentry entry
JOIN campaigns_budgetbook book ON book.id = entry.book_id AND book.run_id IS NULL
WHERE entry.id > %s ORDER BY 1
"""
_ACCOUNTS = """
SELECT book.campaign_id, whole.planned, whole.planned - whole.used,
    (version.content ->> 'runs_to')::date - 1,
    coalesce(spent.days, '{}'), coalesce(spent.used, '{}')
FROM campaigns_budgetbook book
JOIN campaigns_campaign campaign ON campaign.id = book.campaign_id AND campaign.stopped_at IS NULL
JOIN campaigns_campaignversion version ON version.id = book.version_id
JOIN campaigns_budgetlimit whole ON whole.book_id = book.id AND whole.kind = 'campaign'
    AND whole.key = '' AND whole.planned IS NOT NULL
CROSS JOIN LATERAL (
    SELECT array_agg(each.key::date ORDER BY each.key) AS days,
           array_agg(each.used ORDER BY each.key) AS used
    FROM campaigns_budgetlimit each WHERE each.book_id = book.id AND each.kind = 'day'
      AND each.key >= %(first)s::date::text AND each.key <= %(on)s::date::text
) AS spent
WHERE book.run_id IS NULL AND book.campaign_id = ANY(%(campaigns)s)
ORDER BY book.campaign_id
"""
_REFUNDED = """
SELECT trace.merchant_id, merchant.branch_id, sum(trace.times)::int,
    count(DISTINCT trace.customer_id)::int,
    coalesce((SELECT sum(day.purchases) FROM journeys_merchantday day
              WHERE day.merchant_id = trace.merchant_id AND day.day >= %(first)s
                AND day.day <= %(on)s), 0)::int
FROM campaigns_trace trace JOIN merchants_merchant merchant ON merchant.id = trace.merchant_id
WHERE trace.kind = %(kind)s AND trace.day >= %(first)s AND trace.day <= %(on)s
GROUP BY trace.merchant_id, merchant.branch_id ORDER BY trace.merchant_id
"""
# The few rows of each merchant, from the index that holds the counts.
_PURCHASES = """
SELECT coalesce(sum(of.purchases), 0)::bigint FROM merchants_merchant merchant
CROSS JOIN LATERAL (SELECT sum(day.purchases) AS purchases FROM journeys_merchantday day
    WHERE day.merchant_id = merchant.id AND day.day >= %s AND day.day <= %s) of
"""
_RETURNERS = """
SELECT trace.customer_id, customer.branch_id, count(DISTINCT trace.day)::int
FROM campaigns_trace trace JOIN journeys_customer customer ON customer.id = trace.customer_id
WHERE trace.kind = %(kind)s AND trace.day >= %(first)s AND trace.day <= %(on)s
GROUP BY trace.customer_id, customer.branch_id HAVING count(DISTINCT trace.day) >= %(least)s
ORDER BY trace.customer_id
"""


def rows_of(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """This will return what a statement reads."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def changed_accounts(after: int) -> list[int]:
    """This will list the campaigns whose account was charged by entries after this one."""
    return [campaign for (campaign,) in rows_of(_CHANGED, [after])]


def accounts_of(campaigns: Sequence[int], limits: Limits, on: dt.date) -> list[giving.Account]:
    """This will tell how the budgets of campaigns stand that are not stopped."""
    values = {"campaigns": list(campaigns), "first": limits.first_day(on), "on": on}
    return [
        giving.Account(
            campaign, most, left, dict(zip(days, map(Decimal, used), strict=True)), last_day
        )
        for campaign, most, left, last_day, days, used in rows_of(_ACCOUNTS, values)
    ]


def hours_of(changed: Sequence[tuple[int, dt.datetime]], limits: Limits) -> list[giving.Hours]:
    """This will put hours that changed beside those before them, campaign by campaign, by the
    bank's clock."""
    found = []
    for campaign in sorted({campaign for campaign, _hour in changed}):
        hours = {hour for one, hour in changed if one == campaign}
        rows = GrantHour.objects.filter(
            campaign=campaign, hour__gte=min(hours) - dt.timedelta(days=limits.days),
            hour__lte=max(hours),
        )  # fmt: skip
        kept = rows.order_by("hour").values_list("hour", "grants")
        usual = {clock.bank_time(hour): grants for hour, grants in kept}
        now = {hour: grants for hour, grants in usual.items() if hour in hours}
        found.append(giving.Hours(campaign, now, usual))
    return found


def refunded_at(limits: Limits, on: dt.date) -> list[giving.Refunded]:
    """This will count refunds soon after rewards by merchant, from what was noted of them."""
    values = {"kind": Kind.REFUND.value, "first": limits.first_day(on), "on": on}
    return [giving.Refunded(*row) for row in rows_of(_REFUNDED, values)]


def purchases_in(limits: Limits, on: dt.date) -> int:
    """This will count the purchases at all merchants in the days looked at."""
    [(number,)] = rows_of(_PURCHASES, [limits.first_day(on), on])
    return int(number)


def returners_in(limits: Limits, on: dt.date) -> list[giving.Returner]:
    """This will count, of customers who did so often, the days of refunds soon after rewards."""
    values = {
        "kind": Kind.REFUND.value, "first": limits.first_day(on), "on": on, "least": limits.warn,
    }  # fmt: skip
    return [giving.Returner(*row) for row in rows_of(_RETURNERS, values)]
