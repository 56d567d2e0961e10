"""Conditions on what was spent with the card."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from campaigns.conditions.enums import LastDay
from campaigns.conditions.rules import base
from portal.kit import money, windows


@dataclass(frozen=True)
class SpendingInWindow(base.Condition):
    """Spending that posts in the days from issue, refunds deducted, reaches `at_least` CNY.

    `last_day` says whether the day `issue + days` still counts.
    """

    days: int
    last_day: str
    at_least: Decimal

    kind: ClassVar[str] = "spending_in_window"
    readers: ClassVar = {
        "days": base.whole_number(1, 3650),
        "last_day": base.one_of(*LastDay.values),
        "at_least": base.read_amount,
    }
    is_expensive: ClassVar[bool] = True

    @property
    def _last_day_inside(self) -> bool:
        return self.last_day == LastDay.INSIDE

    def _window(self, issued_date: dt.date) -> windows.DayWindow:
        return windows.window_from(issued_date, self.days, last_day_inside=self._last_day_inside)

    def parameters(self, mark: str) -> dict[str, Any]:
        window = self._window(dt.date.min)
        return {f"{mark}_span": (window.end - window.first).days, f"{mark}_least": self.at_least}

    def value_sql(self, mark: str) -> str:
        return f"""COALESCE((
            SELECT sum(posted.amount) FROM journeys_transaction posted
            WHERE posted.card_id = subject.card_id
              AND posted.posted_date >= subject.issued_date
              AND posted.posted_date < subject.issued_date + {base.parameter(mark, "span")}
              AND posted.posted_date <= %(on)s), 0.00)"""

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"{value} >= {base.parameter(mark, 'least')}"

    def fact_sql(self, value: str) -> str:
        # A JSON number would come back as a float; text keeps the cents.
        return f"{value}::text"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        window = self._window(subject.issued_date)
        spent = Decimal(value)
        return base.Explanation(
            have=money.show(spent),
            need=_("At least {amount}").format(amount=money.show(self.at_least)),
            gap="" if is_met else money.show(self.at_least - spent),
            deadline=window.last,
            # The day `on` has ended: what is to come can only post after it.
            is_open=not is_met and window.last > subject.on,
        )

    def short_name(self) -> str:
        return _("Spending reached")

    def sentence(self) -> str:
        text = (
            _(
                "From the day of issue to day {days} after it, that day included, spending with "
                "the card reaches {amount}; refunds are deducted."
            )
            if self._last_day_inside
            else _(
                "From the day of issue to day {days} after it, that day not included, spending "
                "with the card reaches {amount}; refunds are deducted."
            )
        )
        return text.format(days=self.days, amount=money.show(self.at_least))
