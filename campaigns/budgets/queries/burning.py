"""What is left of the budgets of campaigns, day by day.

What is read for all campaigns: the own accounts of those that are not stopped, which are few; of
each the limit of the campaign and the sums of its days, by `limit_once`. No entry and no customer's
limit is. What one campaign granted by branch and tier is summed up from its entries of some weeks.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from campaigns.budgets import rules
from campaigns.budgets.enums import LimitKind
from campaigns.budgets.models import BudgetBook, BudgetLimit


@dataclass(frozen=True)
class Burning:
    """A campaign's budget (CNY), and what was left of it at the end of each day."""

    campaign: Any  # of planning
    planned: Decimal
    left: list[tuple[dt.date, Decimal]]

    @property
    def shares(self) -> list[float]:
        """The same in percent of the budget."""
        return [float(100 * left / self.planned) for _day, left in self.left]


def granted_by_day(
    book: BudgetBook, *, first: dt.date, end: dt.date
) -> list[tuple[dt.date, int, str, Decimal]]:
    """This will return what was charged for the grants of each day from `first` to before `end`
    (CNY), given back deducted, by branch id and code of tier."""
    rows = book.entries.filter(day__gte=first, day__lt=end).order_by()
    sums = rows.values_list("day", "branch", "tier").annotate(amount_sum=Sum("amount"))
    return list(sums)


def left_by_day(*, first: dt.date, end: dt.date, most: int) -> list[Burning]:
    """This will tell of campaigns that are not stopped and have a budget what was left of it at
    the end of each day from `first` to before `end`: of those that were charged in these days, at
    most so many, the most used up first."""
    books = BudgetBook.objects.filter(run=None, campaign__stopped_at=None)
    known = {book.pk: book for book in books.select_related("campaign").order_by("id")}
    rows = BudgetLimit.objects.filter(book__in=list(known))
    whole = {
        row.book_id: row for row in rows.filter(kind=LimitKind.CAMPAIGN, key="", planned__gt=0)
    }
    days = rows.filter(kind=LimitKind.DAY, key__lt=end.isoformat())
    used: dict[int, dict[dt.date, Decimal]] = {pk: {} for pk in whole}
    for book_id, key, amount in days.order_by("book", "key").values_list("book", "key", "used"):
        if book_id in used:
            used[book_id][dt.date.fromisoformat(key)] = amount
    touched = [pk for pk, by_day in used.items() if any(first <= day for day in by_day)]
    fullest = sorted(touched, key=lambda pk: -whole[pk].used / (whole[pk].planned or 1))
    last = end - dt.timedelta(days=1)
    found = []
    for pk in fullest[:most]:
        planned = whole[pk].planned or Decimal(0)
        left = rules.burn_down(planned, used[pk], first, last)
        found.append(Burning(known[pk].campaign, planned, left))
    return found
