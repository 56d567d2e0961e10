"""Reading books of budgets."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from campaigns.budgets import rules
from campaigns.budgets.enums import EntryKind, LimitKind
from campaigns.budgets.models import BudgetBook, BudgetEntry
from portal.staff import queries as staff

_LIMITS = """
SELECT kind, key, used, most, carried FROM campaigns_budgetlimit
WHERE book_id = %(book_id)s AND kind <> 'customer'
UNION ALL
SELECT kind, key, used, most, carried FROM campaigns_budgetlimit
WHERE book_id = %(book_id)s AND kind = 'customer' AND key IN (
    SELECT one::text FROM unnest(%(customers)s::bigint[]) AS one)
"""
_BY_CUSTOMER = """
SELECT entry.customer_id, sum(entry.amount)
FROM campaigns_budgetentry entry JOIN campaigns_budgetbook book ON book.id = entry.book_id
WHERE book.campaign_id = %(campaign_id)s AND book.run_id IS NULL
  AND entry.customer_id = ANY(%(customers)s) AND entry.day <= COALESCE(%(until)s::date, entry.day)
GROUP BY entry.customer_id
"""


@dataclass(frozen=True)
class BranchTree:
    """Ids of branches by code, and for each id its own and those of the branches above it."""

    ids: Mapping[str, int]
    lines: Mapping[int, tuple[int, ...]]


def branch_lines() -> BranchTree:
    """This will return the branches of the bank as budgets see them."""
    rows = staff.branch_tree()
    ids = {code: pk for pk, code, _path in rows}
    lines = {
        pk: tuple(ids[code] for code in reversed(path.strip("/").split("/")))
        for pk, _code, path in rows
    }
    return BranchTree(ids, lines)


@dataclass(frozen=True)
class Held:
    """A limit as it stands, and what its party carries over."""

    account: rules.Account
    carried: int


def limits(book_id: int, customer_ids: Sequence[int]) -> dict[rules.Key, Held]:
    """This will return the limits of a book: those of customers only for the ones named."""
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS, {"book_id": book_id, "customers": list(customer_ids)})
        return {
            (kind, key): Held(
                rules.Account(rules.cents(used), None if most is None else rules.cents(most)),
                rules.carried_number(carried),
            )
            for kind, key, used, most, carried in cursor.fetchall()
        }


def used_by_customers(
    campaign_id: int, customer_ids: Sequence[int], until: dt.date | None
) -> dict[rules.Key, Decimal]:
    """This will return what the ledger says customers were granted (CNY), up to a day."""
    if not customer_ids:
        return {}
    values = {"campaign_id": campaign_id, "customers": list(customer_ids), "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_BY_CUSTOMER, values)
        return {(LimitKind.CUSTOMER.value, str(one)): used for one, used in cursor.fetchall()}


def sums_until(
    campaign_id: int, day: dt.date | None, lines: Mapping[int, tuple[int, ...]]
) -> dict[rules.Key, Decimal]:
    """This will add up the ledger of a campaign's own account, up to a day: what was used of each
    limit but those of customers."""
    entries = BudgetEntry.objects.filter(book__campaign=campaign_id, book__run=None)
    if day is not None:
        entries = entries.filter(day__lte=day)
    rows = entries.order_by().values_list("day", "branch", "tier", "party")
    return rules.sums_of(
        rules.Moved(on.isoformat(), lines[branch], tier, party, None, amount, units)
        for on, branch, tier, party, amount, units in rows.annotate(
            amount_sum=Sum("amount"), units_sum=Sum("units")
        )
    )


@dataclass(frozen=True)
class Difference:
    """A limit whose `used` is not what the ledger says."""

    kind: str
    key: str
    used: Decimal
    entered: Decimal


def differences(campaign_id: int) -> list[Difference]:
    """This will prove the account of a campaign: it returns what does not go together."""
    book = live_book(campaign_id)
    if book is None:
        return []
    customers = list(book.limits.filter(kind=LimitKind.CUSTOMER).values_list("customer", flat=True))
    entered = sums_until(campaign_id, None, branch_lines().lines)
    entered |= used_by_customers(campaign_id, customers, None)
    held = {(row.kind, row.key): row.used for row in book.limits.order_by("kind", "key")}
    return [
        Difference(*key, held.get(key, Decimal(0)), entered.get(key, Decimal(0)))
        for key in sorted({*held, *entered})
        if held.get(key, Decimal(0)) != entered.get(key, Decimal(0))
    ]


def live_book(campaign_id: int) -> BudgetBook | None:
    """This will find the account of a campaign; None where nothing was granted yet."""
    return BudgetBook.objects.filter(campaign=campaign_id, run=None).first()


def booked_for(
    grant_ids: Sequence[int], shares: Mapping[int, Mapping[str, int]]
) -> dict[int, tuple[int, dt.date, rules.Booked]]:
    """This will return what grants were charged with: branch, day and parts, by grant id; `shares`
    are the weights by which each was split. A grant from before there were budgets has nothing."""
    found: dict[int, list[BudgetEntry]] = {}
    rows = BudgetEntry.objects.filter(grant__in=grant_ids, kind=EntryKind.RESERVE).order_by("id")
    for row in rows:
        found.setdefault(row.grant_id, []).append(row)
    lines = branch_lines().lines if found else {}
    return {pk: _booked(entries, lines, shares[pk]) for pk, entries in found.items()}


def _booked(
    entries: Sequence[BudgetEntry],
    lines: Mapping[int, tuple[int, ...]],
    weights: Mapping[str, int],
) -> tuple[int, dt.date, rules.Booked]:
    first = entries[0]
    parts = {row.party: rules.cents(row.amount) for row in entries}
    keys = rules.keys_of(
        day=first.day.isoformat(), branches=lines[first.branch_id], customer=first.customer_id
    )
    charge = rules.Charge(first.tier, sum(parts.values()), keys)
    return first.branch_id, first.day, rules.Booked(charge, parts, weights)
