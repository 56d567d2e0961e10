"""Counts of both sides, added up over the days of entry under the present control group.

Where the share of the control group was changed, those who entered before are left out: a day with
a larger group weighs more on one side than on the other, and the difference would tell of days.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from campaigns.effect.enums import Measure
from campaigns.effect.rules import Arm
from campaigns.partners.rules import Side
from portal.kit.shares import Share

_ALL = ("people", "crossed", "active_before", "payers_before", "amount_before", "squares_before")
_RIPE = (
    "people", "converted", "active", "payers", "amount", "squares", "capped_amount",
    "capped_squares",
)  # fmt: skip
_SUMMED = ", ".join(
    [f"sum({name})" for name in _ALL]
    + [f"coalesce(sum({name}) FILTER (WHERE is_ripe), 0)" for name in _RIPE]
)
_SUMS = f"""
WITH present AS (
    SELECT DISTINCT ON (campaign_id) campaign_id, control_percent FROM campaigns_effectday
    WHERE campaign_id = ANY(%(campaigns)s) ORDER BY campaign_id, entered_date DESC
), since AS (
    SELECT present.*, (
        SELECT max(earlier.entered_date) FROM campaigns_effectday earlier
        WHERE earlier.campaign_id = present.campaign_id
          AND earlier.control_percent <> present.control_percent
    ) AS changed, (
        SELECT sum(whenever.people) FROM campaigns_effectday whenever
        WHERE whenever.campaign_id = present.campaign_id AND NOT whenever.is_held
    ) AS ever FROM present
)
SELECT day.campaign_id, day.is_held, since.control_percent, since.changed, since.ever,
       max(day.counted_at),
       {_SUMMED}
FROM since JOIN campaigns_effectday day ON day.campaign_id = since.campaign_id
    AND (since.changed IS NULL OR day.entered_date > since.changed)
GROUP BY day.campaign_id, day.is_held, since.control_percent, since.changed, since.ever
"""


@dataclass(frozen=True)
class Counted:
    """One side: all who entered with what they did before, and of the `ripe` what they did in the
    window."""

    people: int = 0
    crossed: int = 0
    active_before: int = 0
    payers_before: int = 0
    amount_before: Decimal = Decimal(0)
    squares_before: Decimal = Decimal(0)
    ripe: int = 0
    converted: int = 0
    active: int = 0
    payers: int = 0
    amount: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)
    capped_amount: Decimal = Decimal(0)
    capped_squares: Decimal = Decimal(0)

    @property
    def waiting(self) -> int:
        """How many are still within their window."""
        return self.people - self.ripe

    def arm(self, measure: Measure) -> Arm:
        """This will return what a measure compares."""
        if measure == Measure.CONVERSION:
            return Share(self.converted, self.ripe)
        if measure == Measure.ACTIVATION:
            return Share(self.active, self.ripe)
        if measure == Measure.SPENDING:
            return Side(self.ripe, self.payers, self.amount, self.squares)
        return Side(self.ripe, self.payers, self.capped_amount, self.capped_squares)

    def arm_before(self, measure: Measure) -> Arm:
        """This will return the same for the days before entry: cards in use, or spending."""
        if measure == Measure.ACTIVATION:
            return Share(self.active_before, self.people)
        return Side(self.people, self.payers_before, self.amount_before, self.squares_before)


@dataclass(frozen=True)
class Sums:
    """Both sides of a campaign under the present control group (%); `changed` is the last day of
    entry under another one, `ever` how many it was for since it began, and `counted_at` when
    something was counted last."""

    percent: int = 0
    changed: dt.date | None = None
    ever: int = 0
    counted_at: dt.datetime | None = None
    reached: Counted = field(default_factory=Counted)
    held: Counted = field(default_factory=Counted)

    @property
    def crossed(self) -> int:
        return self.reached.crossed + self.held.crossed


def sums_of(campaign_ids: Sequence[int]) -> dict[int, Sums]:
    """This will add up the counts of campaigns, each that has any."""
    found: dict[int, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"campaigns": list(campaign_ids)})
        for campaign_id, is_held, percent, changed, ever, counted_at, *counts in cursor.fetchall():
            one = found.setdefault(
                campaign_id, {"percent": percent, "changed": changed, "ever": int(ever or 0)}
            )
            one["held" if is_held else "reached"] = Counted(*counts)
            times = [when for when in (one.get("counted_at"), counted_at) if when is not None]
            one["counted_at"] = max(times, default=None)
    return {key: Sums(**values) for key, values in found.items()}
