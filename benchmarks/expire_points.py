"""A month's points expire, beside a bare INSERT of as many entries into the same ledger.

    python -m benchmarks.expire_points [CUSTOMERS]

Every customer has twelve batches, of which one is due; a fifth of them redeem each month. Told are
also: a night on which nothing is due, and the settling of what a fifth redeems.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from journeys.points import operations  # noqa: E402

CUSTOMERS = 100_000
AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
DUE = dt.date(2026, 6, 1)

_BANK = """
    INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
    VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
    INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
        division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
        email_masked)
    SELECT 'C' || n, 'person', 'c', 'c', (SELECT id FROM portal_branch), 'zh-hans', '',
        '2025-01-01', 'file', 'contract', '', '', ''
    FROM generate_series(1, {customers}) n;
    INSERT INTO journeys_pointsentry (reference, customer_id, kind, points, on_date, expires_date)
    SELECT 'e' || c.id || ':' || m, c.id, 'earned', 100 + m, day::date,
        (day + interval '12 months')::date
    FROM journeys_customer c, generate_series(0, 11) m,
        LATERAL (SELECT date '2025-06-01' + make_interval(months => m) AS day) d
    ORDER BY m, c.id;
    ANALYZE;
"""
_REDEEM = """
    INSERT INTO journeys_pointsentry (reference, customer_id, kind, points, on_date)
    SELECT 'r' || c.id || ':' || m, c.id, 'redeemed', -30,
        date '2025-07-10' + make_interval(months => m)
    FROM journeys_customer c, generate_series(0, 9) m WHERE c.id % 5 = 0 ORDER BY c.id, m
"""
_BARE = """
    INSERT INTO journeys_pointsentry (reference, customer_id, kind, points, on_date, batch_id)
    SELECT 'bare:' || entry_id, customer_id, 'expired', -expired, expires_date, entry_id
    FROM journeys_pointsbatch WHERE expired > 0
"""


def main(customers: int) -> float:
    """This will print the times and return the ratio of the month's expiry to the bare INSERT."""
    with connection.cursor() as cursor:
        cursor.execute(_BANK.format(customers=customers))
        settled = _seconds(lambda: cursor.execute(_REDEEM))
        cursor.execute("ANALYZE journeys_pointsentry, journeys_pointsbatch")
    print(f"settled {customers // 5:,} customers with 22 entries: {settled:.3f} s")
    idle = _seconds(lambda: _expire(DUE - dt.timedelta(days=1), 0))
    print(f"a night with nothing due among {12 * customers:,} batches: {idle * 1000:.1f} ms")
    ours = _seconds(lambda: _expire(DUE, None))
    with transaction.atomic(), connection.cursor() as cursor:
        bare = _seconds(lambda: cursor.execute(_BARE))
        count = cursor.rowcount
        transaction.set_rollback(True)
    return harness.report(f"expiry of {count:,} batches against a bare INSERT", ours, bare)


def _expire(on: dt.date, expected: int | None) -> None:
    written = operations.expire_points(on=on, at=AT)
    assert expected is None or written == expected, written


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS)
