"""Reading books of budgets."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from campaigns.budgets import rules
from campaigns.budgets.enums import LimitKind
from campaigns.budgets.models import BudgetBook, BudgetEntry, BudgetLimit
from campaigns.planning import queries as planning
from campaigns.planning.rules.budget import BANK
from journeys.customers.rules import with_other_numbers
from merchants.directory import queries as merchants
from portal.kit import languages
from portal.staff import queries as staff
from portal.staff.access import Scope
from portal.staff.rules import codes_on

_LIMITS = """
SELECT kind, key, (used * 100)::bigint, (most * 100)::bigint, carried FROM campaigns_budgetlimit
WHERE book_id = %(book_id)s AND kind <> 'customer'
UNION ALL
SELECT kind, key, (used * 100)::bigint, (most * 100)::bigint, carried FROM campaigns_budgetlimit
WHERE book_id = %(book_id)s AND kind = 'customer' AND key IN (
    SELECT one::text FROM unnest(%(customers)s::bigint[]) AS one)
"""
_BOOKED = """
SELECT grant_id, branch_id, day, tier, customer_id, array_agg(party ORDER BY id),
       array_agg(amount ORDER BY id)
FROM campaigns_budgetentry WHERE grant_id = ANY(%(grants)s) AND kind = 'reserve'
GROUP BY grant_id, branch_id, day, tier, customer_id
"""
_BY_CUSTOMER = """
SELECT entry.customer_id, sum(entry.amount)
FROM campaigns_budgetentry entry JOIN campaigns_budgetbook book ON book.id = entry.book_id
WHERE book.campaign_id = %(campaign_id)s AND book.run_id IS NULL
  AND entry.customer_id = ANY(%(customers)s) AND entry.day <= COALESCE(%(until)s::date, entry.day)
GROUP BY entry.customer_id
"""
# What the same person used under other numbers: of this account, or where it has no row of it, by
# the ledger.
_BY_OTHER_NUMBERS = f"""
WITH {with_other_numbers()}
SELECT person.who, (sum(COALESCE((
    SELECT used FROM campaigns_budgetlimit
    WHERE book_id = %(book_id)s AND kind = 'customer' AND key = person.number::text
), (
    SELECT sum(entry.amount) FROM (
        SELECT book_id, amount, day FROM campaigns_budgetentry
        WHERE customer_id = person.number OFFSET 0
    ) entry JOIN campaigns_budgetbook book ON book.id = entry.book_id
    WHERE book.campaign_id = %(campaign_id)s AND book.run_id IS NULL
      AND entry.day <= COALESCE(%(until)s::date, entry.day)
), 0)) * 100)::bigint
FROM person GROUP BY person.who
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
    lines = {pk: tuple(ids[code] for code in reversed(codes_on(path))) for pk, _code, path in rows}
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
                rules.Account(used, most), rules.carried_number(carried) if carried else 0
            )
            for kind, key, used, most, carried in cursor.fetchall()
        }


def used_by_customers(
    campaign_id: int, customer_ids: Sequence[int], until: dt.date | None
) -> dict[rules.Key, Decimal]:
    """This will return what the ledger says customers were granted (CNY), up to a day."""
    if not customer_ids:
        return {}
    values: dict[str, Any] = {
        "campaign_id": campaign_id,
        "customers": list(customer_ids),
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_CUSTOMER, values)
        return {(LimitKind.CUSTOMER.value, str(one)): used for one, used in cursor.fetchall()}


def used_under_other_numbers(
    book: BudgetBook, customer_ids: Sequence[int], until: dt.date | None
) -> dict[rules.Key, int]:
    """This will return, in cents, what was granted under their other numbers to customers who share
    an ID number with others, up to a day."""
    values: dict[str, Any] = {
        "book_id": book.pk, "campaign_id": book.campaign_id, "customers": list(customer_ids),
        "until": until,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BY_OTHER_NUMBERS, values)
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


def carried_until(campaign_id: int, day: dt.date) -> dict[rules.Key, Decimal]:
    """This will return what parties carried over of a campaign's own account at the end of a day
    (CNY): what each owed by its share of the grants of every version, less what it bore."""
    rows = BudgetEntry.objects.filter(
        book__campaign=campaign_id, book__run=None, day__lte=day
    ).order_by()
    borne = [
        rules.Borne(version, party, rules.cents(amount))
        for version, party, amount in rows.values_list("grant__version", "party").annotate(
            amount_sum=Sum("amount")
        )
    ]
    known = planning.plans_of({one.version_id for one in borne})
    weights = {pk: rules.weights_of(plan.budget.parties) for pk, plan in known.items()}
    return {
        (LimitKind.PARTY.value, party): rules.carried_amount(number)
        for party, number in rules.carried_of(borne, weights).items()
    }


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
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED, {"grants": list(grant_ids)})
        rows = cursor.fetchall()
    lines = branch_lines().lines if rows else {}
    found = {}
    for grant_id, branch, day, tier, customer, parties, amounts in rows:
        parts = {party: rules.cents(one) for party, one in zip(parties, amounts, strict=True)}
        keys = rules.keys_of(day=day.isoformat(), branches=lines[branch], customer=customer)
        booked = rules.booked_again(tier, keys, parts, shares[grant_id])
        found[grant_id] = branch, day, booked
    return found


