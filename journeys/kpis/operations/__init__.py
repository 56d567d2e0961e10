"""Counting days, proving the figures, and sending the report."""

from journeys.kpis.operations.counting import count_days
from journeys.kpis.operations.mailing import ask_for_mail, mail_reports
from journeys.kpis.operations.papers import take_out
from journeys.kpis.operations.proving import prove_figures, prove_if_due
from journeys.kpis.operations.recounting import NothingDiffers, recount_days

__all__ = [
    "NothingDiffers", "ask_for_mail", "count_days", "mail_reports", "prove_figures",
    "prove_if_due", "recount_days", "take_out",
]  # fmt: skip
