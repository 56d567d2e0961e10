"""What a plan gives: tiers, each with its value, its stock and what it asks beyond the rule."""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conditions.rules import base, tree
from campaigns.planning.enums import OF_POINTS, RewardKind, TierMode
from campaigns.planning.rules.benefits import Terms, read_terms
from campaigns.planning.rules.multiples import Multiple, read_multiple, worth
from campaigns.planning.rules.persons import ForEach, read_for_each
from campaigns.planning.rules.reading import Reading
from portal.kit import languages

_TIER = ("code", "kind", "name", "name_en", "value", "points", "stock", "budget", "needs",
         "times", "spending", "for_each", "benefit")  # fmt: skip
_MOST_STOCK = 100_000_000


@dataclass(frozen=True)
class Tier:
    """One step of a reward. `value` is what one costs (CNY) and what budgets are charged with;
    `points` how many are credited, for a reward of points; `stock` how many there are in all,
    None where only budgets bound them; `budget` what all of them may cost together (CNY), None
    where only the plan's bounds that; `needs` what is asked beyond the plan's rule. Where the
    points of spending are multiplied (`multiple`), `points` and `value` are the most that one
    customer is given; where there is one for each person brought (`for_each`), what one is.
    `terms` are those of a member benefit, where the tier has its own."""

    code: str
    kind: str
    name: str
    name_en: str
    value: Decimal
    points: int | None = None
    stock: int | None = None
    budget: Decimal | None = None
    needs: tree.Node | None = None
    multiple: Multiple | None = None
    for_each: ForEach | None = None
    terms: Terms | None = None

    @property
    def measured_by(self) -> base.Condition | None:
        """The condition whose value says how much is given; None where that is always the same."""
        if self.multiple is not None:
            return self.multiple.spending
        return None if self.for_each is None else self.for_each.persons

    @property
    def asks(self) -> tree.Node | None:
        """All that is asked beyond the rule: `needs`, and last that by which it is measured."""
        measure = self.measured_by
        if measure is None:
            return self.needs
        if self.needs is None:
            return tree.Leaf(0, measure)
        last = tree.Leaf(len(tree.leaves(self.needs)), measure)
        return tree.Branch(tree.ALL, (self.needs, last))

    def for_spending(self, spent: Decimal | None) -> "Tier":
        """This will return the tier as it is given to one who spent so much of what is multiplied;
        a tier that multiplies nothing is the same for all. Raises ValueError where it is not known
        how much was spent: the most of all points is no answer to that."""
        if self.multiple is None:
            return self
        if spent is None:
            raise ValueError(f"Nobody said what was spent of what {self.code} multiplies.")
        return self.for_points(min(self.multiple.points_for(spent), self.points or 0))

    def worth_by(self, fact: Any) -> Decimal:
        """This will return what the tier is worth (CNY) to one of whom the fact by which it is
        measured is this, as a decision holds it."""
        if self.for_each is not None:
            return self.value * min(len(fact), self.for_each.most)
        return self.for_spending(Decimal(fact)).value

    def for_points(self, points: int) -> "Tier":
        """This will return the tier with so many of its points, and what these are worth."""
        value = worth(points, most=self.points or 1, value=self.value)
        return dataclasses.replace(self, points=points, value=value)

    @property
    def stock_worth(self) -> Decimal | None:
        """What all of its stock is worth at most (CNY); None where there is no stock."""
        return None if self.stock is None else self.value * self.stock

    @property
    def at_most(self) -> Decimal | None:
        """What all of them may cost together (CNY), by stock and own budget; None where neither
        bounds it."""
        bounds = [one for one in (self.stock_worth, self.budget) if one is not None]
        return min(bounds, default=None)

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name

    def as_data(self) -> dict[str, Any]:
        """This will write the tier as plain JSON values."""
        return {
            "code": self.code,
            "kind": self.kind,
            "name": self.name,
            "name_en": self.name_en,
            "value": str(self.value),
            "points": self.points,
            "stock": self.stock,
            "needs": self.needs and tree.as_data(self.needs),
            # Written only where it is: what older versions hold stays equal to what they say.
            **({"budget": str(self.budget)} if self.budget is not None else {}),
            **(self.multiple.as_data() if self.multiple else {}),
            **(self.for_each.as_data() if self.for_each else {}),
            **(self.terms.as_data() if self.terms else {}),
        }


@dataclass(frozen=True)
class Rewards:
    """The tiers from the lowest to the highest. `mode` says whether the highest tier reached
    counts alone, or each tier reached adds."""

    mode: str
    tiers: tuple[Tier, ...]

    def tier(self, code: str) -> Tier | None:
        """This will find a tier by its code."""
        return next((tier for tier in self.tiers if tier.code == code), None)

    def as_data(self) -> dict[str, Any]:
        """This will write the rewards as plain JSON values."""
        return {"mode": self.mode, "tiers": [tier.as_data() for tier in self.tiers]}


def read_rewards(reading: Reading) -> Rewards:
    """This will read the part `rewards` of a plan; what is wrong is noted in `reading`."""
    reading.only("mode", "tiers")
    mode = reading.one_of("mode", TierMode.values, is_needed=False) or TierMode.HIGHEST
    tiers = tuple(_tier(part) for part in reading.parts("tiers"))
    codes = [tier.code for tier in tiers if tier.code]
    for code in {code for code in codes if codes.count(code) > 1}:
        reading.wrong("tiers", _("two have the code {code}; give each its own").format(code=code))
    if any(tier.for_each for tier in tiers):
        if sum(tier.for_each is not None for tier in tiers) > 1:
            reading.wrong("tiers", _("only one can be given for each person brought"))
        if mode != TierMode.EACH:
            reading.wrong("mode", _("must be each where a tier is given for each person brought"))
    return Rewards(str(mode), tiers)


def _tier(part: Reading) -> Tier:
    part.only(*_TIER)
    kind = part.one_of("kind", RewardKind.values)
    is_multiple = kind == RewardKind.MULTIPLE
    for name in ("times", "spending"):
        if not is_multiple and part.has(name):
            part.wrong(name, _("has a meaning only where points are multiplied"))
    if kind != RewardKind.BENEFIT and part.has("benefit"):
        part.wrong("benefit", _("has a meaning only for a member benefit"))
    return Tier(
        code=part.slug("code"),
        kind=kind,
        name=part.words("name", 60),
        name_en=part.words("name_en", 60),
        value=part.amount("value") or Decimal(0),
        points=part.whole("points", 1, 10_000_000, is_needed=kind in OF_POINTS),
        stock=part.whole("stock", 1, _MOST_STOCK, is_needed=False),
        budget=part.amount("budget", is_needed=False),
        needs=part.rule("needs", is_needed=False),
        multiple=read_multiple(part) if is_multiple else None,
        for_each=_for_each(part, is_multiple),
        terms=read_terms(part) if kind == RewardKind.BENEFIT else None,
    )


def _for_each(part: Reading, is_multiple: bool) -> ForEach | None:
    if is_multiple and part.has("for_each"):
        part.wrong("for_each", _("has no meaning where points are multiplied"))
    return read_for_each(part)
