"""How many customers paid at merchants."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from merchants.evidence.enums import ReachPart
from merchants.evidence.models import MerchantReach
from merchants.evidence.rules import months, sharing

SHARED = 12


def reach_by_month(
    *, merchant_ids: Collection[int], first: dt.date, end: dt.date
) -> dict[int, dict[dt.date, MerchantReach]]:
    """This will return the months of merchants from `first` to before `end` of which it is known
    how many customers paid there."""
    found: dict[int, dict[dt.date, MerchantReach]] = {}
    for row in _within(merchant_ids, first, end, [ReachPart.MONTH]):
        found.setdefault(row.merchant_id, {})[row.month] = row
    return found


def months_to_share(*, merchant_id: int, on: dt.date) -> list[sharing.Month]:
    """This will return the last twelve whole months of a merchant before a day, each with its
    parts, as they are known; nothing where nobody knows who paid there."""
    spans = months.whole_before(on, SHARED)
    parts = [ReachPart.MONTH, ReachPart.WORKDAYS, ReachPart.WEEKENDS]
    found = {
        (row.month, row.part): sharing.Cell(row.customers, row.purchases, row.amount, row.largest)
        for row in _within([merchant_id], spans[0], on.replace(day=1), parts)
    }
    if not found:
        return []
    return [
        sharing.Month(
            month,
            found.get((month, ReachPart.MONTH), sharing.NOBODY),
            {part.value: found.get((month, part), sharing.NOBODY) for part in parts[1:]},
        )
        for month in spans
    ]


def quarters_before(*, merchant_ids: Collection[int], on: dt.date) -> dict[int, MerchantReach]:
    """This will return the three whole months before a day, by the id of the merchant."""
    month = months.first_of(on, 1)
    rows = _within(merchant_ids, month, on.replace(day=1), [ReachPart.QUARTER])
    return {row.merchant_id: row for row in rows}


def _within(
    merchant_ids: Collection[int], first: dt.date, end: dt.date, parts: Iterable[str]
) -> QuerySet[MerchantReach]:
    rows = MerchantReach.objects.filter(merchant__in=merchant_ids, part__in=list(parts))
    return rows.filter(month__gte=first, month__lt=end).order_by("merchant_id", "month", "part")
