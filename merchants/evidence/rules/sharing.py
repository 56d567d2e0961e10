"""What a merchant may be told of its customers: sums without persons, from which no sum of fewer
persons than the least can be computed.

Withheld are, with one and the same mark, so that nobody sees which were small:

- a month in which fewer than the least paid, with its parts;
- where one is withheld, the smallest month of enough customers beside it: the sum of the year less
  the months that are told is then of enough persons. Where no month is of enough, the sum is
  withheld as well;
- both parts of a month of which one is small: each is the month less the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# Fewer customers than these are no sum that leaves the bank.
LEAST = 10


@dataclass(frozen=True)
class Cell:
    """How many customers paid, how often, and how much (CNY)."""

    customers: int
    purchases: int
    amount: Decimal

    @property
    def is_small(self) -> bool:
        """Whether it is of some, but too few persons. Nobody at all tells of nobody."""
        return 0 < self.customers < LEAST


NOBODY = Cell(0, 0, Decimal(0))


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
    hidden = _withheld(months)
    found = []
    for month in months:
        is_gone = month.key in hidden
        is_whole = not is_gone and not any(cell.is_small for cell in month.parts.values())
        found.append(Line(month.key, "", None if is_gone else month.whole))
        found += [
            Line(month.key, part, cell if is_whole else None) for part, cell in month.parts.items()
        ]
    found.append(Line(None, "", _sum(months, hidden)))
    return found


def _withheld(months: Sequence[Month]) -> set[Any]:
    small = {month.key for month in months if month.whole.is_small}
    enough = [month for month in months if month.whole.customers >= LEAST]
    if small and enough:
        beside = min(enough, key=lambda month: (month.whole.customers, str(month.key)))
        return {*small, beside.key}
    return small


def _sum(months: Sequence[Month], hidden: set[Any]) -> Cell | None:
    if hidden and not any(m.whole.customers >= LEAST for m in months if m.key in hidden):
        return None
    purchases = sum(month.whole.purchases for month in months)
    return Cell(0, purchases, sum((month.whole.amount for month in months), Decimal(0)))
