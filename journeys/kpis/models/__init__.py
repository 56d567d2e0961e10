"""Figures of days, what is to be counted anew, their proof, and who gets the report."""

from journeys.kpis.models.figures import CutoffRule, FigureDay, FigureEntry, FigureMark
from journeys.kpis.models.mails import ReportMail, ReportWish
from journeys.kpis.models.proofs import FigureGap, FigureProof

__all__ = [
    "CutoffRule", "FigureDay", "FigureEntry", "FigureGap", "FigureMark", "FigureProof",
    "ReportMail", "ReportWish",
]  # fmt: skip
