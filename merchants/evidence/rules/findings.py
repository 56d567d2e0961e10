"""What was found of a merchant, as plain values with the reasons for it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Finding:
    """A merchant's evidence of turnover as of a Monday.

    Levels are CNY in an ordinary week: `level` of now, `usual` before the change. `since` is the
    Monday on which the change began, between `since_from` and `since_to`; `change`, `low`, `high`
    are shares (-0.2 is a fall by 20 %); `yearly` is what the change makes in a year (CNY, below
    zero is a loss); `by_chance` how often a
    merchant without any change would show as much, in a year. All of these are None where nothing
    changed. `reasons` are codes with their numbers."""

    merchant_id: int
    on: dt.date
    state: str
    level: Decimal
    trend: float
    weeks: int
    since: dt.date | None = None
    since_from: dt.date | None = None
    since_to: dt.date | None = None
    usual: Decimal | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    yearly: Decimal | None = None
    score: float | None = None
    by_chance: float | None = None
    reasons: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Suggestion:
    """A phase that a merchant's turnover speaks for, with the evidence. `manager_id` is None where
    nobody manages the merchant."""

    number: str
    manager_id: int | None
    branch_id: int
    phase: str
    finding: Finding


def within_budget(suggestions: Sequence[Suggestion], budget: int) -> list[Suggestion]:
    """This will keep `budget` suggestions for each manager, those that matter most a year first;
    the merchants that nobody manages count as one manager's for each branch."""
    heard: dict[tuple[int | None, int], int] = {}
    kept = []
    for one in sorted(suggestions, key=_weight):
        whose = (one.manager_id, 0 if one.manager_id else one.branch_id)
        heard[whose] = heard.get(whose, 0) + 1
        if heard[whose] <= budget:
            kept.append(one)
    return kept


def _weight(one: Suggestion) -> tuple[Decimal, int]:
    return -abs(one.finding.yearly or Decimal(0)), one.finding.merchant_id
