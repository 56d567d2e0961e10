"""A big bank for benchmarks, by SQL alone: a million customers, twenty million transactions.

    from benchmarks import bank, harness

    harness.boot()
    bank.fill(customers=100_000, transactions=2_000_000)

    python -m benchmarks.bank [CUSTOMERS [TRANSACTIONS]]    # fills one and keeps it until Ctrl-C

Nothing is drawn: every value follows from the number of its row by a hash, so that the same sizes
on the same day give the same bank in a fresh database, whatever the plans. Spending is skewed as in
life: a card's rate is lognormal, few merchants have most of the turnover, one posting in fifty is a
refund that names its purchase. Transactions lie in the order of their days, as they come in.

Columns are named; what a statement does not name gets its model's default, or else a neutral value,
so that a new column needs no change here. Triggers and foreign keys sleep while the rows are
written (that asks for a superuser of PostgreSQL), and indexes of big tables are made afterwards.
"""

import datetime as dt
import time
from typing import Any

CUSTOMERS = 1_000_000
TRANSACTIONS = 20_000_000
KNOWN = 200


def phone_of(row: int) -> str:
    """This will return the mobile number of the `row`-th customer."""
    return f"13{row * 7919 % 1_000_000_000:09}"


def id_number_of(row: int) -> str:
    """This will return the ID number of a known customer, check character included."""
    digits = f"440305{1960 + row % 40}{1 + row % 12:02}{1 + row % 28:02}{row % 1000:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def number_of(row: int) -> str:
    """This will return the customer number of the `row`-th customer."""
    return f"C{row:08}"


def known_rows(customers: int) -> list[int]:
    """This will return the rows of the customers who are found by phone and by ID number."""
    return [1 + number * (customers // KNOWN) for number in range(min(KNOWN, customers))]


def fill(
    *, customers: int = CUSTOMERS, transactions: int = TRANSACTIONS, on: dt.date | None = None
) -> None:
    """This will fill the empty scratch database with a bank as on the day `on` (today)."""
    from django.db import connection

    from portal.kit import clock

    started = time.perf_counter()
    with connection.cursor() as cursor:
        write_rows(cursor, customers=customers, transactions=transactions, on=on or clock.today())
        cursor.execute("VACUUM ANALYZE")
    # The next one begins without the settings of the filling.
    connection.close()
    print(f"  made in {time.perf_counter() - started:.0f} s", flush=True)


def write_rows(cursor: Any, *, customers: int, transactions: int, on: dt.date) -> None:
    """This will write the rows of all tables, and what follows from them."""
    from benchmarks.bank import house, ledgers, people, rows, spending
    from journeys.outreach import operations as outreach
    from journeys.stages import operations as stages
    from portal.kit import clock

    outreach.ensure_default_templates(at=clock.now())
    for name, value in rows.SETTINGS.items():
        cursor.execute(f"SET {name} = '{value}'")
    cursor.execute(rows.FUNCTIONS)
    _told(house.make_house, cursor, customers, on)
    _told(people.make_customers, cursor, customers, on)
    _told(people.make_applications, cursor, customers, on)
    _told(people.make_cards, cursor, customers, on)
    _told(spending.make_transactions, cursor, transactions, on)
    _told(ledgers.make_points, cursor, customers, on)
    _told(ledgers.make_consents, cursor, customers, on)
    _told(ledgers.make_contacts, cursor, customers, on)
    _told(ledgers.make_care, cursor, customers, on)
    _mark_known(cursor, customers)
    cursor.execute("ANALYZE")
    # From here on triggers work again: what follows from the facts is written as always.
    cursor.execute("RESET session_replication_role")
    _told(stages.refresh_stages)
    _told(ledgers.settle_points, cursor)
    _told(_count_merchant_days)


def _count_merchant_days() -> None:
    from journeys.spending import operations as turnover
    from portal.kit import clock

    turnover.recount_merchant_days(repair=True, at=clock.now())


def _told(step: Any, *arguments: Any) -> None:
    started = time.perf_counter()
    step(*arguments)
    name = step.__name__.lstrip("_").replace("_", " ")
    print(f"  {name}: {time.perf_counter() - started:.1f} s", flush=True)


def _mark_known(cursor: Any, customers: int) -> None:
    """The known customers get the seals and fingerprints of their true numbers."""
    from journeys.customers import queries as customers_read
    from journeys.customers.enums import Trait
    from portal.kit import sealed

    for row in known_rows(customers):
        for field, text in (("phone", phone_of(row)), ("id_number", id_number_of(row))):
            cursor.execute(
                f"UPDATE journeys_customer SET {field}_sealed = %s, {field}_index = %s"
                " WHERE number = %s",
                [sealed.seal(text, f"customer.{field}"), sealed.blind_index(text, field),
                 number_of(row)],
            )  # fmt: skip
        cursor.execute(
            "UPDATE journeys_customer SET callee = %s, bearer = %s WHERE number = %s",
            [
                customers_read.callee_of(phone_of(row)),
                customers_read.hash_of(Trait.ID_NUMBER, id_number_of(row)),
                number_of(row),
            ],
        )
