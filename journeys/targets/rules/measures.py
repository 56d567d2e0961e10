"""What can be aimed at and paid for: a small book of measures, filled at start-up. A topic that
knows more figures adds one measure for each, and needs to know nothing else of this one."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from journeys.targets.enums import Level, MeasureKind, Unit

NOUGHT = Decimal(0)


@dataclass(frozen=True)
class Asked:
    """Whose figures are read, of the days from `first` until before `end`: branches with those
    below them, teams, or persons, by their ids; of one product where that is given."""

    level: Level
    ids: Sequence[int]
    first: dt.date
    end: dt.date
    product_id: int | None = None


@dataclass(frozen=True)
class Fact:
    """What one subject has of one day: `part` of `whole`. Of a count `whole` says nothing."""

    subject: int
    day: dt.date
    part: Decimal
    whole: Decimal


@dataclass(frozen=True)
class Measure:
    """A figure with a name, a unit and a kind. `read(asked)` gives facts by subject and day, by
    set: one question for any number of subjects and days. `levels` are those it can be told at.

    `shows_work` says that whoever has any of it was at work then.
    `cards(staff_ids, first, end)` names the cards that its count is of, as (staff, card): what a
    card brought can then be taken back.
    """

    code: str
    name: Any
    unit: Unit
    kind: MeasureKind
    read: Callable[[Asked], Iterable[Fact]]
    is_less_better: bool = False
    levels: frozenset[Level] = frozenset(Level)
    has_products: bool = False
    shows_work: bool = False
    cards: Callable[[Sequence[int], dt.date, dt.date], Iterable[tuple[int, int]]] | None = None

    @property
    def is_additive(self) -> bool:
        """Whether parts of it make up the whole."""
        return self.unit == Unit.COUNT


@dataclass(frozen=True)
class Told:
    """A figure over days: its value, None where there is nothing to tell it from; a rate with how
    many it is of."""

    value: Decimal | None
    part: Decimal
    whole: Decimal


_book: dict[str, Measure] = {}


def add_measures(*measures: Measure) -> None:
    """This will add measures to the book; one of the same code takes the place of the other."""
    _book.update({one.code: one for one in measures})


def all_measures() -> list[Measure]:
    """This will list the measures of the book, those of a kind together."""
    order = list(MeasureKind)
    return sorted(_book.values(), key=lambda one: (order.index(one.kind), one.code))


def find_measure(code: str) -> Measure | None:
    """This will return the measure of a code, None where the book has none."""
    return _book.get(code)


def told(measure: Measure, facts: Iterable[Fact]) -> Told:
    """This will sum up facts of one subject as the unit asks for: counts add up, rates are parts of
    the whole, marks are averages."""
    part = whole = NOUGHT
    for fact in facts:
        part, whole = part + fact.part, whole + fact.whole
    if measure.is_additive:
        return Told(part, part, whole)
    if not whole:
        return Told(None, part, whole)
    scale = 100 if measure.unit == Unit.PERCENT else 1
    return Told((scale * part / whole).quantize(Decimal("0.01")), part, whole)
