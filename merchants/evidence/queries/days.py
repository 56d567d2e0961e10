"""Merchants' days from whatever source there is, and what they come to by month or span."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from merchants.directory import queries as directory
from merchants.evidence.models import MerchantTurnover
from portal.kit.registry import registry

OF_FILE, OF_PORTAL = 2, 1
_FILE = "SELECT merchant_id, day, amount, purchases AS postings FROM merchants_merchantturnover"
# Of a merchant's day that both know the file counts: it is the whole day, as the bank closed it.
_BESIDE = """SELECT * FROM ({sql}) known WHERE NOT EXISTS (
    SELECT FROM merchants_merchantturnover told
    WHERE told.merchant_id = known.merchant_id AND told.day = known.day)"""
_NONE = (
    "SELECT NULL::bigint AS merchant_id, NULL::date AS day, NULL::numeric AS amount,"
    " NULL::bigint AS postings, 0 AS origin WHERE FALSE"
)
_BY_MONTH = """
SELECT merchant_id, date_trunc('month', day)::date, sum(amount), sum(postings)::bigint
FROM ({rows}) AS days WHERE merchant_id = ANY(%s) AND day >= %s AND day < %s
GROUP BY 1, 2 ORDER BY 1, 2
"""
_BY_SPAN = """
SELECT merchant_id, min(day), {sums}
FROM ({rows}) AS days WHERE merchant_id = ANY(%s) AND day < %s GROUP BY 1 ORDER BY 1
"""
_SUM = "coalesce(sum(amount) FILTER (WHERE day >= %s AND day < %s), 0)"

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Month:
    """What a merchant took in a month, net of refunds (CNY), and the postings it came from."""

    amount: Decimal
    postings: int


@dataclass(frozen=True)
class Spans:
    """What a merchant took in some spans, by their names, and its first day that is known."""

    begun: dt.date
    amounts: Mapping[str, Decimal]


def days_sql(*, with_file: bool) -> str:
    """This will write the statement of all merchants' days, each with the source it is from. Where
    no file told of any, nothing needs to be compared."""
    rows = [
        f"SELECT merchant_id, day, amount, postings, {OF_PORTAL} AS origin FROM ({sql}) portal"
        for sql in (
            _BESIDE.format(sql=source.sql) if with_file else source.sql
            for source in registry.turnover_sources.values()
        )
    ]
    if with_file:
        rows.append(
            f"SELECT merchant_id, day, amount, postings, {OF_FILE} AS origin FROM ({_FILE}) told"
        )
    return " UNION ALL ".join(rows or [_NONE])


def turnover_by_month(
    *, merchant_ids: Collection[int], first: dt.date, end: dt.date
) -> dict[int, dict[dt.date, Month]]:
    """This will add up the days of merchants by month, from `first` to before `end`, with those of
    what was merged into them; a month without any is left out."""
    same = directory.with_aliases(ids=list(merchant_ids))
    sql = _BY_MONTH.format(rows=days_sql(with_file=_is_told(same)))
    found: dict[int, dict[dt.date, Month]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(same), first, end])
        for merchant_id, month, amount, postings in cursor.fetchall():
            months = found.setdefault(same[merchant_id], {})
            known = months.get(month, Month(Decimal(0), 0))
            months[month] = Month(known.amount + amount, known.postings + postings)
    return found


def turnover_in(
    *, merchant_ids: Collection[int], spans: Mapping[str, Span], before: dt.date
) -> dict[int, Spans]:
    """This will sum the net turnover of merchants over half-open spans, with what was merged into
    them, and tell their first day before a day; a merchant without any is left out."""
    same = directory.with_aliases(ids=list(merchant_ids))
    sql = _BY_SPAN.format(
        sums=", ".join(_SUM for _span in spans), rows=days_sql(with_file=_is_told(same))
    )
    found: dict[int, Spans] = {}
    with connection.cursor() as cursor:
        bounds = [day for span in spans.values() for day in span]
        cursor.execute(sql, [*bounds, list(same), before])
        for merchant_id, begun, *sums in cursor.fetchall():
            own = Spans(begun, dict(zip(spans, sums, strict=True)))
            known = found.get(same[merchant_id])
            found[same[merchant_id]] = own if known is None else _both(known, own)
    return found


def _both(one: Spans, other: Spans) -> Spans:
    amounts = {name: amount + other.amounts[name] for name, amount in one.amounts.items()}
    return Spans(min(one.begun, other.begun), amounts)


def _is_told(merchant_ids: Collection[int]) -> bool:
    """Whether a file told of any of these merchants."""
    return MerchantTurnover.objects.filter(merchant__in=merchant_ids).exists()
