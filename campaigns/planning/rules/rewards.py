"""What a plan gives: tiers, each with its value, its stock and what it asks beyond the rule."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.conditions.rules import tree
from campaigns.planning.enums import RewardKind, TierMode
from campaigns.planning.rules.reading import Reading

_TIER = ("code", "kind", "name", "name_en", "value", "points", "stock", "needs")
_MOST_STOCK = 100_000_000


@dataclass(frozen=True)
class Tier:
    """One step of a reward. `value` is what one costs (CNY) and what budgets are charged with;
    `points` how many are credited, for a reward of points; `stock` how many there are in all,
    None where only the budget bounds them; `needs` what is asked beyond the plan's rule."""

    code: str
    kind: str
    name: str
    name_en: str
    value: Decimal
    points: int | None = None
    stock: int | None = None
    needs: tree.Node | None = None

    @property
    def label(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

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
    return Rewards(str(mode), tiers)


def _tier(part: Reading) -> Tier:
    part.only(*_TIER)
    kind = part.one_of("kind", RewardKind.values)
    return Tier(
        code=part.slug("code"),
        kind=kind,
        name=part.words("name", 60),
        name_en=part.words("name_en", 60),
        value=part.amount("value") or Decimal(0),
        points=part.whole("points", 1, 10_000_000, is_needed=kind == RewardKind.POINTS),
        stock=part.whole("stock", 1, _MOST_STOCK, is_needed=False),
        needs=part.rule("needs", is_needed=False),
    )
