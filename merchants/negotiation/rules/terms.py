"""Terms as one side puts them on the table, and in what two sets of them differ."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.negotiation.enums import DataTerm, Exclusivity
from portal.kit import money


@dataclass(frozen=True)
class Terms:
    """One side's set of terms. `cost_share` is what the bank bears of the cost of joint activities
    and `gain_share` what it gets of their gain (both in percent), `discount` what the merchant
    takes off for our cards (percent of their turnover), `minimum_turnover` what the merchant
    promises (CNY a year)."""

    cost_share: Decimal
    gain_share: Decimal
    discount: Decimal
    exclusivity: str
    months: int
    posts: int
    minimum_turnover: Decimal
    data_clause: str

    def as_json(self) -> dict[str, Any]:
        """This will write the terms as plain values."""
        return {name: _plain(value) for name, value in dataclasses.asdict(self).items()}


NAMES = tuple(field.name for field in dataclasses.fields(Terms))
LABELS: dict[str, Any] = {
    "cost_share": gettext_lazy("Bank's share of the cost"),
    "gain_share": gettext_lazy("Bank's share of the gain"),
    "discount": gettext_lazy("Discount on our cards"),
    "exclusivity": gettext_lazy("Exclusivity"),
    "months": gettext_lazy("Length of the contract"),
    "posts": gettext_lazy("On-site posts"),
    "minimum_turnover": gettext_lazy("Least card turnover a year"),
    "data_clause": gettext_lazy("Data about customers"),
}


def _plain(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def read(kept: Mapping[str, Any]) -> Terms:
    """This will read terms as they were written by `as_json`."""
    values = {name: kept[name] for name in NAMES}
    for name in ("cost_share", "gain_share", "discount", "minimum_turnover"):
        values[name] = Decimal(values[name])
    return Terms(**values)


def changed(before: Terms | None, after: Terms) -> tuple[str, ...]:
    """This will name the terms in which two sets differ, in their order; without a first set,
    none."""
    if before is None:
        return ()
    return tuple(name for name in NAMES if getattr(before, name) != getattr(after, name))


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f} %"


_SAID: dict[str, Callable[[Any], str]] = {
    "cost_share": _percent,
    "gain_share": _percent,
    "discount": _percent,
    "exclusivity": lambda value: str(Exclusivity(value).label),
    "months": lambda value: _("{months} months").format(months=value),
    "posts": str,
    "minimum_turnover": money.show,
    "data_clause": lambda value: str(DataTerm(value).label),
}


def said(terms: Terms, name: str) -> str:
    """This will say one of the terms in words."""
    return _SAID[name](getattr(terms, name))


def all_said(terms: Terms) -> list[tuple[str, str]]:
    """This will say all terms in their order, each with its label."""
    return [(str(label), said(terms, name)) for name, label in LABELS.items()]
