"""Pages of figures: the daily sales report, leads, approval, and their proof."""

from journeys.kpis.views.flows import approval_figures, lead_figures
from journeys.kpis.views.proofs import figure_proof_list, figure_recount
from journeys.kpis.views.reports import sales_report, sales_report_mail, sales_report_pdf

__all__ = [
    "approval_figures", "figure_proof_list", "figure_recount", "lead_figures", "sales_report",
    "sales_report_mail", "sales_report_pdf",
]  # fmt: skip
