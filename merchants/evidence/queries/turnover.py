"""Weekly turnover of all merchants as arrays, from whatever source there is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from merchants.evidence.rules import seasons
from merchants.evidence.rules import weeks as spans
from merchants.evidence.rules.judging import Weekly
from merchants.evidence.rules.seasons import Flags, Whole
from portal.kit.registry import registry

_FILE = "SELECT merchant_id, day, amount, purchases AS postings FROM merchants_merchantturnover"
# Of a merchant's day that both know the file counts: it is the whole day, as the bank closed it.
_BESIDE = """SELECT * FROM ({sql}) known WHERE NOT EXISTS (
    SELECT FROM merchants_merchantturnover told
    WHERE told.merchant_id = known.merchant_id AND told.day = known.day)"""
_OF_FILE, _OF_PORTAL = 2, 1
_BOTH = _OF_FILE | _OF_PORTAL
_WEEKLY = """
SELECT merchant_id::bigint, ((day - date '{first}') / 7)::bigint AS week,
       sum(amount)::float8 AS amount, sum(postings)::float8 AS postings,
       bit_or(origin)::bigint AS sources
FROM ({rows}) AS days
WHERE day >= date '{first}' AND day < date '{end}'
GROUP BY 1, 2
"""
# A row of the binary COPY: the number of its fields, then length and value of each.
_ROW = np.dtype([
    ("fields", ">i2"), ("l1", ">i4"), ("merchant", ">i8"), ("l2", ">i4"), ("week", ">i8"),
    ("l3", ">i4"), ("amount", ">f8"), ("l4", ">i4"), ("postings", ">f8"), ("l5", ">i4"),
    ("sources", ">i8"),
])  # fmt: skip
_HEAD, _TAIL = 19, 2
_MERCHANTS = """
SELECT m.id, m.category_id, c.scenario FROM merchants_merchant m
JOIN merchants_merchantcategory c ON c.mcc = m.category_id WHERE m.id = ANY(%s) ORDER BY m.id
"""


@dataclass(frozen=True)
class KnownWeeks:
    """The merchants that had any turnover, by their id, and their weeks; `is_mixed` tells those
    whose turnover came from both a file and transactions."""

    merchant_ids: Whole
    weekly: Weekly
    is_mixed: Flags


def weekly_sql(first: dt.date, end: dt.date) -> str:
    """This will write the statement that sums up weeks from the Monday `first` to before `end`."""
    rows = [f"SELECT told.*, {_OF_FILE} AS origin FROM ({_FILE}) told"]
    rows += [
        f"SELECT beside.*, {_OF_PORTAL} FROM ({_BESIDE.format(sql=source.sql)}) beside"
        for source in registry.turnover_sources.values()
    ]
    return _WEEKLY.format(
        first=first.isoformat(), end=end.isoformat(), rows=" UNION ALL ".join(rows)
    )


def known_weeks(end: dt.date) -> KnownWeeks:
    """This will read the last 104 weeks before the Monday `end` of all merchants."""
    found = _read(weekly_sql(spans.first_monday(end), end))
    ids, rows = np.unique(found["merchant"].astype(np.int64), return_inverse=True)
    weeks = found["week"].astype(np.int64)
    shape = (len(ids), spans.WEEKS)
    amounts, postings = np.zeros(shape), np.zeros(shape)
    sources = np.zeros(shape, dtype=np.int64)
    amounts[rows, weeks], postings[rows, weeks] = found["amount"], found["postings"]
    sources[rows, weeks] = found["sources"]
    with connection.cursor() as cursor:
        cursor.execute(_MERCHANTS, [ids.tolist()])
        known = cursor.fetchall()
    narrow = seasons.numbers_of([row[1] for row in known])
    wide = seasons.numbers_of([row[2] for row in known])
    origins = np.bitwise_or.reduce(sources, axis=1)
    return KnownWeeks(ids, Weekly(amounts, postings, narrow, wide), origins == _BOTH)


def _read(sql: str) -> Any:
    """The rows of a statement by binary COPY: a million come in the time of some thousand."""
    statement = f"COPY ({sql}) TO STDOUT (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        data = b"".join(bytes(block) for block in copy)
    count = (len(data) - _HEAD - _TAIL) // _ROW.itemsize
    return np.frombuffer(data, dtype=_ROW, offset=_HEAD, count=count)
