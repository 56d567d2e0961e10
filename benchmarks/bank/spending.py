"""Transactions of the big bank, month by month, in the order of their days."""

import datetime as dt
from typing import Any

from benchmarks.bank import rows

MONTHS = 24
REFUND_EVERY = 50

# A card's rate is lognormal; one in ten cards that are activated is never used.
_SPENDERS = """
CREATE TEMP TABLE bank_spender AS
SELECT id, customer_id, activated_date AS since, coalesce(closed_date, date '{on}') AS until,
    exp(1.1 * pg_temp.bell(id, 30)) AS weight, 0::float8 AS rate
FROM journeys_card WHERE activated_date IS NOT NULL AND pg_temp.dice(id, 31, 10) > 0;
UPDATE bank_spender SET rate = weight * {purchases} / (
    SELECT sum(
        weight * greatest(0, least(until, date '{on}') - greatest(since, date '{first}') + 1))
    FROM bank_spender);
CREATE TEMP TABLE bank_merchant AS
SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, category_id AS mcc FROM merchants_merchant;
CREATE UNIQUE INDEX ON bank_merchant (place);
ANALYZE bank_spender;
ANALYZE bank_merchant;
"""
# `seed` is unique to a posting: no card has 4,096 of them in a month.
_PURCHASES = """
FROM (
    SELECT {before} + row_number() OVER () AS row, ordered.*
    FROM (
        SELECT k.id AS card_id, k.customer_id, k.id * 4096 + g AS seed,
            k.first + pg_temp.dice(k.id * 4096 + g, {salt} + 1, k.days) AS day
        FROM (
            SELECT *, greatest(since, date '{month}') AS first,
                least(until + 1, date '{end}') - greatest(since, date '{month}') AS days
            FROM bank_spender WHERE since < date '{end}' AND until >= date '{month}'
        ) k CROSS JOIN LATERAL generate_series(
            1, least(4000, floor(k.rate * k.days + pg_temp.dice(k.id, {salt}, 1000) / 1000.0))::int
        ) g
        WHERE k.days > 0
        ORDER BY day, pg_temp.dice(k.id * 4096 + g, {salt} + 2, 1000000000)
    ) ordered
) p JOIN bank_merchant m
    ON m.place =
        floor({merchants} * power(pg_temp.dice(row, 35, 1000000) / 1000000.0::float8, 3))::bigint
ORDER BY row
"""


def make_transactions(cursor: Any, transactions: int, on: dt.date) -> None:
    """This will write about so many transactions, the last ones on the day `on`."""
    from journeys.models import Transaction

    months = _months(on)
    purchases = transactions * REFUND_EVERY // (REFUND_EVERY + 1)
    cursor.execute(_SPENDERS.format(on=on, first=months[0][0], purchases=purchases))
    cursor.execute("SELECT count(*) FROM bank_merchant")
    merchants = cursor.fetchone()[0]
    written = 0
    with rows.without_indexes(cursor, Transaction):
        for place, (month, end) in enumerate(months):
            values = {"before": written, "salt": 40 + 3 * place, "month": month, "end": end}
            source = _PURCHASES.format(merchants=merchants, **values)
            made = rows.insert(cursor, Transaction, _purchase(), source)
            written += made + _refund(cursor, written, written + made, on)
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence('{Transaction._meta.db_table}', 'id'), {written})"
    )
    cursor.execute(
        """UPDATE journeys_card c SET first_used_date = f.day FROM (
               SELECT card_id, min(posted_date) AS day FROM journeys_transaction
               WHERE amount > 0 GROUP BY card_id) f
           WHERE f.card_id = c.id"""
    )


def _months(on: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The calendar months up to the day `on`, each with the day after its end; the last is cut."""
    first = on.replace(day=1)
    spans = [(first, on + dt.timedelta(days=1))]
    for _month in range(MONTHS):
        end, first = first, (first - dt.timedelta(days=1)).replace(day=1)
        spans.append((first, end))
    return spans[::-1]


def _purchase() -> dict[str, str]:
    return {
        "id": "row",
        "reference": "'T' || lpad(row::text, 10, '0')",
        "customer_id": "customer_id",
        "card_id": "card_id",
        "kind": "'purchase'",
        "amount": "greatest(1, round(exp(4.2 + 1.1 * pg_temp.bell(row, 36))::numeric, 2))",
        "posted_date": "day",
        "posted_at": "(day + time '08:00' + pg_temp.dice(row, 37, 50000) * interval '1 second')"
        " AT TIME ZONE 'Asia/Shanghai'",
        "merchant_id": "m.id",
        "mcc": "m.mcc",
        "channel": "(ARRAY['pos', 'qr', 'online'])[1 + pg_temp.dice(row, 38, 3)]",
        "division_code": "'440305'",
    }


def _refund(cursor: Any, before: int, last: int, on: dt.date) -> int:
    """Every fiftieth of these purchases comes back up to three weeks later, wholly or in part."""
    from journeys.models import Transaction

    same = ("customer_id", "card_id", "merchant_id", "mcc", "channel", "division_code")
    columns = {name: f"t.{name}" for name in same} | {
        "id": f"{last} + row_number() OVER (ORDER BY t.id)",
        "reference": f"'T' || lpad(({last} + row_number() OVER (ORDER BY t.id))::text, 10, '0')",
        "kind": "'refund'",
        "amount": "-CASE WHEN t.id % 3 = 0 THEN greatest(0.5, round(t.amount / 3, 2))"
        " ELSE t.amount END",
        "posted_date": "later.day",
        "posted_at": "(later.day + time '10:00') AT TIME ZONE 'Asia/Shanghai'",
        "refund_of": "t.reference",
    }
    source = f"""FROM journeys_transaction t CROSS JOIN LATERAL (
            SELECT least(date '{on}', t.posted_date + 1 + pg_temp.dice(t.id, 39, 20)) AS day) later
        WHERE t.id > {before} AND t.id <= {last} AND t.id % {REFUND_EVERY} = 0 ORDER BY t.id"""
    return rows.insert(cursor, Transaction, columns, source)
