"""Sealing customers anew under the next key, beside a bare UPDATE of the same bytes.

    python -m benchmarks.rotate_keys [CUSTOMERS]

The bare statement writes the same new values from a table where they stand ready: nothing is read
by us, opened, sealed or compared. Ours reads, opens, seals and writes in batches, each row compared
with what was read. A customer has four sealed values with an index each.
"""

import sys

from benchmarks import harness

harness.boot()

from django.conf import settings  # noqa: E402  (settings come first)
from django.db import connection  # noqa: E402

from journeys.customers import queries  # noqa: E402
from journeys.customers.rules import HASH_OF  # noqa: E402
from journeys.models import Customer  # noqa: E402
from portal.kit import rotation, sealed  # noqa: E402
from portal.kit.fields import SealedTable, sealed_tables  # noqa: E402

CUSTOMERS = 50_000
RUNS = 3

_BRANCH = """
    INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
    VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true)
"""
_VALUES = {
    "phone": "138{:08d}",
    "id_number": "44030519880{:07d}",
    "email": "customer{}@example.test",
    "address": "浙江省杭州市西湖区文昌路{}号3幢201室",
}


def main(customers: int) -> float:
    """This will print both times and the rate, and return the ratio."""
    table = next(table for table in sealed_tables() if table.model is Customer)
    _make(customers)
    settings.FIELD_KEYS = {number: bytes([number]) * 32 for number in range(1, RUNS + 2)}
    settings.FIELD_KEYS[1] = b"k" * 32
    settings.BLIND_INDEX_KEYS = settings.FIELD_KEYS
    keys = iter(range(2, RUNS + 2))

    def name_next() -> None:
        _vacuum()
        settings.FIELD_KEY_IN_USE = settings.BLIND_INDEX_KEY_IN_USE = next(keys)

    ours = harness.median_of(RUNS, lambda: _rotate(table, customers), before=name_next)
    _put_ready(table)
    bare = harness.median_of(RUNS, lambda: _update(table), before=_vacuum)
    print(f"rate: ours {customers / ours:,.0f} rows/s, bare {customers / bare:,.0f} rows/s")
    return harness.report(f"sealing {customers:,} customers anew against a bare UPDATE", ours, bare)


def _make(customers: int) -> None:
    names = [f"{field}_{face}" for field in _VALUES for face in ("sealed", "index", "masked")]
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH)
        cursor.execute("SELECT id FROM portal_branch")
        branch = cursor.fetchone()[0]
        statement = (
            "COPY journeys_customer (number, kind, name, name_pinyin, branch_id, language,"
            f" division_code, registered_date, source, lawful_basis, {', '.join(names)},"
            f" {', '.join(HASH_OF.values())}) FROM STDIN"
        )
        with cursor.copy(statement) as copy:
            for number in range(customers):
                row = [f"C{number}", "person", "c", "c", branch, "zh-hans", "", "2026-01-01"]
                row += ["file", "contract"]
                for field, shape in _VALUES.items():
                    text = shape.format(number)
                    row.append(sealed.seal(text, f"customer.{field}"))
                    row += [sealed.blind_index(text, field), "****"]
                row += [
                    queries.hash_of(trait, _VALUES[trait.value].format(number)) for trait in HASH_OF
                ]
                copy.write_row(row)


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE journeys_customer")


def _rotate(table: SealedTable, customers: int) -> None:
    assert rotation.rotate(table).done == customers


def _columns(table: SealedTable) -> list[str]:
    return [name for column in table.columns for name in (column.name, column.index_column)]


def _put_ready(table: SealedTable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE UNLOGGED TABLE ready AS SELECT id, {', '.join(_columns(table))}"
            " FROM journeys_customer"
        )
        cursor.execute("ALTER TABLE ready ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE ready")


def _update(table: SealedTable) -> None:
    sets = ", ".join(f"{name} = ready.{name}" for name in _columns(table))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE journeys_customer t SET {sets} FROM ready WHERE ready.id = t.id")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS)
