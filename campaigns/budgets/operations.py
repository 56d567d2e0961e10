"""Charging budgets: a book is opened and locked, charged in memory, and written in one step."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from campaigns.budgets import queries, rules
from campaigns.budgets.enums import EntryKind, LimitKind
from campaigns.budgets.models import BudgetBook
from campaigns.planning.rules import plans
from portal.audit import operations as audit

# Rows come into being when they are first needed. What the whole plan limits is there from the
# start, so that its page shows it.
_ENSURE = """
INSERT INTO campaigns_budgetlimit
    (book_id, kind, key, branch_id, customer_id, planned, most, used, carried)
SELECT %(book_id)s, one.kind, one.key,
       CASE WHEN one.kind = 'branch' THEN one.key::bigint END,
       CASE WHEN one.kind = 'customer' THEN one.key::bigint END,
       one.planned, GREATEST(one.planned, CASE WHEN one.planned IS NOT NULL THEN one.used END),
       one.used, one.carried
FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(planned)s::numeric[], %(used)s::numeric[],
            %(carried)s::numeric[])
    AS one(kind, key, planned, used, carried)
ORDER BY one.kind, one.key
ON CONFLICT (book_id, kind, key) DO NOTHING
"""
# A limit that was lowered below what is used stays at that, and follows what is given back. What
# does not fit is left to the constraint.
_WRITE = """
UPDATE campaigns_budgetlimit held SET used = held.used + change.cents / 100.00,
    most = LEAST(held.most, CASE WHEN held.planned IS NOT NULL
                            THEN GREATEST(held.planned, held.used + change.cents / 100.00) END),
    carried = COALESCE(change.carried, held.carried)
FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(cents)s::bigint[], %(carried)s::numeric[])
    AS change(kind, key, cents, carried)
WHERE held.book_id = %(book_id)s AND held.kind = change.kind AND held.key = change.key
"""
# A tier or a party that a newer version does not name may still be given, or charged, by an older
# one that is at work: its limit stays.
_REPLAN = """
UPDATE campaigns_budgetlimit held SET planned = plan.planned,
    most = CASE WHEN plan.planned IS NOT NULL THEN GREATEST(plan.planned, held.used) END
FROM (
    SELECT held.id, CASE WHEN own.kind IS NOT NULL THEN own.planned
        WHEN held.kind = 'day' THEN %(per_day)s::numeric
        WHEN held.kind = 'customer' THEN %(per_customer)s::numeric
        WHEN held.kind IN ('stock', 'tier', 'party') THEN held.planned END AS planned
    FROM campaigns_budgetlimit held
    LEFT JOIN unnest(%(kinds)s::text[], %(keys)s::text[], %(planned)s::numeric[])
        AS own(kind, key, planned) ON own.kind = held.kind AND own.key = held.key
    WHERE held.book_id = %(book_id)s
) AS plan
WHERE held.id = plan.id AND held.planned IS DISTINCT FROM plan.planned
"""
_ENTER = """
INSERT INTO campaigns_budgetentry
    (book_id, kind, grant_id, customer_id, branch_id, day, tier, party, amount, units, at)
SELECT %(book_id)s, one.kind, one.grant_id, one.customer_id, one.branch_id, one.day, one.tier,
       one.party, one.cents / 100.00, one.units, %(at)s
FROM unnest(%(kind)s::text[], %(grant_id)s::bigint[], %(customer_id)s::bigint[],
            %(branch_id)s::bigint[], %(day)s::date[], %(tier)s::text[], %(party)s::text[],
            %(cents)s::bigint[], %(units)s::int[])
    WITH ORDINALITY AS one(kind, grant_id, customer_id, branch_id, day, tier, party, cents,
                           units, place)
