"""Weekly turnover of all merchants as arrays, from whatever source there is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from merchants.evidence.models import MerchantTurnover
from merchants.evidence.queries.days import OF_FILE, OF_PORTAL, days_sql
from merchants.evidence.rules import seasons
from merchants.evidence.rules import weeks as spans
from merchants.evidence.rules.judging import Weekly
from merchants.evidence.rules.seasons import Flags, Floats, Whole

_WEEKLY = """
SELECT merchant_id::bigint, (day - date '{first}') / 7 AS week,
       sum(amount)::float8 AS amount, sum(postings)::float8 AS postings,
       {origin}::bigint AS sources
FROM ({rows}) AS days
WHERE day >= date '{first}' AND day < date '{end}'
GROUP BY 1, 2
"""
# A row of the binary COPY: the number of its fields, then length and value of each.
_ROW = np.dtype([
    ("fields", ">i2"), ("l1", ">i4"), ("merchant", ">i8"), ("l2", ">i4"), ("week", ">i4"),
    ("l3", ">i4"), ("amount", ">f8"), ("l4", ">i4"), ("postings", ">f8"), ("l5", ">i4"),
    ("sources", ">i8"),
])  # fmt: skip
_HEAD, _TAIL = 19, 2
_MERCHANTS = """
SELECT m.id, m.category_id, c.scenario FROM merchants_merchant m
JOIN merchants_merchantcategory c ON c.mcc = m.category_id WHERE m.id = ANY(%s) ORDER BY m.id
"""


_ALIASES = """
SELECT id, merged_into_id FROM merchants_merchant WHERE merged_into_id IS NOT NULL ORDER BY id
"""


@dataclass(frozen=True)
class KnownWeeks:
    """The merchants that had any turnover, by their id, and their weeks, with those of what was
    merged into them; `is_mixed` tells those whose turnover came from both a file and
    transactions."""

    merchant_ids: Whole
    weekly: Weekly
    is_mixed: Flags


def weekly_sql(first: dt.date, end: dt.date, *, with_file: bool) -> str:
    """This will write the statement that sums up weeks from the Monday `first` to before `end`.
    Where no file told of these weeks, nothing needs to be compared: one aggregate over one scan."""
    origin = "bit_or(origin)" if with_file else f"{OF_PORTAL}"
    values = {"first": first.isoformat(), "end": end.isoformat(), "origin": origin}
    return _WEEKLY.format(rows=days_sql(with_file=with_file), **values)


def _has_file(first: dt.date, end: dt.date) -> bool:
    return MerchantTurnover.objects.filter(day__gte=first, day__lt=end).exists()


def known_weeks(end: dt.date) -> KnownWeeks:
    """This will read the last 104 weeks before the Monday `end` of all merchants."""
    first = spans.first_monday(end)
    found = _read(weekly_sql(first, end, with_file=_has_file(first, end)))
    merchants = _standing(found["merchant"].astype(np.int64))
    ids, rows = np.unique(merchants, return_inverse=True)
    places = rows * spans.WEEKS + found["week"].astype(np.int64)
    shape = (len(ids), spans.WEEKS)
    amounts, postings = (
        _summed(places, found[name].astype(np.float64), shape) for name in ("amount", "postings")
    )
    is_of = [np.zeros(len(ids), dtype=bool) for _origin in (OF_FILE, OF_PORTAL)]
    for flags, origin in zip(is_of, (OF_FILE, OF_PORTAL), strict=True):
        flags[rows[found["sources"] & origin > 0]] = True
    with connection.cursor() as cursor:
        cursor.execute(_MERCHANTS, [ids.tolist()])
        known = cursor.fetchall()
    narrow = seasons.numbers_of([row[1] for row in known])
    wide = seasons.numbers_of([row[2] for row in known])
    silent = _silent(found["week"].astype(np.int64), found["sources"], rows, is_of)
    return KnownWeeks(ids, Weekly(amounts, postings, narrow, wide, silent), is_of[0] & is_of[1])


def _silent(weeks: Whole, sources: Whole, rows: Whole, is_of: list[Flags]) -> Whole:
    """Of each merchant how many of the latest weeks none of its sources told anything of, of
    anybody. A source of one merchant alone is never late: nobody tells one from the other."""
    last = np.full(len(is_of[0]), -1, dtype=np.int64)
    for flags, origin in zip(is_of, (OF_FILE, OF_PORTAL), strict=True):
        told = (sources & origin) > 0
        if not told.any():
            continue
        is_alone = len(np.unique(rows[told])) == 1
        until = spans.WEEKS - 1 if is_alone else int(weeks[told].max())
        last[flags] = np.maximum(last[flags], until)
    return np.asarray(spans.WEEKS - 1 - last)


def _summed(places: Whole, values: Floats, shape: tuple[int, int]) -> Floats:
    summed = np.bincount(places, weights=values, minlength=shape[0] * shape[1])
    return np.asarray(summed, dtype=np.float64).reshape(shape)


def _standing(merchants: Whole) -> Whole:
    """The merchants that stand for these: what was merged counts as the one that was kept,
    whichever source knows it (decision 0190). The days of both are apart, and so add up."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIASES)
        pairs = cursor.fetchall()
    if not pairs:
        return merchants
    merged, kept = np.array(pairs, dtype=np.int64).T
    places = np.minimum(np.searchsorted(merged, merchants), len(merged) - 1)
    return np.where(merged[places] == merchants, kept[places], merchants)


def _read(sql: str) -> Any:
    """The rows of a statement by binary COPY: a million come in the time of some thousand."""
    statement = f"COPY ({sql}) TO STDOUT (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        data = b"".join(bytes(block) for block in copy)
    count = (len(data) - _HEAD - _TAIL) // _ROW.itemsize
    return np.frombuffer(data, dtype=_ROW, offset=_HEAD, count=count)
