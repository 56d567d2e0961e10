"""Conditions on what was spent with the card in a window of days."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group, Refunds
from campaigns.conditions.rules import base, purchases, spans
from portal.kit import money

_AMOUNT = base.Field(
    gettext_lazy("At least (CNY)"), base.read_amount, Entry.AMOUNT, initial=Decimal("500.00")
)
_REFUNDS = base.Field(
    gettext_lazy("Refunds are deducted"), base.one_of(*Refunds.values), Entry.ONE,
    default=Refunds.WHEN_POSTED.value, initial=Refunds.OF_PURCHASES.value, choices=Refunds.choices,
)  # fmt: skip


def _least(label: Any, initial: int) -> base.Field:
    return base.Field(label, base.whole_number(1, 100_000), Entry.WHOLE, initial=initial)


@dataclass(frozen=True, kw_only=True)
class _InWindow(purchases.Purchases, spans.Windowed):
    """What all three measures have in common; their value is never null."""

    group: ClassVar[Group] = Group.SPENDING
    is_expensive: ClassVar[bool] = True
    by_spending: ClassVar[int | None] = 1

    at_least: Any

    def parameters(self, mark: str) -> dict[str, Any]:
        return super().parameters(mark) | self.filter_parameters(mark)

    def _within(self, mark: str) -> str:
        return self.within_sql(mark, "{day}")

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"{value} >= {base.parameter(mark, 'at_least')}"

    def gap_sql(self, mark: str, value: str) -> str:
        least = base.parameter(mark, "at_least")
        return f"(CASE WHEN {value} < {least} THEN {least} - {value} END)::numeric"


@dataclass(frozen=True, kw_only=True)
class SpendingInWindow(_InWindow):
    """Spending that posts in the window, refunds deducted, reaches `at_least` CNY."""

    at_least: Decimal
    refunds: str = Refunds.WHEN_POSTED.value

    kind: ClassVar[str] = "spending_in_window"
    title: ClassVar[Any] = gettext_lazy("Sum spent in a span of days")
    fields: ClassVar = spans.FIELDS | {
        "at_least": _AMOUNT, "refunds": _REFUNDS, **purchases.FIELDS,
    }  # fmt: skip

    @property
    def _of_purchases(self) -> bool:
        return self.refunds == Refunds.OF_PURCHASES

    def value_sql(self, mark: str) -> str:
        rows = self.net_sql if self._of_purchases else self.posted_sql
        counted = rows(mark, self._within(mark))
        return f"COALESCE((SELECT sum(counted.n) FROM ({counted}) AS counted), 0.00)"

    def fact_sql(self, value: str) -> str:
        # A JSON number would come back as a float; text keeps the cents.
        return f"{value}::text"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        spent = Decimal(value)
        words = (
            money.show(spent),
            _("At least {amount}").format(amount=money.show(self.at_least)),
            money.show(self.at_least - spent),
        )
        return self.reached(spent, self.at_least, words, subject)

    def short_name(self) -> str:
        return _("Spending reached")

    def sentence(self) -> str:
        text = (
            _(
                "{window}, spending with the card{what} reaches {amount}; a refund is deducted "
                "from its purchase, whenever it posts."
            )
            if self._of_purchases
            else _(
                "{window}, spending with the card{what} reaches {amount}; refunds that post on "
                "these days are deducted."
            )
        )
        return text.format(
            window=self.when_text(), what=self.what_text(), amount=money.show(self.at_least)
        )


@dataclass(frozen=True, kw_only=True)
class PurchasesInWindow(_InWindow):
    """The number of purchases of the window that are not refunded wholly reaches `at_least`."""

    at_least: int

    kind: ClassVar[str] = "purchases_in_window"
    title: ClassVar[Any] = gettext_lazy("Number of purchases in a span of days")
    fields: ClassVar = spans.FIELDS | {
        "at_least": _least(gettext_lazy("At least (purchases)"), 5), **purchases.FIELDS,
    }  # fmt: skip

    def value_sql(self, mark: str) -> str:
        counted = self.number_sql(mark, self._within(mark))
        return f"COALESCE((SELECT sum(counted.n) FROM ({counted}) AS counted), 0)::int"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        words = (
            _("Purchases: {count}").format(count=value),
            _("At least {count} purchases").format(count=self.at_least),
            _("Purchases still missing: {count}").format(count=self.at_least - value),
        )
        return self.reached(value, self.at_least, words, subject)

    def short_name(self) -> str:
        return _("Purchases reached")

    def sentence(self) -> str:
        return _(
            "{window}, the number of purchases with the card{what} reaches {count}; a purchase "
            "that is refunded wholly does not count."
        ).format(window=self.when_text(), what=self.what_text(), count=self.at_least)


@dataclass(frozen=True, kw_only=True)
class SpendingDaysInWindow(_InWindow):
    """The number of days of the window with a purchase that is not refunded wholly reaches
    `at_least`."""

    at_least: int

    kind: ClassVar[str] = "spending_days_in_window"
    title: ClassVar[Any] = gettext_lazy("Days with purchases in a span of days")
    fields: ClassVar = spans.FIELDS | {
        "at_least": _least(gettext_lazy("At least (days)"), 3), **purchases.FIELDS,
    }  # fmt: skip

    def value_sql(self, mark: str) -> str:
        counted = self.number_sql(mark, self._within(mark))
        return f"""(SELECT count(*)::int FROM (
            SELECT FROM ({counted}) AS counted GROUP BY counted.day HAVING sum(counted.n) > 0
        ) AS each_day)"""

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        words = (
            _("Days with purchases: {count}").format(count=value),
            _("At least {count} days").format(count=self.at_least),
            _("Days with purchases still missing: {count}").format(count=self.at_least - value),
        )
        return self.reached(value, self.at_least, words, subject)

    def short_name(self) -> str:
        return _("Days of use reached")

    def sentence(self) -> str:
        return _(
            "{window}, the number of different days with purchases with the card{what} reaches "
            "{count}; a purchase that is refunded wholly does not count."
        ).format(window=self.when_text(), what=self.what_text(), count=self.at_least)