ORDER BY one.place
"""
_ENTRY = (
    "kind", "grant_id", "customer_id", "branch_id", "day", "tier", "party", "cents", "units",
)  # fmt: skip


@dataclass(frozen=True)
class OpenBook:
    """A book that is locked until the caller's transaction ends. `lines` is each branch with
    those above it."""

    book: BudgetBook
    purse: rules.Purse
    lines: Mapping[int, tuple[int, ...]]

    def charge(
        self, *, tier: str, value: Decimal, customer_id: int, branch_id: int, day: dt.date
    ) -> rules.Charge:
        """This will say which limits a grant would come under. A customer who has an account is
        charged whatever plan is in hand; who has none gets one from the ledger when needed."""
        own = (LimitKind.CUSTOMER.value, str(customer_id))
        keys = rules.keys_of(
            day=day.isoformat(),
            branches=self.lines[branch_id],
            customer=customer_id if own in self.purse.accounts else None,
        )
        return rules.Charge(tier, rules.cents(value), keys)


@dataclass(frozen=True)
class Line:
    """What is to be entered about a grant: all that it was charged with, or got back."""

    grant_id: int
    customer_id: int
    branch_id: int
    day: dt.date
    booked: rules.Booked
    kind: str = EntryKind.RESERVE.value


def open_book(
    *,
    campaign_id: int,
    version_id: int,
    run_id: int | None,
    plan: plans.Plan,
    customer_ids: Sequence[int],
    day: dt.date,
    at: dt.datetime,
    first_date: dt.date | None = None,
) -> OpenBook:
    """This will open the account of a campaign, or that of a run that only reckons (`run_id`), and
    hold it for the caller's transaction: nobody else reserves meanwhile.

    A run's own account begins with what the ledger says was used up to `day`, and carried over;
    that of a back-test with what was used before its `first_date`.
    Limits follow the newest version that was opened for: what was used before counts against the
    new ones. An older version that is still at work is bound by its own besides. What a customer
    may have at most is what a person may, under all numbers together.
    """
    book, is_new = _locked_book(campaign_id, run_id, version_id, at)
    tree = queries.branch_lines()
    until = None if run_id is None else rules.known_until(day, first_date)
    own = _Bounds.of(plan, tree.ids)
    newest = own
    if book.version_id > version_id:
        newest = _Bounds.of(plans.plan_of(book.version.content), tree.ids)
    if is_new:
        _begin(book, newest, until, tree)
    elif version_id > book.version_id:
        _replan(book, newest, version_id)
    known = _accounts(book, newest, own, customer_ids, day, tree, until)
    purse = rules.Purse(
        {key: held.account for key, held in known.items()},
        rules.weights_of(plan.budget.parties),
        {key[1]: held.carried for key, held in known.items() if key[0] == LimitKind.PARTY},
    )
    if own is not newest:
        own.bind(purse)
    if newest.per_customer is not None or own.per_customer is not None:
        _bind_persons(purse, queries.used_under_other_numbers(book, customer_ids, until))
    return OpenBook(book, purse, tree.lines)


@dataclass(frozen=True)
class _Bounds:
    """The limits that a plan sets: those it names, and those of each day and customer."""

    named: Mapping[rules.Key, Decimal | None]
    per_day: Decimal | None
    per_customer: Decimal | None

    @classmethod
    def of(cls, plan: plans.Plan, branch_ids: Mapping[str, int]) -> "_Bounds":
        return cls(_planned(plan, branch_ids), plan.budget.per_day, plan.budget.per_customer)

    def of_key(self, key: rules.Key) -> Decimal | None:
        if key[0] == LimitKind.DAY:
            return self.per_day
        return self.per_customer if key[0] == LimitKind.CUSTOMER else self.named.get(key)

    def bind(self, purse: rules.Purse) -> None:
        """This will bind a purse by these limits besides those that it has."""
        for key, account in purse.accounts.items():
            most = self.of_key(key)
            if most is not None:
                account.bind(rules.cents(most))


def _bind_persons(purse: rules.Purse, elsewhere: Mapping[rules.Key, int]) -> None:
    """The limit of a customer is a person's: what was used under other numbers counts."""
    for key, used in elsewhere.items():
        account = purse.accounts.get(key)
        if account is not None and account.most is not None:
            account.bind(account.most - used)


def _begin(
    book: BudgetBook, newest: _Bounds, until: dt.date | None, tree: queries.BranchTree
) -> None:
    """The first rows of a book. The account of a run that only reckons (`until`) begins where the
    campaign's own stands, or stood on that day."""
    begun: dict[rules.Key, Decimal] = {}
    carried: dict[rules.Key, Decimal] = {}
    if until is not None:
        begun = queries.sums_until(book.campaign_id, until, tree.lines)
        carried = queries.carried_until(book.campaign_id, until)
    planned = {key: newest.of_key(key) for key in [*newest.named, *begun]}
    _ensure(book.pk, planned, begun, carried)


def _accounts(
    book: BudgetBook,
    newest: _Bounds,
    own: _Bounds,
    customer_ids: Sequence[int],
    day: dt.date,
    tree: queries.BranchTree,
    until: dt.date | None,
) -> Mapping[rules.Key, queries.Held]:
    """The rows that may be charged, made where they are missing."""
    bounds_customers = newest.per_customer is not None or own.per_customer is not None
    needed: list[rules.Key] = [*newest.named, (LimitKind.DAY.value, day.isoformat())]
    needed += [(LimitKind.BRANCH.value, str(branch)) for branch in tree.lines]
    if bounds_customers:
        needed += [(LimitKind.CUSTOMER.value, str(one)) for one in customer_ids]
    known = queries.limits(book.pk, customer_ids)
    # What the version in hand names and a newer one does not, is bound as the former says.
    missing = {key: newest.of_key(key) for key in needed if key not in known}
    missing |= {
        key: most for key, most in own.named.items() if key not in known and key not in missing
    }
    if missing:
        new = [int(key) for kind, key in missing if kind == LimitKind.CUSTOMER]
        _ensure(book.pk, missing, queries.used_by_customers(book.campaign_id, new, until), {})
        known = queries.limits(book.pk, customer_ids)
    return known


