"""Comparing turnover, and a refund with its purchase."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from journeys.spending.enums import RefundDoubt, TransactionKind
from portal.kit import fewest

# What merchants took by day, as others may read it (`portal.kit.registry.TurnoverSource`).
DAYS_OF_MERCHANTS = (
    "SELECT merchant_id, day, amount, purchases + refunds AS postings FROM journeys_merchantday"
)
# Who paid where (`portal.kit.registry.VisitSource`).
VISITS = (
    "SELECT merchant_id, customer_id, posted_date AS day, amount FROM journeys_transaction"
    " WHERE merchant_id IS NOT NULL AND kind = 'purchase'"
)


@dataclass(frozen=True)
class Movement:
    """A merchant's turnover in a span and in the span before it; `change` is their difference."""

    merchant_id: int
    earlier: Decimal
    later: Decimal

    @property
    def change(self) -> Decimal:
        return self.later - self.earlier

    @property
    def is_rise(self) -> bool:
        return self.change >= 0


@dataclass(frozen=True)
class MonthOfMerchant:
    """A merchant's month: net turnover, and how many purchases and refunds it came from."""

    amount: Decimal = Decimal(0)
    purchases: int = 0
    refunds: int = 0

    @property
    def is_few(self) -> bool:
        """Whether so little happened that no figure of the month is shown. Few postings are few
        persons too, whose spending a sum could tell. The days of merchants know no persons, so that
        postings stand for them: there are never more persons."""
        return fewest.is_few(self.purchases + self.refunds)


def top_movers(sums: Mapping[int, tuple[Decimal, Decimal]], count: int) -> list[Movement]:
    """This will return the `count` merchants whose turnover changed most, in either direction."""
    moves = [Movement(key, earlier, later) for key, (earlier, later) in sums.items()]
    moves = [move for move in moves if move.change != 0]
    return sorted(moves, key=lambda move: (-abs(move.change), move.merchant_id))[:count]


def change_in_percent(earlier: Decimal, later: Decimal) -> int | None:
    """This will return the change from `earlier` to `later` in per cent; None from nothing."""
    return round((later - earlier) / earlier * 100) if earlier > 0 else None


def months_back(on: dt.date, count: int) -> Sequence[dt.date]:
    """This will return the first days of `count` months, the month of `on` being the last."""
    months = [on.replace(day=1)]
    while len(months) < count:
        months.insert(0, (months[0] - dt.timedelta(days=1)).replace(day=1))
    return months


@dataclass(frozen=True)
class Purchase:
    """What a refund names: its kind should be a purchase. `refunded` is what all refunds that
    name it give back, as a positive number."""

    kind: str
    card_id: int
    amount: Decimal
    refunded: Decimal


def refund_doubt(*, card_id: int, purchase: Purchase | None) -> RefundDoubt | None:
    """This will tell what is doubtful about a refund to a card that names `purchase` (None where
    it is not known); the first that holds."""
    if purchase is None:
        return RefundDoubt.UNKNOWN
    if purchase.kind != TransactionKind.PURCHASE:
        return RefundDoubt.NO_PURCHASE
    if purchase.card_id != card_id:
        return RefundDoubt.OTHER_CARD
    return RefundDoubt.TOO_MUCH if purchase.refunded > purchase.amount else None
