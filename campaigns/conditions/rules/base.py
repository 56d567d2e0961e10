"""What a condition is: one class with all its faces, and the reading of its fields."""

import dataclasses
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _

from campaigns.conditions.enums import Entry, Group, Source

Reader = Callable[[Any, str], Any]


class RuleWrong(Exception):
    """Raised when a rule cannot be read; `place` names where, such as "rule.all[2].days"."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


@dataclasses.dataclass(frozen=True)
class Subject:
    """The card that a decision is about, as far as an explanation needs it; `on` is the day at
    whose end things are looked at, `last` the last on which the campaign gives anything."""

    on: dt.date
    issued_date: dt.date
    filed_date: dt.date | None
    activated_date: dt.date | None = None
    last: dt.date | None = None

    def until(self, day: dt.date) -> dt.date:
        """This will return the day, or the campaign's last where that comes first."""
        return day if self.last is None else min(day, self.last)


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What a condition found for one customer, in the reader's language.

    `gap` is what is missing, empty where nothing is, and `missing` the same as a figure, where it
    is one: a value that differs by it meets the condition, by a cent (or one) less does not.
    `deadline` is the last day on which the condition can come true, and `is_open` whether it has
    not yet and that day is still ahead. `percent` is how far a figure that grows has come: 100
    where it is reached, and nowhere else; None where there is no such figure.
    """

    have: str
    need: str
    gap: str = ""
    deadline: dt.date | None = None
    is_open: bool = False
    missing: Decimal | int | None = None
    percent: int | None = None


def on_any_day(found: Explanation, subject: Subject) -> Explanation:
    """This will add to what is missing and can be made up for on any day until when that is: the
    last on which the campaign gives anything."""
    if not found.gap or subject.last is None:
        return found
    return dataclasses.replace(found, deadline=subject.last, is_open=subject.last > subject.on)


def percent_of(value: Decimal | int, needed: Decimal | int) -> int:
    """This will tell how far a figure has come towards what is needed, in whole percent."""
    return 100 if value >= needed else max(0, int(value * 100 // needed))


_NEEDED = object()


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a kind: how it is read from plain values, and what a form needs to offer it.

    `entry` says how it is typed or chosen. `default` is what counts where it is left out; without
    one it must be given. `initial` is what a new form begins with. `choices` are (code, label), or
    `source` names the table whose codes are offered. `shown_for` is (field, values): the field has
    a meaning only where that other field has one of these values.
    """

    label: Any
    read: Reader
    entry: Entry
    help: Any = ""
    default: Any = _NEEDED
    initial: Any = None
    choices: Sequence[tuple[str, Any]] = ()
    source: Source | str = ""
    shown_for: tuple[str, tuple[str, ...]] | None = None

    @property
    def is_needed(self) -> bool:
        return self.default is _NEEDED


