"""What a condition is: one class with four faces, and the reading of its fields."""

import dataclasses
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _

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
    whose end things are looked at."""

    on: dt.date
    issued_date: dt.date
    filed_date: dt.date | None


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What a condition found for one customer, in the reader's language.

    `gap` is what is missing, empty where nothing is; `deadline` the last day on which the
    condition can come true, and `is_open` whether it has not yet and that day is still ahead.
    """

    have: str
    need: str
    gap: str = ""
    deadline: dt.date | None = None
    is_open: bool = False


class Condition(ABC):
    """A kind of condition; its instances are frozen dataclasses that hold the kind's fields.

    SQL faces are text with named parameters. They may use the row `subject` (customer_id,
    card_id, issued_date, activated_date, first_used_date, filed_date), the parameter `on` and the
    condition's own fields, which `parameter(mark, field)` names. The value of a field reaches the
    database as a bound parameter only.
    """

    kind: ClassVar[str]
    readers: ClassVar[Mapping[str, Reader]] = {}
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

    def parameters(self, mark: str) -> dict[str, Any]:
        """This will return the condition's fields under the names that `parameter` gives them."""
        return {f"{mark}_{name}": getattr(self, name) for name in self.readers}

    def as_data(self) -> dict[str, Any]:
        """This will return the condition as plain JSON values, one way of writing for each."""
        fields = {name: getattr(self, name) for name in self.readers}
        return {"kind": self.kind} | {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in fields.items()
        }

    @classmethod
    def read(cls, raw: Mapping[str, Any], place: str) -> Self:
        """This will read the fields of a condition. Raises RuleWrong."""
        for name in raw:
            if name != "kind" and name not in cls.readers:
                known = ", ".join(cls.readers) or _("none")
                raise RuleWrong(
                    f"{place}.{name}",
                    _("is not a field of {kind}; its fields: {known}").format(
                        kind=cls.kind, known=known
                    ),
                )
        for name in cls.readers:
            if name not in raw:
                raise RuleWrong(f"{place}.{name}", _("is missing"))
        return cls(**{name: read(raw[name], f"{place}.{name}") for name, read in _items(cls)})


def _items(kind: type[Condition]) -> list[tuple[str, Reader]]:
    return list(kind.readers.items())


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
    problem = RuleWrong(place, _("must be an amount above zero with at most two decimal places"))
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise problem
    try:
        amount = Decimal(str(raw))
        rounded = amount.quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError) as broken:
        raise problem from broken
    if not amount.is_finite() or amount != rounded or not 0 < amount < Decimal("1e11"):
        raise problem
    return rounded


def one_of(*choices: str) -> Reader:
    """This will return a reader of one word out of `choices`."""

    def read(raw: Any, place: str) -> str:
        if not isinstance(raw, str) or raw not in choices:
            raise RuleWrong(
                place, _("must be one of: {choices}").format(choices=", ".join(choices))
            )
        return raw

    return read
