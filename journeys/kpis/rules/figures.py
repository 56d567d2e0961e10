"""What a day and its month come to, for one branch, team, person, product or source."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True)
class Pace:
    """How many primary cards are to be issued in the month (`target`), and by the day (`due`)."""

    target: Decimal
    due: Decimal

    def percent(self, issued: int) -> Decimal | None:
        """This will tell how much of what was due was issued; None where nothing was due."""
        return 100 * issued / self.due if self.due else None


@dataclass(frozen=True)
class Line:
    """The figures of a day, and of its month up to it, for one key (None: not known)."""

    key: str | None
    name: str
    filed: int = 0
    approved: int = 0
    refused: int = 0
    withdrawn: int = 0
    issued: int = 0
    supplementary: int = 0
    activated: int = 0
    month_issued: int = 0
    month_primary: int = 0  # those without supplementary cards
    month_activated: int = 0
    closed: int = 0  # issued, as the report was closed
    is_restated: bool = False
    pace: Pace | None = None

    @property
    def moved(self) -> int:
        """By how much the cards issued were restated."""
        return self.issued - self.closed

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show of it."""
        return not (
            self.filed or self.approved or self.refused or self.withdrawn or self.issued
            or self.activated or self.month_issued or self.month_activated or self.closed
            or self.is_restated or (self.pace and self.pace.target)
        )  # fmt: skip

    @property
    def pace_percent(self) -> Decimal | None:
        return self.pace.percent(self.month_primary) if self.pace else None

    @property
    def is_behind(self) -> bool:
        """Whether a whole card is missing of what was due."""
        return self.pace is not None and self.month_primary < int(self.pace.due)


@dataclass(frozen=True)
class DayLine:
    """One day of a month: what was filed, issued and activated, and how it was closed."""

    day: dt.date
    filed: int = 0
    issued: int = 0
    activated: int = 0
    closed: int = 0
    is_restated: bool = False

    @property
    def moved(self) -> int:
        return self.issued - self.closed


_NO_SUMS = {"key", "name", "is_restated", "pace"}
_SUMMED = [field.name for field in fields(Line) if field.name not in _NO_SUMS]


def together(lines: Sequence[Line], name: str, pace: Pace | None) -> Line:
    """This will add up lines; restated where one of them is."""
    sums = {field: sum(getattr(line, field) for line in lines) for field in _SUMMED}
    return Line(None, name, is_restated=any(one.is_restated for one in lines), pace=pace, **sums)