def limits_shown(book: BudgetBook, scope: Scope, on: dt.date) -> list[BudgetLimit]:
    """This will list the limits of a book that its page shows: the campaign, its stocks and
    parties, the branches of the scope that the plan limits, and the day's."""
    rows = book.limits.exclude(kind=LimitKind.CUSTOMER).select_related("branch")
    found = rows.filter(
        Q(kind__in=[LimitKind.CAMPAIGN, LimitKind.STOCK, LimitKind.PARTY])
        | Q(kind=LimitKind.TIER, planned__isnull=False)
        | Q(scope.branches(), kind=LimitKind.BRANCH, planned__isnull=False)
        | Q(kind=LimitKind.DAY, planned__isnull=False, key=on.isoformat())
    )
    order = {kind: place for place, kind in enumerate(_SHOWN)}
    return sorted(found, key=lambda row: (order[row.kind], row.key))


_SHOWN = [
    LimitKind.CAMPAIGN.value, LimitKind.DAY.value, LimitKind.PARTY.value, LimitKind.TIER.value,
    LimitKind.STOCK.value, LimitKind.BRANCH.value,
]  # fmt: skip


def stock_left(
    *, campaign_id: int, version_id: int, tier: str, stock: int | None, run_id: int | None = None
) -> int | None:
    """This will tell how many units of a tier a version, which plans `stock`, may still give; None
    where nothing bounds it. What runs, sales and other versions gave counts, and the bound of a
    newer version that was opened for binds besides, as `open_book` has it. With `run_id` it is
    asked of the copy by which a run reckoned."""
    row = (
        BudgetLimit.objects.filter(
            book__campaign=campaign_id, book__run=run_id, kind=LimitKind.STOCK, key=tier
        )
        .values_list("used", "most", "book__version")
        .first()
    )
    used, most, newest = row or (0, None, version_id)
    bounds = [stock, int(most) if most is not None and newest > version_id else None]
    bound = min((one for one in bounds if one is not None), default=None)
    return None if bound is None else max(0, bound - int(used))


def used_at_end(*, campaign_id: int, run_id: int) -> dict[rules.Key, Decimal]:
    """This will tell what would be used of a campaign's limits after a run that only reckoned, what
    was given before included: by its copy of the account or, where it asked for nothing, by the
    account itself. Not those of customers."""
    rows = BudgetLimit.objects.filter(book__campaign=campaign_id).exclude(kind=LimitKind.CUSTOMER)
    for run in (run_id, None):
        if found := {(one.kind, one.key): one.used for one in rows.filter(book__run=run)}:
            return found
    return {}


def used_by_day(book: BudgetBook) -> dict[dt.date, Decimal]:
    """This will return what was charged for the grants of each day (CNY), given back deducted."""
    rows = book.limits.filter(kind=LimitKind.DAY).values_list("key", "used")
    return {dt.date.fromisoformat(day): used for day, used in rows}


def taken_since(book: BudgetBook, first: dt.date) -> dict[rules.Key, Decimal]:
    """This will tell what grants since a day took of the stock of each tier, and of its budget."""
    rows = book.entries.filter(day__gte=first).order_by().values_list("tier")
    found: dict[rules.Key, Decimal] = {}
    for tier, units, amount in rows.annotate(units_sum=Sum("units"), amount_sum=Sum("amount")):
        found[LimitKind.STOCK.value, tier] = Decimal(units)
        found[LimitKind.TIER.value, tier] = amount
    return found


def tier_by_day(book: BudgetBook, tier: str) -> dict[dt.date, Decimal]:
    """This will return what was charged for a tier's grants of each day (CNY), given back
    deducted."""
    rows = book.entries.filter(tier=tier).order_by().values_list("day")
    return dict(rows.annotate(amount_sum=Sum("amount")))


def customers_at_limit(book: BudgetBook) -> int:
    """This will count the customers who were granted all that one may be."""
    rows = book.limits.filter(kind=LimitKind.CUSTOMER, planned__isnull=False)
    return rows.filter(used__gte=F("planned")).count()


def entries(
    *,
    scope: Scope,
    campaign: str = "",
    party: str = "",
    kind: str = "",
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> QuerySet[BudgetEntry]:
    """This will list the entries of all campaigns' own accounts about customers of a person's
    branches, the latest first."""
    rows = BudgetEntry.objects.filter(scope.branches("branch"), book__run=None)
    asked = {
        "book__campaign__code": campaign, "party": party, "kind": kind, "day__gte": first,
        "day__lte": last,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    return rows.select_related("book__campaign", "branch").order_by("-id")


def accounts() -> list[BudgetBook]:
    """This will list the campaigns' own accounts, by the campaign's code."""
    rows = BudgetBook.objects.filter(run=None).select_related("campaign")
    return list(rows.order_by("campaign__code"))


def parties() -> list[str]:
    """This will list all who bear the cost of some campaign, by name."""
    rows = BudgetLimit.objects.filter(kind=LimitKind.PARTY, book__run=None)
    return list(rows.order_by("key").values_list("key", flat=True).distinct())


def party_names(parties: Sequence[str]) -> list[tuple[str, str]]:
    """This will name those who bear costs, in the reader's language."""
    known = merchants.names_of(numbers=parties)
    place = 1 if languages.reads_english() else 0
    return [
        (party, _("the bank") if party == BANK else known.get(party, (party, party))[place])
        for party in parties
    ]
