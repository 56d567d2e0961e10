"""What a reward of points multiplies: the spending of a span of days that is over."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Refunds
from campaigns.conditions.rules import base, purchases, spans, spending
from portal.kit import money


@dataclass(frozen=True, kw_only=True)
class MultipliedSpending(spending.SpendingInWindow):
    """The spending of the window, each refund deducted from its purchase whenever it posts, comes
    to `at_least` CNY; and the window is over, so that the sum is multiplied once and as a whole.

    It is a part of a reward and stands in no menu of conditions.
    """

    refunds: str = Refunds.OF_PURCHASES.value

    kind: ClassVar[str] = "multiplied_spending"
    title: ClassVar[Any] = gettext_lazy("Spending whose points are multiplied")
    fields: ClassVar = spans.FIELDS | {
        "at_least": spending.SpendingInWindow.fields["at_least"], **purchases.FIELDS,
    }  # fmt: skip

    def verdict_sql(self, mark: str, value: str) -> str:
        is_over = f"({self.deadline_sql(mark)}) <= %(on)s"
        return f"COALESCE({super().verdict_sql(mark, value)} AND {is_over}, FALSE)"

    def turns_sql(self, mark: str, value: str) -> str:
        last = self.deadline_sql(mark)
        return f"CASE WHEN ({last}) > %(on)s THEN {last} END"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        found = super().explain(value, is_met, subject)
        if is_met or found.missing is not None:
            return found
        return base.Explanation(
            found.have, found.need, _("Given once these days are over"), found.deadline, True
        )

    def short_name(self) -> str:
        return _("Spending multiplied")

    def sentence(self) -> str:
        return _(
            "{window}, spending with the card{what} comes to {amount} or more, reckoned once these "
            "days are over; a refund is deducted from its purchase, whenever it posts."
        ).format(window=self.when_text(), what=self.what_text(), amount=money.show(self.at_least))
