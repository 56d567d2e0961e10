"""Import of files of transactions into a big table, beside a bare COPY of as many into it.

    python -m benchmarks.import_at_scale        # 1,000,000 rows stand there, 50,000 come at a time
    make bench ARGS="import_at_scale --full"    # 20,000,000; 200,000 and 1,000,000 come

The rows are of the last week, one in ten of the two months before, spread over cards and merchants
as spending is. Ours begins with the file of text and ends with the commit: reading, parsing,
checks, upsert, days of first use, stages, batch and audit. The bare COPY gets lines that are right
already, with ids in place of names, and goes into the same table with all its indexes, checks and
foreign keys, up to its commit. They take turns, each with rows of its own. The promise is a ratio
below 3.

Then the most memory that a process of its own takes for files of growing size is measured: it must
not grow with the file.
"""

import datetime as dt
import functools
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import bank, harness

CHILD = "--import"
if __name__ == "__main__" and CHILD not in sys.argv:
    harness.boot()
else:
    import django

    django.setup()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from portal.intake import operations  # noqa: E402
from portal.kit import clock  # noqa: E402

_PROMISE = 3.0
_GROWTH = 24.0  # MB: what a file a hundred times as long may take more
_NAMES = """
    reference, card, kind, abs(amount) AS amount, posted_date,
    to_char(posted_at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI:SS') AS posted_time, merchant, mcc,
    channel, division_code, refund_of"""
_COLUMNS = """
    reference, customer_id, card_id, kind, amount, posted_date, posted_at, merchant_id, mcc,
    channel, division_code, refund_of"""
# Rows like those that stand there, with references and days of their own.
_ROWS = """
CREATE TEMP TABLE bench_rows AS
SELECT '{mark}' || lpad(n::text, 9, '0') AS reference, t.customer_id, t.card_id,
    k.reference AS card, t.kind, t.amount, day AS posted_date, day + t.posted_at::time AS posted_at,
    t.merchant_id,
    m.number AS merchant, t.mcc, t.channel, t.division_code, t.refund_of
FROM (
    SELECT n, hashint8extended(n, {seed}) & 1073741823 AS luck FROM generate_series(1, {rows}) n
) g
CROSS JOIN LATERAL (
    SELECT date '{on}' - CASE WHEN luck % 10 = 0 THEN 7 + luck % 60 ELSE luck % 7 END::int AS day
) late
JOIN journeys_transaction t ON t.id = 1 + luck % {standing}
JOIN journeys_card k ON k.id = t.card_id
JOIN merchants_merchant m ON m.id = t.merchant_id
ORDER BY day, n
"""


def main() -> None:
    """This will fill the bank, import files of several sizes, and print what they took."""
    full = harness.is_full()
    standing = bank.TRANSACTIONS if full else bank.TRANSACTIONS // 20
    harness.load_bank(customers=standing // 20, transactions=standing)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM journeys_transaction")
        standing = cursor.fetchone()[0]
    ratios = [
        _compare(rows, turns, standing)
        for rows, turns in ([(200_000, 3), (1_000_000, 1)] if full else [(50_000, 3)])
    ]
    growth = _measure_memory([10_000, 100_000, 1_000_000] if full else [10_000, 100_000], standing)
    assert max(ratios) < _PROMISE, "slower than promised"
    assert growth < _GROWTH, "the memory grows with the file"


def _compare(rows: int, turns: int, standing: int) -> float:
    ours, bare = [], []
    for turn in range(turns):
        _make_rows(f"B{rows}-{turn}-", rows, standing)
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY (SELECT {_COLUMNS} FROM bench_rows) TO STDOUT") as copy,
        ):
            lines = b"".join(bytes(block) for block in copy)
        bare.append(harness.median_of(1, functools.partial(_copy, lines)))
        path = _write_file(f"O{rows}-{turn}-", rows, standing)
        ours.append(harness.median_of(1, functools.partial(_import, path, rows)))
    taken = harness.median(ours)
    name = f"import of {rows:,} transactions into {standing:,} against a bare COPY"
    ratio = harness.report(name, taken, harness.median(bare))
    print(f"  {rows / taken:,.0f} rows/s; the last file once more: {_again(path, rows):.1f} s")
    return ratio


def _make_rows(mark: str, rows: int, standing: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_rows")
        cursor.execute(
            _ROWS.format(
                mark=mark, rows=rows, standing=standing, on=clock.today(), seed=sum(mark.encode())
            )
        )


def _write_file(mark: str, rows: int, standing: int) -> Path:
    _make_rows(mark, rows, standing)
    path = harness.scratch() / f"{mark}.csv"
    statement = f"COPY (SELECT {_NAMES} FROM bench_rows) TO STDOUT WITH (FORMAT csv, HEADER)"
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            file.write(block)
    return path


def _copy(lines: bytes) -> None:
    into = f"COPY journeys_transaction ({_COLUMNS}) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(lines)


def _import(path: Path, rows: int) -> None:
    report = operations.import_file(kind="transactions", path=path, actor=None, at=clock.now())
    assert report.rows_new == rows, report


def _again(path: Path, rows: int) -> float:
    started = time.perf_counter()
    report = operations.import_file(kind="transactions", path=path, actor=None, at=clock.now())
    assert report.rows_same == rows, report
    return time.perf_counter() - started


def _measure_memory(sizes: list[int], standing: int) -> float:
    """How many MB the largest file takes more than the smallest."""
    peaks = []
    for rows in sizes:
        path = _write_file(f"P{rows}-", rows, standing)
        peaks.append(_peak_of(path))
        print(
            f"most memory of the importing process, {rows:,} rows: {peaks[-1]:.0f} MB", flush=True
        )
    return peaks[-1] - peaks[0]


def _peak_of(path: Path) -> float:
    """Imports a file in a process of its own and returns the most memory that it took, in MB."""
    url = os.environ["DATABASE_URL"].replace("/postgres?", f"/{connection.settings_dict['NAME']}?")
    command = [sys.executable, "-m", "benchmarks.import_at_scale", CHILD, str(path)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings"},
    )  # fmt: skip
    return float(done.stdout)


def _be_measured(path: Path) -> None:
    operations.import_file(
        kind="transactions", path=path, actor=None, at=dt.datetime.now(tz=dt.UTC)
    )
    # Not getrusage, which remembers the process that started this one.
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    print(int(found[1]) / 1024)


if __name__ == "__main__":
    _be_measured(Path(sys.argv[-1])) if CHILD in sys.argv else main()
