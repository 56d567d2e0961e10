"""What terms are worth in CNY a year, and what each side gave up.

What a set of terms costs the bank in a year, reckoned against what it brings to the bank and its
customers:

    net = cost_share x cost of joint activities + posts x cost of one post
          - gain_share x gain of joint activities - discount x card turnover

A concession is by how much that net moves against who makes the offer: for the bank its rise from
one own offer to the next, for the merchant its fall. All of a side's concessions add up to the way
from its first offer to its latest. Exclusivity, term, least turnover and data have no price here;
that they changed is shown, not reckoned. Where a figure is not known, only what does not need it is
reckoned, and the whole is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from merchants.negotiation.enums import FigureCode, Side
from merchants.negotiation.rules.terms import Terms
from portal.kit import money

_HUNDRED = Decimal(100)
Basis = Mapping[str, Decimal | None]

# Each line: the term, the figure it is multiplied by, and what one point of it costs the bank.
_LINES: dict[str, tuple[str, Decimal]] = {
    "cost_share": (FigureCode.JOINT_COST, 1 / _HUNDRED),
    "posts": (FigureCode.POST_COST, Decimal(1)),
    "gain_share": (FigureCode.JOINT_GAIN, -1 / _HUNDRED),
    "discount": (FigureCode.TURNOVER, -1 / _HUNDRED),
}
_PAID = ("cost_share", "posts")


@dataclass(frozen=True)
class Sum:
    """An amount (CNY a year) by the terms that make it; None where a figure is missing, of which
    `missing` names each."""

    lines: Mapping[str, Decimal | None]
    missing: tuple[str, ...]

    @property
    def total(self) -> Decimal | None:
        """The whole; None where a part of it is not known."""
        if self.missing:
            return None
        return sum((value for value in self.lines.values() if value is not None), Decimal(0))

    @property
    def said(self) -> str:
        """The whole in words."""
        return _("not known") if self.total is None else money.show(self.total)

    @property
    def lacks(self) -> str:
        """The figures that are missing, in words."""
        return _(", ").join(str(FigureCode(code).label) for code in self.missing)


def _summed(points: Mapping[str, Decimal], basis: Basis) -> Sum:
    lines: dict[str, Decimal | None] = {}
    missing: list[str] = []
    for name, count in points.items():
        code, price = _LINES[name]
        figure = basis.get(code)
        if count == 0:
            lines[name] = Decimal(0)
        elif figure is None:
            lines[name] = None
            missing.append(code)
        else:
            lines[name] = money.cents(count * price * figure)
    return Sum(lines, tuple(missing))


def larger(declared: Sum, recorded: Sum) -> Sum:
    """This will take of each line the larger amount of two: what people declared, and what the
    bank's records say as far as they say anything."""
    lines = {
        name: max((one for one in (value, recorded.lines[name]) if one is not None), default=None)
        for name, value in declared.lines.items()
    }
    return Sum(lines, declared.missing)


def paid(terms: Terms, basis: Basis) -> Sum:
    """This will reckon what the bank pays in a year: its share of the cost, and the posts."""
    return _summed({name: Decimal(getattr(terms, name)) for name in _PAID}, basis)


def conceded(before: Terms, after: Terms, side: str, basis: Basis) -> Sum:
    """This will reckon what a side gave up from one set of terms to another; below zero it took
    back."""
    way = 1 if side == Side.BANK else -1
    points = {
        name: way * (Decimal(getattr(after, name)) - Decimal(getattr(before, name)))
        for name in _LINES
    }
    return _summed(points, basis)
