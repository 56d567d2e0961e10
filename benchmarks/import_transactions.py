"""Import of transactions through `import_file`, beside a bare COPY into the same indexed table.

    python -m benchmarks.import_transactions [ROWS]

Both start from an empty table with all its indexes, checks and foreign keys; both end with the
commit. The bare COPY gets lines that are already right: no parsing, no checks, no days of first
use, and no merchants' days: their triggers are off for it. The promise is a ratio below 3.

Beside it, what the marks of changed customers cost an import (`campaigns_factchange`): the same
import with and without their triggers, in turns, the fastest of each. The promise
is a tenth more at most.
"""

import csv
import datetime as dt
import random
import sys
from pathlib import Path

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from benchmarks.bank.rows import insert  # noqa: E402
from merchants.models import Merchant  # noqa: E402
from portal.intake import operations  # noqa: E402

ROWS = 200_000
CUSTOMERS = 20_000
RUNS = 3
AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
COLUMNS = [
    "reference", "card", "kind", "amount", "posted_date", "posted_time", "merchant", "mcc",
    "channel", "division_code", "refund_of",
]  # fmt: skip

_BANK = f"""
    INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
    VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
    INSERT INTO journeys_cardproduct (code, name, name_en, issuer, is_own, annual_fee, is_active)
    VALUES ('GOLD', '金卡', 'Gold card', '本行', true, 0, true);
    INSERT INTO merchants_merchantcategory (mcc, name, name_en, scenario)
    VALUES ('5812', '餐馆', 'Restaurants', 'dining');
    INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
        division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
        email_masked)
    SELECT 'C' || n, 'person', 'c', 'c', (SELECT id FROM portal_branch), 'zh-hans', '',
        '2026-01-01', 'file', 'contract', '', '', ''
    FROM generate_series(0, {CUSTOMERS - 1}) n;
    INSERT INTO journeys_card (reference, masked_number, customer_id, product_id, branch_id,
        is_primary, issued_date)
    SELECT 'K' || substr(number, 2), '', id, (SELECT id FROM journeys_cardproduct), branch_id,
        true, '2026-01-01'
    FROM journeys_customer;
"""
_MERCHANT = {
    "number": "'M' || n", "name": "'m'", "name_en": "'m'", "name_pinyin": "'m'",
    "category_id": "'5812'", "branch_id": "(SELECT id FROM portal_branch)",
}  # fmt: skip
_BARE = """
    COPY (
        SELECT reference, customer_id, card_id, kind, amount, posted_date, posted_at, merchant_id,
            mcc, channel, division_code, refund_of
        FROM journeys_transaction ORDER BY id
    ) TO STDOUT
"""
_INTO = """
    COPY journeys_transaction (reference, customer_id, card_id, kind, amount, posted_date,
        posted_at, merchant_id, mcc, channel, division_code, refund_of) FROM STDIN
"""
# Postings, the days of first use on cards, and the stages that follow.
_MARKING = """
    ALTER TABLE journeys_transaction {does} TRIGGER changes_marked_insert;
    ALTER TABLE journeys_card {does} TRIGGER changes_marked_update;
    ALTER TABLE journeys_customerstage {does} TRIGGER changes_marked_insert;
    ALTER TABLE journeys_customerstage {does} TRIGGER changes_marked_update;
"""


def main(rows: int) -> float:
    """This will print both times and return their ratio."""
    with connection.cursor() as cursor:
        cursor.execute(_BANK)
        insert(cursor, Merchant, _MERCHANT, "FROM generate_series(0, 299) n")
        cursor.execute("ANALYZE")
    path = harness.scratch() / "transactions.csv"
    _write_file(path, rows)
    ours = harness.median_of(RUNS, lambda: _import(path, rows), before=_empty)
    with connection.cursor() as cursor, cursor.copy(_BARE) as copy:
        lines = b"".join(bytes(block) for block in copy)
    bare = harness.median_of(RUNS, lambda: _copy(lines), before=_empty_and_bare)
    marked, unmarked = [], []
    for _number in range(RUNS + 2):
        marked.append(harness.median_of(1, lambda: _import(path, rows), before=_empty))
        unmarked.append(harness.median_of(1, lambda: _import(path, rows), before=_empty_unmarked))
    harness.report("import with marks against one without", min(marked), min(unmarked),
                   1.1)  # fmt: skip
    return harness.report(f"import of {rows:,} transactions against a bare COPY", ours, bare, 3)


def _write_file(path: Path, rows: int) -> None:
    random.seed(1)
    first = dt.date(2026, 1, 2)
    with path.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for number in range(rows):
            day = first + dt.timedelta(days=random.randrange(140))
            time = f"{random.randrange(8, 22):02}:{random.randrange(60):02}:{number % 60:02}"
            amount = f"{random.lognormvariate(4, 1) + 0.01:.2f}"
            kind = "refund" if number % 50 == 0 else "purchase"
            writer.writerow([
                f"T{number:010}", f"K{random.randrange(CUSTOMERS)}", kind, amount, day, time,
                f"M{random.randrange(300)}", "5812", "qr", "440305", "",
            ])  # fmt: skip


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE journeys_transaction, campaigns_factchange")
        cursor.execute("ALTER TABLE journeys_transaction ENABLE TRIGGER USER")
        cursor.execute(_MARKING.format(does="ENABLE"))
        cursor.execute("UPDATE journeys_card SET first_used_date = NULL")
        cursor.execute("VACUUM ANALYZE journeys_card")


def _empty_and_bare() -> None:
    _empty()
    with connection.cursor() as cursor:
        # USER: those of foreign keys stay on.
        cursor.execute("ALTER TABLE journeys_transaction DISABLE TRIGGER USER")


def _empty_unmarked() -> None:
    _empty()
    with connection.cursor() as cursor:
        cursor.execute(_MARKING.format(does="DISABLE"))


def _import(path: Path, rows: int) -> None:
    report = operations.import_file(kind="transactions", path=path, actor=None, at=AT)
    assert report.rows_new == rows, report


def _copy(lines: bytes) -> None:
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(_INTO) as copy:
        copy.write(lines)


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    main(size)
    harness.end(is_judged=size >= ROWS)
