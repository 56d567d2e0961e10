"""The clock of a complaint: calendar days, whether the bank works on them or not."""

import datetime as dt
from dataclasses import dataclass

from journeys.care.enums import CauseKind, Grade
from portal.kit import deadlines

NEAR_DAYS = 3  # from so many days before the end on, a complaint is near its limit


# What a customer asked for, in so many signs.
SUBJECT_LENGTH = 200


# So few complaints that a rate says little, whatever it is.
FEW = 5


# By letter of the kind of thing, the numbers that the portal itself gives out: P2026-000123.
HOUSE_NUMBER = "^{letter}[0-9]{{4}}-[0-9]{{6,}}$"


def house_number(letter: str, year: int, drawn: int) -> str:
    """This will write a number of the portal itself, of the form HOUSE_NUMBER."""
    return f"{letter}{year:04d}-{drawn:06d}"


@dataclass(frozen=True, slots=True)
class Cause:
    """What a complaint came from: `reference` names a campaign version ("first-gift/2") or a text
    ("first_gift/sms/zh-hans/1"); `staff_id` a member of staff."""

    kind: str
    reference: str = ""
    staff_id: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it names what its kind needs, and nothing of another kind."""
        needs_reference = self.kind in (CauseKind.CAMPAIGN, CauseKind.SCRIPT)
        return (
            self.kind in CauseKind.values
            and needs_reference == bool(self.reference)
            and (self.kind == CauseKind.STAFF) == (self.staff_id is not None)
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """Complaints per 10,000 messages sent; `is_small` where they are too few to say much."""

    complaints: int
    sent: int

    @property
    def per_10000(self) -> float:
        return 10_000 * self.complaints / self.sent

    @property
    def is_small(self) -> bool:
        return self.complaints < FEW


def rate_of(complaints: int, sent: int) -> Rate | None:
    """This will relate complaints to messages; None where nothing was sent."""
    return Rate(complaints, sent) if sent else None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many complaints there were, and how they were answered. `decided` counts those that are
    answered or overdue, `on_time` those of them of which every limit was kept so far, those before
    they were opened again included; `median_days` from the first opening to the first answer is
    None where none is answered. `reopened` is how often one of them was opened again, `broken` how
    many limits were not kept."""

    complaints: int = 0
    decided: int = 0
    on_time: int = 0
    median_days: float | None = None
    reopened: int = 0
    broken: int = 0

    @property
    def on_time_percent(self) -> int | None:
        """None where none was answered, nor had to be."""
        return round(100 * self.on_time / self.decided) if self.decided else None


@dataclass(frozen=True, slots=True)
class Limits:
    """Days from the day of opening to the last day on which the answer is in time.

    A special complaint has the days of a complex one, and `extension_days` more where a second
    person allowed it.
    """

    simple_days: int
    complex_days: int
    extension_days: int

    def of(self, grade: str) -> int:
        """This will return the limit of a grade, without extension."""
        return self.simple_days if grade == Grade.SIMPLE else self.complex_days


@dataclass(frozen=True, slots=True)
class Round:
    """A clock of a complaint, from an opening to its answer, as it stands on a day. `is_over` marks
    one after which the complaint was opened again."""

    number: int
    opened: dt.date
    due: dt.date
    answered: dt.date | None
    is_extended: bool
    is_over: bool
    on: dt.date
    cause: str = ""

    @property
    def days_late(self) -> int:
        """How many days after its end it was answered, or is open still; 0 where it was kept."""
        if self.is_unknown:
            return 0
        return max(0, ((self.answered or self.on) - self.due).days)

    @property
    def is_kept(self) -> bool:
        """Whether its limit was kept."""
        return self.answered is not None and self.answered <= self.due

    @property
    def is_unknown(self) -> bool:
        """Whether it is over and nobody knows any more when it was answered."""
        return self.is_over and self.answered is None


def due_date(opened: dt.date, limit_days: int, extension_days: int = 0) -> dt.date:
    """This will return the last day on which an answer is in time."""
    return opened + dt.timedelta(days=limit_days + extension_days)


def clock_on(due: dt.date, on: dt.date) -> deadlines.Clock:
    """This will read the clock of an open complaint on a day, in calendar days."""
    return deadlines.clock_on(due, on, near_days=NEAR_DAYS)
