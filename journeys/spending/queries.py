"""Reading card transactions."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from journeys.spending import rules
from journeys.spending.enums import RefundDoubt
from journeys.spending.models import MerchantDay, Transaction
from merchants.directory import queries as merchants
from merchants.evidence import queries as evidence
from portal.kit import clock
from portal.staff.access import Scope


@dataclass(frozen=True)
class Posting:
    """A transaction as people read it: a refund with its purchase (None where it names none, or
    one that is not known) and what is doubtful about it; a purchase with what was given back."""

    row: Transaction
    refunded: Decimal = Decimal(0)
    purchase: Transaction | None = None
    doubt: RefundDoubt | None = None


def _postings(rows: list[Transaction]) -> list[Posting]:
    named = {row.refund_of for row in rows if row.refund_of}
    purchases = {
        row.reference: row
        for row in Transaction.objects.filter(reference__in=named).select_related("merchant")
    }
    refunded = _refunded([*named, *(row.reference for row in rows)])
    return [_posting(row, purchases.get(row.refund_of), refunded) for row in rows]


def _posting(
    row: Transaction, purchase: Transaction | None, refunded: dict[str, Decimal]
) -> Posting:
    if not row.refund_of:
        given = refunded.get(row.reference, Decimal(0))
        doubt = RefundDoubt.TOO_MUCH if given > row.amount > 0 else None
        return Posting(row, refunded=given, doubt=doubt)
    known = None
    if purchase is not None:
        given = refunded[purchase.reference]
        known = rules.Purchase(purchase.kind, purchase.card_id, purchase.amount, given)
    doubt = rules.refund_doubt(card_id=row.card_id, purchase=known)
    return Posting(row, purchase=purchase, doubt=doubt)


def _refunded(references: Sequence[str]) -> dict[str, Decimal]:
    """What was given back of the transactions of these references, by the refunds' index."""
    rows = (
        Transaction.objects.filter(refund_of__in=references)
        .exclude(refund_of="")
        .values("refund_of")
        .annotate(total=-Sum("amount"))
        .order_by("refund_of")
    )
    return {row["refund_of"]: row["total"] for row in rows}


_DOUBTFUL = """
WITH named AS (
    SELECT r.id, r.reference, r.card_id, r.refund_of,
        sum(-r.amount) OVER (PARTITION BY r.refund_of) AS refunded
    FROM journeys_transaction r WHERE r.refund_of <> ''
), judged AS (
    SELECT named.reference, named.refund_of, CASE
        WHEN p.id IS NULL THEN 'unknown'
        WHEN p.kind <> 'purchase' THEN 'no_purchase'
        WHEN p.card_id <> named.card_id THEN 'other_card'
        WHEN named.refunded > p.amount THEN 'too_much'
    END AS doubt
    FROM named LEFT JOIN journeys_transaction p ON p.reference = named.refund_of
)
SELECT doubt, reference, refund_of FROM judged WHERE doubt IS NOT NULL ORDER BY doubt, reference
"""


