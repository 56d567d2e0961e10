"""What a merchant may be told of its customers: sums without persons, from which no sum of fewer
persons than the least, and none that is mostly one person's, can be computed.

Withheld are, with one and the same mark:

- a month in which fewer than the least paid, or of which one customer paid more than half, with its
  parts;
- both parts of a month of which one is such: each is the month less the other;
- the sum of all months where one of them is withheld.

Whether a month is told hangs on that month alone, and a sum says nothing that its months do not.
So files of other spans, handed over at other times, tell no more together than each by itself: were
the sum told beside a month that is withheld, the sums of two spans would tell it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# Fewer customers than these are no sum that leaves the bank.
LEAST = 10


@dataclass(frozen=True)
class Cell:
    """How many customers paid, how often, how much (CNY), and what one of them paid at most."""

    customers: int
    purchases: int
    amount: Decimal
    largest: Decimal

    @property
    def may_be_told(self) -> bool:
        """Whether it is of enough persons, none of whom paid more than all others together. Nobody
        at all tells of nobody."""
        if not self.customers:
            return True
        return self.customers >= LEAST and 2 * self.largest <= self.amount


NOBODY = Cell(0, 0, Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Month:
    """A month and its two parts, which add up to it (but for customers, who may be of both)."""

    key: Any
    whole: Cell
    parts: Mapping[str, Cell]


@dataclass(frozen=True)
class Line:
    """A row that is told; its cell is None where it is withheld. Without a key it is the sum of
    all months, of which customers are not counted; without a part a month is whole."""

    key: Any
    part: str
    cell: Cell | None


def lines_of(months: Sequence[Month]) -> list[Line]:
    """This will return the rows that a merchant may be told."""
    found = []
    for month in months:
        is_told = month.whole.may_be_told
        are_told = is_told and all(cell.may_be_told for cell in month.parts.values())
        found.append(Line(month.key, "", month.whole if is_told else None))
        found += [
            Line(month.key, part, cell if are_told else None) for part, cell in month.parts.items()
        ]
    is_whole = all(month.whole.may_be_told for month in months)
    found.append(Line(None, "", _sum(months) if is_whole else None))
    return found


def _sum(months: Sequence[Month]) -> Cell:
    purchases = sum(month.whole.purchases for month in months)
    amount = sum((month.whole.amount for month in months), Decimal(0))
    return Cell(0, purchases, amount, Decimal(0))
