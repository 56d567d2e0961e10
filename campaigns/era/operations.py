"""Counting the months of branches, by the clock."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction

from campaigns.era import queries
from campaigns.era.models import EraMark
from merchants.evidence.rules import months
from portal.audit import operations as audit
from portal.kit import clock

# As long as the longest rule judges together, and one year more to see where a branch comes from.
MONTHS = 36
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('campaigns.era', 0))"
_COUNT = """
WITH origin AS (
    SELECT c.branch_id, count(*) AS cards,
        count(*) FILTER (WHERE a.id IS NOT NULL AND NOT of.batch AND NOT of.brought) AS pulled,
        count(*) FILTER (WHERE of.batch) AS batched,
        count(*) FILTER (WHERE a.id IS NOT NULL AND NOT of.batch AND of.brought) AS brought
    FROM journeys_card c LEFT JOIN journeys_application a ON a.id = c.application_id
    CROSS JOIN LATERAL (SELECT
        coalesce(a.post_id, a.merchant_id) IS NOT NULL AS batch,
        EXISTS (SELECT FROM journeys_referral r
                WHERE r.application_id = a.id AND r.withdrawn_at IS NULL) AS brought) of
    WHERE c.is_primary AND c.issued_date >= %(first)s AND c.issued_date < %(end)s
    GROUP BY c.branch_id
), held AS (
    SELECT DISTINCT customer_id FROM journeys_card
    WHERE is_primary AND issued_date < %(end)s AND (closed_date IS NULL OR closed_date >= %(end)s)
), told AS (
    SELECT DISTINCT customer_id FROM journeys_contact
    WHERE purpose = 'marketing' AND origin LIKE 'campaign:%%' AND released_at IS NULL
        AND at >= %(from)s AND at < %(to)s
), reach AS (
    SELECT k.branch_id, count(*) AS customers, count(told.customer_id) AS reached
    FROM held JOIN journeys_customer k ON k.id = held.customer_id
    LEFT JOIN told ON told.customer_id = held.customer_id
    GROUP BY k.branch_id
), spending AS (
    SELECT c.branch_id, sum(t.amount) AS spent,
        coalesce(sum(t.amount) FILTER (WHERE m.id IS NOT NULL), 0) AS placed,
        coalesce(sum(t.amount) FILTER (WHERE s.is_partner
            AND (s.joined_date IS NULL OR s.joined_date <= t.posted_date)), 0) AS at_partners
    FROM journeys_transaction t JOIN journeys_card c ON c.id = t.card_id
    LEFT JOIN merchants_merchant m ON m.id = t.merchant_id
    LEFT JOIN merchants_merchant s ON s.id = coalesce(m.merged_into_id, m.id)
    WHERE t.kind = 'purchase' AND t.posted_date >= %(first)s AND t.posted_date < %(end)s
    GROUP BY c.branch_id
)
INSERT INTO campaigns_eramonth AS kept (branch_id, month, cards, pulled, batched, brought,
    customers, reached, spent, placed, at_partners)
SELECT b.id, %(first)s, coalesce(cards, 0), coalesce(pulled, 0), coalesce(batched, 0),
    coalesce(brought, 0), coalesce(customers, 0), coalesce(reached, 0), coalesce(spent, 0),
    coalesce(placed, 0), coalesce(at_partners, 0)
FROM portal_branch b LEFT JOIN origin ON origin.branch_id = b.id
LEFT JOIN reach ON reach.branch_id = b.id LEFT JOIN spending ON spending.branch_id = b.id
ORDER BY b.id
ON CONFLICT (month, branch_id) DO UPDATE SET (cards, pulled, batched, brought, customers, reached,
    spent, placed, at_partners) = ROW(excluded.cards, excluded.pulled, excluded.batched,
    excluded.brought, excluded.customers, excluded.reached, excluded.spent, excluded.placed,
    excluded.at_partners)
WHERE (kept.cards, kept.pulled, kept.batched, kept.brought, kept.customers, kept.reached,
    kept.spent, kept.placed, kept.at_partners) IS DISTINCT FROM (excluded.cards, excluded.pulled,
    excluded.batched, excluded.brought, excluded.customers, excluded.reached, excluded.spent,
    excluded.placed, excluded.at_partners)
"""


def count_months(*, on: dt.date, at: dt.datetime) -> list[dt.date]:
    """This will count, for each branch, the whole months before a day that were never counted, and
    those again of which facts were written since; returns the months counted.

    Each month is a transaction of its own, and marks go when all they name is counted: what is cut
    off is done by the next call. Twice at once is as good as twice after each other.
    """
    marks = list(EraMark.objects.order_by("id").values_list("id", "first", "end"))
    within = months.whole_before(on, MONTHS)
    known = queries.counted_among(within)
    spans = [(first, end) for _id, first, end in marks]
    due = [month for month in within if month not in known or _is_marked(month, spans)]
    written = {month: _count(month) for month in due}
    with transaction.atomic():
        EraMark.objects.filter(id__in=[mark[0] for mark in marks]).delete()
        changed = [f"{month:%Y-%m}" for month, rows in written.items() if rows]
        if changed:
            counts = {"counted_months": changed, "written": sum(written.values())}
            audit.record(action="era.counted", actor=None, at=at, changes=counts)
    return due


def _is_marked(month: dt.date, spans: Iterable[tuple[dt.date, dt.date | None]]) -> bool:
    after = months.first_of(month, -1)
    return any(first < after and (end is None or end > month) for first, end in spans)


@transaction.atomic
def _count(month: dt.date) -> int:
    """One month; the lock comes first, so that who counts later has seen more."""
    end = months.first_of(month, -1)
    values = {
        "first": month, "end": end, "from": clock.start_of(month), "to": clock.start_of(end),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_COUNT, values)
        return cursor.rowcount
