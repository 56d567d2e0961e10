"""The evidence of turnover of all merchants as of a day, written where it differs."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction

from merchants.evidence.queries import turnover
from merchants.evidence.rules import judging, telling, weeks
from merchants.evidence.rules.findings import Finding
from portal.audit import operations as audit

# How long a fall that was told of can be told to be over.
_HALF_A_YEAR = 26 * weeks.WEEK
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('merchants.evidence', 0))"
_COLUMNS = ("merchant_id", "on", "state", "weeks", "level", "trend", "since", "since_from",
            "since_to", "usual", "change", "low", "high", "yearly", "score", "by_chance",
            "reasons")  # fmt: skip
# Table, columns, key, and which rows are written over where they differ.
_EVIDENCE = ("merchants_evidenceofturnover", _COLUMNS, '(merchant_id, "on")', "TRUE")
_WEEKS = (
    "merchants_weeksofturnover",
    ("merchant_id", "on", "first", "even", "group", "taken", "postings"),
    "(merchant_id)",
    # Pages draw the latest weeks, whatever earlier day is asked about.
    'held."on" <= excluded."on"',
)
_TOLD = """
SELECT DISTINCT ON (merchant_id) merchant_id, "on", usual, change
FROM merchants_evidenceofturnover
WHERE "on" < %s AND "on" >= %s AND state = 'declining' ORDER BY merchant_id, "on" DESC
"""
# What was judged of a merchant before it was merged, of the weeks that are judged anew.
_OF_ALIASES = """
WITH aliases AS (SELECT id FROM merchants_merchant WHERE merged_into_id IS NOT NULL),
gone AS (DELETE FROM merchants_weeksofturnover WHERE merchant_id IN (SELECT id FROM aliases))
DELETE FROM merchants_evidenceofturnover
WHERE "on" = %s AND merchant_id IN (SELECT id FROM aliases)
"""


@dataclass(frozen=True)
class Evaluated:
    """What came of it: as of which Monday, how many merchants, how many of them fell and rose, and
    how many rows of evidence were written (the others stood so already)."""

    on: dt.date
    merchants: int
    falling: int
    rising: int
    written: int


def evaluate_turnover(*, on: dt.date, at: dt.datetime) -> Evaluated:
    """This will judge the turnover of all merchants by the whole weeks before a day, and write
    what differs from what stands; what was merged is judged with the one that was kept. Twice at
    once is as good as twice after each other."""
    end = weeks.as_of(on)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        known = turnover.known_weeks(end)
        ids = known.merchant_ids.tolist()
        if not ids:
            return Evaluated(end, 0, 0, 0, 0)
        judged = judging.judge(known.weekly)
        cursor.execute(_TOLD, [end, end - _HALF_A_YEAR])
        told = {row[0]: (row[1], float(row[2]), row[3]) for row in cursor.fetchall()}
        found = telling.findings(ids, judged, end, known.is_mixed, told)
        written = _write(cursor, _EVIDENCE, map(_line, found))
        cursor.execute(_OF_ALIASES, [end])
        _write(cursor, _WEEKS, _series(ids, judged, known.weekly, end))
        falling = int((judged.is_fall | judged.is_closed).sum())
        done = Evaluated(end, len(ids), falling, int(judged.is_rise.sum()), written)
        if written:
            counts = {"on": str(end), "merchants": len(ids), "written": written}
            audit.record(action="turnover.judged", actor=None, at=at, changes=counts)
    return done


def _write(cursor: Any, target: tuple[str, tuple[str, ...], str, str], lines: Iterable[str]) -> int:
    """This will write rows where they differ from what stands, and return how many did."""
    table, columns, key, within = target
    names = ", ".join(f'"{name}"' for name in columns)
    rest = [f'"{name}"' for name in columns if name not in ("merchant_id",)]
    excluded = ", ".join(f"excluded.{name}" for name in rest)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.evidence_staged")
    cursor.execute(f"CREATE TEMP TABLE evidence_staged ON COMMIT DROP AS"
                   f" SELECT {names} FROM {table} LIMIT 0")  # fmt: skip
    with cursor.copy(f"COPY evidence_staged ({names}) FROM STDIN") as copy:
        copy.write("".join(lines))
    held = ", ".join(f"held.{name}" for name in rest)
    cursor.execute(
        f"INSERT INTO {table} AS held ({names}) SELECT {names} FROM evidence_staged"
        f" ORDER BY merchant_id ON CONFLICT {key} DO UPDATE SET ({', '.join(rest)}) ="
        f" ROW({excluded}) WHERE {within} AND ({held}) IS DISTINCT FROM ({excluded})"
    )
    return int(cursor.rowcount)


def _line(found: Finding) -> str:
    cells = [getattr(found, name) for name in _COLUMNS[:-1]]
    texts = [r"\N" if cell is None else str(cell) for cell in cells]
    return "\t".join([*texts, json.dumps(found.reasons)]) + "\n"


def _series(
    ids: list[int], judged: judging.Judged, weekly: judging.Weekly, end: dt.date
) -> Iterator[str]:
    """Lists of whole CNY as PostgreSQL reads them."""
    level = np.nanmean(np.where(judged.season.is_open, judged.even, np.nan), axis=1)
    group = np.nan_to_num(level)[:, None] * judged.season.group
    first = weeks.first_monday(end)
    rows = zip(
        ids, judged.even.tolist(), _whole(group), _whole(weekly.amounts), _whole(weekly.postings),
        strict=True,
    )  # fmt: skip
    for merchant_id, even, *others in rows:
        shown = ",".join("NULL" if value != value else str(round(value)) for value in even)
        lists = "\t".join("{" + str(other)[1:-1] + "}" for other in others)
        yield f"{merchant_id}\t{end}\t{first}\t{{{shown}}}\t{lists}\n"


def _whole(values: Any) -> list[list[int]]:
    rounded: list[list[int]] = np.rint(values).astype(np.int64).tolist()
    return rounded
