"""What files of figures hold: one row or more of each."""

import datetime as dt

from portal.kit import clock
from portal.models import Branch
from tests.factories.merchants import MerchantFactory
from tests.project.making import DAY
from tests.project.rows import row_of


def figures_of(branch: Branch) -> None:
    """A branch with a day of spending, a month that was counted and the rule of eras, a plan of
    promotion money, and a budget that was charged."""
    on = clock.today()
    row_of("campaigns.EraRule", effective_date=DAY)
    row_of("journeys.MerchantDay", merchant=MerchantFactory(branch=branch), day=on)
    month = (on.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    row_of("campaigns.EraMonth", branch=branch, month=month)
    row_of("merchants.FundLine", plan=row_of("merchants.FundPlan", branch=branch))
    book = row_of("campaigns.BudgetBook")
    row_of("campaigns.BudgetLimit", book=book, kind="campaign", key="")
    row_of("campaigns.BudgetLimit", book=book, kind="day", key=f"{on}", planned=None, most=None)