def doubtful_refunds() -> Iterator[tuple[RefundDoubt, str, str]]:
    """This will walk through all refunds that do not go with the purchase they name: (doubt,
    reference, reference of the purchase)."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_DOUBTFUL)
        while found := cursor.fetchmany(1_000):
            yield from ((RefundDoubt(row[0]), row[1], row[2]) for row in found)


def turnover_by_month(
    *, merchant_id: int, first: dt.date, end: dt.date
) -> dict[dt.date, rules.MonthOfMerchant]:
    """This will add up a merchant's days by month, from `first` to before `end`, with those of the
    merchants that were merged into it; read from their own few rows by their unique index, whatever
    was spent. A month without any is left out."""
    same = merchants.with_aliases(ids=[merchant_id])
    rows = (
        MerchantDay.objects.filter(merchant_id__in=same, day__gte=first, day__lt=end)
        .annotate(month=TruncMonth("day"))
        .values("month")
        .annotate(total=Sum("amount"), bought=Sum("purchases"), returned=Sum("refunds"))
        .order_by("month")
    )
    return {
        row["month"]: rules.MonthOfMerchant(row["total"], row["bought"], row["returned"])
        for row in rows
    }


def turnover_of(
    *, merchant_ids: Sequence[int], before: dt.date, middle: dt.date, end: dt.date
) -> dict[int, tuple[Decimal, Decimal]]:
    """This will sum the net turnover of merchants over two half-open spans, from whatever source
    there is: from `before` to `middle`, and from `middle` to `end`, each with what was merged into
    it. A merchant without any is left out."""
    spans = {"earlier": (before, middle), "later": (middle, end)}
    found = evidence.turnover_in(merchant_ids=merchant_ids, spans=spans, before=end)
    sums = {key: (row.amounts["earlier"], row.amounts["later"]) for key, row in found.items()}
    return {key: both for key, both in sums.items() if any(both)}


def turnover_by_day(
    *, scope: Scope, branch_path: str, first: dt.date, end: dt.date
) -> dict[dt.date, Decimal]:
    """This will add up by day, from `first` to before `end`, the net turnover of the merchants that
    branches below a path keep; for whom works on own merchants, of those alone. Read from the
    merchants' days of these days (`merchant_day_by_day`), or of these merchants, whatever was
    spent and however long the bank keeps days."""
    rows = MerchantDay.objects.filter(day__gte=first, day__lt=end)
    if scope.own_staff_id is not None:
        rows = rows.filter(merchant_id__in=merchants.own_merchant_ids(staff_id=scope.own_staff_id))
    elif branch_path:
        rows = rows.filter(merchant__branch__path__startswith=branch_path)
    counted = rows.values("day").annotate(total=Sum("amount")).order_by("day")
    return {row["day"]: row["total"] for row in counted}


# Each card's latest transactions come from the cards' index, which is in the order of days; what
# was posted without a time, or with one of another day, stands at the day's first instant.
_LATEST = """
SELECT found.id, found.at FROM journeys_card card CROSS JOIN LATERAL (
    SELECT dated.id, dated.at FROM (
        SELECT t.id, t.posted_date,
               CASE WHEN (t.posted_at AT TIME ZONE %(zone)s)::date = t.posted_date
                    THEN t.posted_at ELSE t.posted_date::timestamp AT TIME ZONE %(zone)s END AS at
        FROM journeys_transaction t
        WHERE t.card_id = card.id AND t.customer_id = %(customer_id)s
          AND t.posted_date <= %(day)s
    ) AS dated
    WHERE (dated.at, dated.id) < (%(at)s, %(before_id)s)
    ORDER BY dated.posted_date DESC, dated.at DESC, dated.id DESC LIMIT %(limit)s
) AS found
WHERE card.customer_id = %(customer_id)s
ORDER BY found.at DESC, found.id DESC LIMIT %(limit)s
"""


def latest_of(
    *, customer_id: int, at: dt.datetime, before_id: int, limit: int
) -> list[tuple[dt.datetime, Posting]]:
    """This will return a customer's latest transactions before (`at`, `before_id`), the latest
    first, each with its instant, card, merchant, and what a refund has to do with its purchase.
    Of each card no more than `limit` are read.
    """
    values = {
        "customer_id": customer_id, "at": at, "day": clock.bank_day(at), "before_id": before_id,
        "limit": limit, "zone": settings.TIME_ZONE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, values)
        instants = dict(cursor.fetchall())
    rows = Transaction.objects.filter(pk__in=instants).select_related("merchant", "card")
    by_id = {posting.row.pk: posting for posting in _postings(list(rows))}
    return [(instant, by_id[key]) for key, instant in instants.items()]


def spent_by_month(
    *, card_ids: Sequence[int], first: dt.date, end: dt.date
) -> dict[dt.date, Decimal]:
    """This will sum the net spending on cards by month, from `first` to before `end`; answered by
    the cards' index alone."""
    rows = (
        Transaction.objects.filter(
            card_id__in=card_ids, posted_date__gte=first, posted_date__lt=end
        )
        .annotate(month=TruncMonth("posted_date"))
        .values("month")
        .annotate(total=Sum("amount"))
        .order_by("month")
    )
    return {row["month"]: row["total"] for row in rows}


def latest_months(on: dt.date, count: int) -> Sequence[dt.date]:
    """This will return the first days of the latest `count` months, that of `on` being the last."""
    return rules.months_back(on, count)
