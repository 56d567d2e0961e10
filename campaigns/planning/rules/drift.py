"""How far what a version reaches may move away from what was approved."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.kit import money

AUDIENCE, WORTH, COST, TEXTS, FIGURES = "audience", "worth", "cost", "texts", "figures"
WITHDRAWN, CONTENT = "withdrawn", "content"


@dataclass(frozen=True)
class Measured:
    """What a run reaches: how many qualify; what the tiers they reach are worth (CNY) where neither
    stock, budget nor control group bound it; and what would be given in fact, None where a run
    does not know it before it gives."""

    audience: int
    worth: Decimal
    cost: Decimal | None = None

    def as_data(self) -> dict[str, Any]:
        """This will write the measures as plain JSON values."""
        cost = None if self.cost is None else str(self.cost)
        return {AUDIENCE: self.audience, WORTH: str(self.worth), COST: cost}


def read_measured(data: Mapping[str, Any]) -> Measured:
    """This will read what `as_data` wrote."""
    cost = data.get(COST)
    return Measured(data[AUDIENCE], Decimal(data[WORTH]), None if cost is None else Decimal(cost))


@dataclass(frozen=True)
class Bounds:
    """In percent of what was approved; differences up to the slack (customers, CNY) never count."""

    audience_percent: int
    audience_slack: int
    cost_percent: int
    cost_slack: Decimal

    def as_data(self) -> dict[str, Any]:
        """This will write the bounds as plain JSON values."""
        return dataclasses.asdict(self) | {"cost_slack": str(self.cost_slack)}

    @property
    def sentence(self) -> str:
        """How far something may move, in the active language."""
        return _(
            "It may move from this by {audience} % or {people} customers, and its cost by {cost} % "
            "or {amount}, whichever is more; beyond that the approval is void."
        ).format(
            audience=self.audience_percent, people=f"{self.audience_slack:,}",
            cost=self.cost_percent, amount=money.show(self.cost_slack),
        )  # fmt: skip


# Where no bounds are in force, nothing may move.
NONE = Bounds(0, 0, 0, Decimal(0))


def read_bounds(data: Mapping[str, Any]) -> Bounds:
    """This will read what `as_data` wrote."""
    return Bounds(**dict(data) | {"cost_slack": Decimal(data["cost_slack"])})


def narrower(one: Bounds, other: Bounds) -> Bounds:
    """This will return the bounds within which both hold."""
    pairs = zip(dataclasses.astuple(one), dataclasses.astuple(other), strict=True)
    return Bounds(*(min(pair) for pair in pairs))


@dataclass(frozen=True)
class Drift:
    """What moved too far: the measure, what was approved, what is found, and the bound in percent;
    or that the version or its texts were changed, that the text `approved` names was withdrawn, or
    that nothing was measured when it was approved."""

    measure: str
    approved: str = ""
    found: str = ""
    percent: int = 0

    def as_data(self) -> dict[str, Any]:
        """This will write the drift as plain JSON values."""
        return {
            "measure": self.measure, "approved": self.approved, "found": self.found,
            "percent": self.percent,
        }  # fmt: skip

    @property
    def sentence(self) -> str:
        """What moved too far, in the active language."""
        if self.measure == TEXTS:
            return _("The message texts were changed since.")
        if self.measure == CONTENT:
            return _("What the version says is not what was approved: somebody wrote in it.")
        if self.measure == WITHDRAWN:
            return _("The message text {text} was withdrawn.").format(text=self.approved)
        if self.measure == FIGURES:
            return _("It was approved without the figures of a dry run.")
        texts = {
            AUDIENCE: _(
                "Customers who qualify: {found} now, {approved} as submitted; the two may lie "
                "{percent} % apart."
            ),
            WORTH: _(
                "Rewards reached, before stock and budget: {found} now, {approved} as submitted; "
                "the two may lie {percent} % apart."
            ),
            COST: _(
                "Rewards given: {found} now, {approved} as submitted; the two may lie {percent} % "
                "apart."
            ),
        }
        return texts[self.measure].format(
            found=self._shown(self.found),
            approved=self._shown(self.approved),
            percent=self.percent,
        )

    def _shown(self, figure: str) -> str:
        return f"{int(figure):,}" if self.measure == AUDIENCE else money.show(Decimal(figure))


def read_drift(data: Mapping[str, Any]) -> Drift:
    """This will read what `as_data` wrote."""
    return Drift(**data)


def drifts(
    approved: Measured, found: Measured, bounds: Bounds, *, is_whole: bool = True
) -> list[Drift]:
    """This will list what moved beyond its bound. Where what was found is not whole, because parts
    of a run failed, being too little is no drift."""
    measures = _pairs(approved, found, bounds)
    return [
        Drift(name, str(before), str(now), percent)
        for name, before, now, percent, slack in measures
        if _is_beyond(before, now, percent, slack) and (is_whole or now > before)
    ]


def _pairs(
    approved: Measured, found: Measured, bounds: Bounds
) -> Iterator[tuple[str, Decimal, Decimal, int, Decimal]]:
    people = Decimal(approved.audience), Decimal(found.audience)
    yield AUDIENCE, *people, bounds.audience_percent, Decimal(bounds.audience_slack)
    yield WORTH, approved.worth, found.worth, bounds.cost_percent, bounds.cost_slack
    if approved.cost is not None and found.cost is not None:
        yield COST, approved.cost, found.cost, bounds.cost_percent, bounds.cost_slack


def _is_beyond(before: Decimal, now: Decimal, percent: int, slack: Decimal) -> bool:
    apart = abs(now - before)
    return apart > slack and apart * 100 > percent * before


def sentences(found: list[Drift]) -> str:
    """This will write drifts one after the other, in the active language."""
    return " ".join(one.sentence for one in found)
