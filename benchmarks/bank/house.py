"""Branches, products, merchants and rules of the big bank."""

import datetime as dt
from typing import Any

from benchmarks.bank import rows

BRANCHES = 200
_CATEGORIES = (
    "5812 dining,5814 dining,5411 groceries,5311 groceries,4511 travel,7011 travel,5541 car,"
    "7538 car,5912 health,8062 health,8299 education,5816 online,5942 online,5651 other,5732 other,"
    "5999 other"
)


def make_house(cursor: Any, customers: int, on: dt.date) -> None:
    """This will write what stands before the customers."""
    _make_branches(cursor)
    _make_merchants(cursor, max(300, min(5_000, customers // 200)), on)
    _make_products_and_rules(cursor)


def _make_branches(cursor: Any) -> None:
    from portal.models import Branch

    tree = {
        "head_office": ("'HO'", "NULL::bigint", "'/HO/'", "(VALUES (0)) v (n)"),
        "region": (
            "'R' || lpad(n::text, 2, '0')", "p.id", "p.path || 'R' || lpad(n::text, 2, '0') || '/'",
            f"{Branch._meta.db_table} p, generate_series(1, 10) n WHERE p.code = 'HO'",
        ),
        "branch": (
            "'B' || lpad(n::text, 3, '0')", "p.id", "p.path || 'B' || lpad(n::text, 3, '0') || '/'",
            f"{Branch._meta.db_table} p, generate_series(1, {BRANCHES}) n"
            " WHERE p.code = 'R' || lpad((1 + n % 10)::text, 2, '0')",
        ),
    }  # fmt: skip
    for level, (code, parent, path, above) in tree.items():
        columns = {
            "code": code, "name": f"'网点' || {code}", "name_en": f"'Branch ' || {code}",
            "level": f"'{level}'", "parent_id": parent, "path": path, "is_active": "true",
        }  # fmt: skip
        rows.insert(cursor, Branch, columns, f"FROM {above} ORDER BY n")
    cursor.execute(
        "CREATE TEMP TABLE bank_branch AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id"
        " FROM portal_branch WHERE level = 'branch'"
    )


def _make_merchants(cursor: Any, merchants: int, on: dt.date) -> None:
    from merchants.models import Merchant, MerchantCategory

    pairs = ", ".join("('{}', '{}')".format(*pair.split()) for pair in _CATEGORIES.split(","))
    category = {"mcc": "m", "name": "m", "name_en": "m", "scenario": "s"}
    rows.insert(cursor, MerchantCategory, category, f"FROM (VALUES {pairs}) v (m, s)")
    categories = f"(SELECT array_agg(mcc ORDER BY mcc) FROM {MerchantCategory._meta.db_table})"
    rows.insert(
        cursor, Merchant,
        {
            "number": "'M' || lpad(n::text, 6, '0')", "name": "'商户' || n",
            "name_en": "'Merchant ' || n", "name_pinyin": "'shang hu ' || n",
            "category_id": f"({categories})[1 + n % 16]", "branch_id": "b.id",
            "is_partner": "n % 10 = 0", "joined_date": f"date '{on}' - 1000",
        },
        f"FROM generate_series(1, {merchants}) n JOIN bank_branch b ON b.place = n % {BRANCHES}"
        " ORDER BY n",
    )  # fmt: skip


def _make_products_and_rules(cursor: Any) -> None:
    from journeys.models import CardProduct, ComplaintRule, ContactHours, ContactRule

    products = "(VALUES ('GOLD', true), ('PLAT', true), ('YOUNG', true), ('CAR', true)) v (c, own)"
    product = {
        "code": "c", "name": "c || '卡'", "name_en": "c || ' card'", "issuer": "'本行'",
        "is_own": "own", "is_active": "true",
    }  # fmt: skip
    rows.insert(cursor, CardProduct, product, f"FROM {products}")
    since = {"effective_date": "'2020-01-01'", "source": "'bank'"}
    caps = {"day_cap": "2", "month_cap": "5"}
    hours = {
        "channel": "channel", "day_kind": "kind", "division_prefix": "''", "opens": "'09:00'",
        "closes": "'20:00'", "is_overnight": "false", "is_lifted": "false",
    }  # fmt: skip
    each = (
        "(VALUES ('sms'), ('email'), ('phone')) c (channel),"
        " (VALUES ('workday'), ('rest')) k (kind)"
    )
    limits = {"simple_days": "15", "complex_days": "30", "extension_days": "30"}
    rows.insert(cursor, ContactRule, since | caps, "")
    rows.insert(cursor, ContactHours, since | hours, f"FROM {each}")
    rows.insert(cursor, ComplaintRule, since | limits, "")
