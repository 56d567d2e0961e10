"""Conditions on points: what stands in the ledger by the end of the day."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group
from campaigns.conditions.rules import base, ranges, spans


@dataclass(frozen=True, kw_only=True)
class PointsBalance(ranges.Ranged):
    """The sum of the ledger's entries dated by `on`."""

    kind: ClassVar[str] = "points_balance"
    title: ClassVar[Any] = gettext_lazy("Points balance")
    group: ClassVar[Group] = Group.POINTS
    fields: ClassVar = ranges.bounds(0, 1_000_000_000, initial=1000)
    is_expensive: ClassVar[bool] = True

    def value_sql(self, mark: str) -> str:
        return """COALESCE((SELECT sum(entry.points) FROM journeys_pointsentry entry
            WHERE entry.customer_id = subject.customer_id
              AND entry.on_date <= %(on)s), 0)::bigint"""

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        found = self.explained(
            value,
            _("Points: {number}").format(number=f"{value:,}"),
            below=_("Points still missing: {number}"),
            above=_("Points too many: {number}"),
        )
        return base.on_any_day(found, subject)

    def short_name(self) -> str:
        return _("Points balance")

    def sentence(self) -> str:
        return _("The balance of points is {range}.").format(range=self.range_text())


@dataclass(frozen=True, kw_only=True)
class PointsRedeemed(spans.Windowed):
    """The points redeemed on the days of the window reach `at_least`."""

    at_least: int

    kind: ClassVar[str] = "points_redeemed"
    title: ClassVar[Any] = gettext_lazy("Points redeemed in a span of days")
    group: ClassVar[Group] = Group.POINTS
    fields: ClassVar = spans.FIELDS | {
        "at_least": base.Field(
            gettext_lazy("At least (points)"), base.whole_number(1, 1_000_000_000), Entry.WHOLE,
            initial=1000,
        ),
    }  # fmt: skip
    is_expensive: ClassVar[bool] = True

    def value_sql(self, mark: str) -> str:
        return f"""COALESCE((SELECT -sum(entry.points) FROM journeys_pointsentry entry
            WHERE entry.customer_id = subject.customer_id AND entry.kind = 'redeemed'
              AND {self.within_sql(mark, "entry.on_date")}), 0)::bigint"""

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"{value} >= {base.parameter(mark, 'at_least')}"

    def gap_sql(self, mark: str, value: str) -> str:
        least = base.parameter(mark, "at_least")
        return f"(CASE WHEN {value} < {least} THEN {least} - {value} END)::numeric"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        words = (
            _("Points redeemed: {number}").format(number=f"{value:,}"),
            _("At least {number} points").format(number=f"{self.at_least:,}"),
            _("Points still missing: {number}").format(number=f"{self.at_least - value:,}"),
        )
        return self.reached(value, self.at_least, words, subject)

    def short_name(self) -> str:
        return _("Points redeemed")

    def sentence(self) -> str:
        return _("{window}, the points redeemed come to at least {number}.").format(
            window=self.when_text(), number=f"{self.at_least:,}"
        )
