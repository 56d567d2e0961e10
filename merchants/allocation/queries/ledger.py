"""Reading the ledger: entries, what is left of each, and what may be booked next."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from merchants.allocation.enums import EntryKind
from merchants.allocation.models import FundAccount, FundEntry
from portal.kit import clock

_DAY = dt.timedelta(days=1)
# What an entry of a kind rests on; a commitment rests on nothing.
RESTS_ON: dict[str, str] = {EntryKind.CLAIM: EntryKind.COMMIT, EntryKind.PAY: EntryKind.CLAIM}


@dataclass(frozen=True)
class Standing:
    """An entry with what is left of it: not taken back, and nothing rests on it."""

    entry: FundEntry
    left: Decimal

    @property
    def is_open(self) -> bool:
        return self.entry.reverses_id is None and self.left > 0


def entries_of(account: FundAccount) -> list[FundEntry]:
    """This will list the entries of an account in their order."""
    rows = account.entries.select_related("actor", "against", "reverses")
    return list(rows.order_by("id"))


def taken_back_late(account: FundAccount) -> Decimal:
    """This will return what was taken back of an account's commitments after the last day of its
    plan, without what was committed again since (CNY)."""
    ends = clock.start_of(account.line.plan.last_date + _DAY)
    rows = account.entries.filter(kind=EntryKind.COMMIT, at__gte=ends)
    found = rows.aggregate(sum=Sum("amount"))["sum"]
    return max(-(found or Decimal(0)), Decimal(0))


def left_of(entries: Sequence[FundEntry]) -> list[Standing]:
    """This will say of each entry of an account what is left of it."""
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for one in entries:
        if one.reverses_id is not None:
            taken[one.reverses_id] -= one.amount
        if one.against_id is not None:
            taken[one.against_id] += one.amount
    return [
        Standing(one, one.amount - taken[one.pk] if one.reverses_id is None else Decimal(0))
        for one in entries
    ]


def open_entries(standing: Sequence[Standing], kind: str) -> list[Standing]:
    """This will list the entries on which one of the kind may rest."""
    return [one for one in standing if one.is_open and one.entry.kind == RESTS_ON[kind]]