def _locked_book(
    campaign_id: int, run_id: int | None, version_id: int, at: dt.datetime
) -> tuple[BudgetBook, bool]:
    whose: dict[str, Any] = {"campaign_id": campaign_id, "run_id": run_id}
    live = None if run_id is None else queries.live_book(campaign_id)
    # A run that only reckons is bound as a live one would be: by the newest version in force.
    newest = max(version_id, live.version_id) if live else version_id
    found, is_new = BudgetBook.objects.get_or_create(
        **whose,
        defaults={"version_id": newest, "opened_at": at},
    )
    locked = BudgetBook.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("version").get(pk=found.pk), is_new


def _planned(plan: plans.Plan, branch_ids: Mapping[str, int]) -> dict[rules.Key, Decimal | None]:
    """The limits that a plan sets once and for all: not those of days and customers."""
    budget = plan.budget
    weights = rules.weights_of(budget.parties)
    parties = rules.limits_of(budget.total, weights)
    found: dict[rules.Key, Decimal | None] = {rules.CAMPAIGN: budget.total}
    found |= {
        (LimitKind.BRANCH.value, str(branch_ids[code])): most
        for code, most in budget.branches.items()
        if code in branch_ids
    }
    found |= {(LimitKind.PARTY.value, party): parties.get(party) for party in weights}
    found |= {
        (LimitKind.STOCK.value, tier.code): None if tier.stock is None else Decimal(tier.stock)
        for tier in plan.rewards.tiers
    }
    found |= {(LimitKind.TIER.value, tier.code): tier.budget for tier in plan.rewards.tiers}
    return found


def _ensure(
    book_id: int,
    planned: Mapping[rules.Key, Decimal | None],
    used: Mapping[rules.Key, Decimal],
    carried: Mapping[rules.Key, Decimal],
) -> None:
    keys = [*planned, *(key for key in used if key not in planned)]
    values: dict[str, Any] = {
        "book_id": book_id,
        "kinds": [kind for kind, _key in keys],
        "keys": [key for _kind, key in keys],
        "planned": [planned.get(key) for key in keys],
        "used": [used.get(key, Decimal(0)) for key in keys],
        "carried": [carried.get(key, Decimal(0)) for key in keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENSURE, values)


def _replan(book: BudgetBook, newest: _Bounds, version_id: int) -> None:
    _ensure(book.pk, newest.named, {}, {})
    values = {
        "book_id": book.pk,
        "per_day": newest.per_day,
        "per_customer": newest.per_customer,
        "kinds": [kind for kind, _key in newest.named],
        "keys": [key for _kind, key in newest.named],
        "planned": list(newest.named.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REPLAN, values)
    book.version_id, book.refused_at, book.refused_kind = version_id, None, ""
    book.save(update_fields=["version", "refused_at", "refused_kind"])


def write(*, opened: OpenBook, lines: Sequence[Line], at: dt.datetime) -> None:
    """This will write what was booked in memory: what is used of each limit and, in a campaign's
    own account, an entry for every grant and party."""
    purse = opened.purse
    # In the order of the keys; the lock of the book keeps others away in any case.
    keys = sorted(set(purse.changes) | _parties(purse))
    values: dict[str, Any] = {
        "book_id": opened.book.pk,
        "kinds": [kind for kind, _key in keys],
        "keys": [key for _kind, key in keys],
        "cents": [purse.changes.get(key, 0) for key in keys],
        "carried": [_carried(purse, key) for key in keys],
    }
    if not keys or not purse.changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        if lines:
            cursor.execute(_ENTER, _entries(opened.book.pk, lines, at))


def _parties(purse: rules.Purse) -> set[rules.Key]:
    return {(LimitKind.PARTY.value, party) for party in purse.carried}


def _carried(purse: rules.Purse, key: rules.Key) -> Decimal | None:
    if key[0] != LimitKind.PARTY:
        return None
    return rules.carried_amount(purse.carried.get(key[1], 0))


def _entries(book_id: int, lines: Iterable[Line], at: dt.datetime) -> dict[str, Any]:
    rows = [row for line in lines for row in _rows(line)]
    columns = dict(zip(_ENTRY, map(list, zip(*rows, strict=True)), strict=True))
    return {"book_id": book_id, "at": at, **columns}


def _rows(line: Line) -> list[tuple[Any, ...]]:
    sign = 1 if line.kind == EntryKind.RESERVE else -1
    common = (line.kind, line.grant_id, line.customer_id, line.branch_id, line.day)
    tier = line.booked.charge.tier
    return [
        (*common, tier, party, sign * part, 0 if number else sign)
        for number, (party, part) in enumerate(line.booked.parts.items())
        if part or not number
    ]


def note_refusal(*, opened: OpenBook, kind: str, at: dt.datetime) -> None:
    """This will note on a campaign's account that somebody was refused (`kind` of limit), or that
    nobody is any more (""); what is new is in the audit trail, and the owner's home page shows
    it."""
    book = opened.book
    if book.refused_kind == kind or book.run_id is not None:
        return
    book.refused_kind, book.refused_at = kind, at if kind else None
    book.save(update_fields=["refused_kind", "refused_at"])
    audit.record(
        action="campaign.out_of_budget" if kind else "campaign.in_budget_again",
        actor=None,
        at=at,
        target=book.campaign,
        changes={"limit": kind} if kind else {},
    )
