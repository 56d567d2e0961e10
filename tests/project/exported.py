"""Rows of a branch for the files that can be taken out."""

import datetime as dt

from portal.kit import clock
from portal.models import Branch
from tests.factories.journeys import CardFactory
from tests.project import window_rows
from tests.project.making import DAY, row_of


def lists_of(branch: Branch, words: str) -> None:
    """A row on each of some lists and tables of figures; `words` stand where people wrote."""
    row_of("merchants.FundLine", plan=row_of("merchants.FundPlan", branch=branch))
    window_rows.refused(branch, words)
    row_of("campaigns.EraRule", effective_date=DAY)
    day = clock.today() - dt.timedelta(days=1)
    row_of("journeys.SleepDay", branch=branch, day=day)
    row_of("journeys.CohortMonth", branch=branch, month=day.replace(day=1))
    card = CardFactory(customer__branch=branch)
    row_of("journeys.CardRest", card=card, since=day - dt.timedelta(days=539))