class Condition(ABC):
    """A kind of condition; its instances are frozen dataclasses that hold the kind's fields.

    SQL faces are text with named parameters. They may use the row `subject` (customer_id,
    card_id, issued_date, activated_date, first_used_date, filed_date), the parameter `on` and the
    condition's own fields, which `parameter(mark, field)` names. The value of a field reaches the
    database as a bound parameter only. Nothing that came after the end of `on` may be seen.
    """

    kind: ClassVar[str]
    title: ClassVar[Any]  # what the kind is called in a menu
    group: ClassVar[Group]
    fields: ClassVar[Mapping[str, Field]] = {}
    # Which way the verdict can go where the customer spends more with the card: 1 only to be met,
    # -1 only not to be, 0 it stays, None both.
    by_spending: ClassVar[int | None] = 0
    # Whether the value costs so much that it is looked up only where cheaper conditions hold.
    is_expensive: ClassVar[bool] = False

    @abstractmethod
    def value_sql(self, mark: str) -> str:
        """This will return the expression of the value for the row `subject`."""

    @abstractmethod
    def verdict_sql(self, mark: str, value: str) -> str:
        """This will return the expression that tells whether `value` suffices, never null."""

    @abstractmethod
    def explain(self, value: Any, is_met: bool, subject: Subject) -> Explanation:
        """This will explain a decision; `value` is as it stands in the decision's facts."""

    @abstractmethod
    def short_name(self) -> str:
        """This will name the condition in a few words, for pictures and lists."""

    @abstractmethod
    def sentence(self) -> str:
        """This will return the condition's sentence of the published rule."""

    def fact_sql(self, value: str) -> str:
        """This will return how `value` is written into the facts, where not as it is."""
        return value

    def gap_sql(self, mark: str, value: str) -> str:
        """This will return the expression of `Explanation.missing`: a number, NULL where nothing
        is missing or where what is missing is no figure."""
        return "NULL::numeric"

    def deadline_sql(self, mark: str) -> str:
        """This will return the expression of `Explanation.deadline`: a day, NULL where none."""
        return "NULL::date"

    def turns_sql(self, mark: str, value: str) -> str | None:
        """This will return the expression of the first day after `on` on which value or verdict may
        be another although no fact was written since, NULL where there is none. None, not an
        expression, where that cannot be told: then a decision is never carried to a later run."""
        return None

    def mentions(self, value: Any = None) -> list[tuple[Source, str]]:
        """This will list the codes that the condition, and a value of it, name, each with the table
        that it stands in."""
        return [
            (Source(field.source), code)
            for name, field in self.fields.items()
            if field.source
            for code in _each(getattr(self, name))
        ]

    def parameters(self, mark: str) -> dict[str, Any]:
        """This will return the condition's fields under the names that `parameter` gives them."""
        return {f"{mark}_{name}": _bound(getattr(self, name)) for name in self.fields}

    def as_data(self) -> dict[str, Any]:
        """This will return the condition as plain JSON values, one way of writing for each: a
        field that has its default is left out."""
        return {"kind": self.kind} | self.as_fields()

    def as_fields(self) -> dict[str, Any]:
        """This will return the fields alone, where it is known of which kind the condition is."""
        return {
            name: _plain(getattr(self, name))
            for name, field in self.fields.items()
            if field.is_needed or getattr(self, name) != field.default
        }

    @classmethod
    def read(cls, raw: Mapping[str, Any], place: str) -> Self:
        """This will read the fields of a condition. Raises RuleWrong."""
        for name in raw:
            if name != "kind" and name not in cls.fields:
                known = ", ".join(cls.fields) or _("none")
                raise RuleWrong(
                    f"{place}.{name}",
                    _("is not a field of {kind}; its fields: {known}").format(
                        kind=cls.kind, known=known
                    ),
                )
        found = cls(**{name: _read(field, raw, name, place) for name, field in _fields(cls)})
        found.check(place)
        return found

    def check(self, place: str) -> None:  # noqa: B027  (most kinds have nothing to check)
        """This will refuse fields that do not go together. Raises RuleWrong."""


# What `turns_sql` says of values that change by new facts alone.
NEVER = "NULL::date"


def _fields(kind: type[Condition]) -> list[tuple[str, Field]]:
    return list(kind.fields.items())


def _read(field: Field, raw: Mapping[str, Any], name: str, place: str) -> Any:
    if name in raw and (field.is_needed or raw[name] is not None):
        return field.read(raw[name], f"{place}.{name}")
    if field.is_needed:
        raise RuleWrong(f"{place}.{name}", _("is missing"))
    return field.default


def _each(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _bound(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def parameter(mark: str, field: str) -> str:
    """This will return the placeholder of the field `field` of the condition marked `mark`."""
    return f"%({mark}_{field})s"


def whole_number(least: int, most: int) -> Reader:
    """This will return a reader of whole numbers from `least` to `most`, both inside."""

    def read(raw: Any, place: str) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
            raise RuleWrong(
                place,
                _("must be a whole number from {least} to {most}").format(least=least, most=most),
            )
        return raw

    return read


def read_amount(raw: Any, place: str) -> Decimal:
    """This will read an amount of money (CNY) above zero with at most two places.

    Raises RuleWrong.
    """
    amount = with_two_places(raw)
    if amount is None or not 0 < amount < Decimal("1e11"):
        raise RuleWrong(place, _("must be an amount above zero with at most two decimal places"))
    return amount


def with_two_places(raw: Any) -> Decimal | None:
    """This will read a number with at most two places, written with both; None where it is none."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(raw))
        rounded = number.quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError):
        return None
    return rounded if number.is_finite() and number == rounded else None


def one_of(*choices: str) -> Reader:
    """This will return a reader of one word out of `choices`."""

    def read(raw: Any, place: str) -> str:
        if not isinstance(raw, str) or raw not in choices:
            raise RuleWrong(
                place, _("must be one of: {choices}").format(choices=", ".join(choices))
            )
        return raw

    return read
