"""The doors of daily figures: a part of the table in doors.py."""

from portal.staff.enums import Permission as P
from tests.project.door import Door, action, page

DOORS: dict[str, Door] = {
    "sales_report": page(P.VIEW_FIGURES),
    "sales_report_pdf": page(P.VIEW_FIGURES),
    "sales_report_mail": action(P.VIEW_FIGURES),
    "lead_figures": page(P.VIEW_FIGURES),
    "approval_figures": page(P.VIEW_FIGURES),
    "figure_proof_list": page(P.KEEP_FIGURES),
    "figure_recount": action(P.KEEP_FIGURES),
}
