"""Rows of a branch for the files that can be taken out."""

import datetime as dt

from portal.kit import clock
from portal.models import Branch
from tests.factories.journeys import CardFactory
from tests.project import figures_rows, touch_rows, window_rows
from tests.project.making import row_of

# All that can be taken out.
FILES = {
    "activity_cohorts", "activity_days", "branch_months", "budget_days", "budget_ledger",
    "campaign_effects", "comparison", "complaints", "customers", "eras", "fund_plans",
    "liabilities", "merchant_figures", "merchant_weeks", "negotiation_terms", "open_applications",
    "pay_months", "people_inside", "post_results", "post_shifts", "refusals", "sales_report",
    "sleeping_cards", "spending_days", "stage_funnel", "target_pace", "warnings",
}  # fmt: skip


def lists_of(branch: Branch, words: str) -> None:
    """A row on each of some lists and tables of figures; `words` stand where people wrote."""
    window_rows.refused(branch, words)
    touch_rows.someone_inside(branch)
    figures_rows.figures_of(branch)
    day = clock.today() - dt.timedelta(days=1)
    row_of("campaigns.EffectLook")
    row_of("journeys.SleepDay", branch=branch, day=day)
    row_of("journeys.CohortMonth", branch=branch, month=day.replace(day=1))
    card = CardFactory(customer__branch=branch)
    row_of("journeys.CardRest", card=card, since=day - dt.timedelta(days=539))
