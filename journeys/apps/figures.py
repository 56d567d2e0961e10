"""Start-up: daily figures, their proof and their file."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """This will hand the house the daily sales report, its home panel, file and gauge."""
    from journeys.kpis import panels
    from journeys.kpis.exports import SALES_REPORT
    from portal.kit.registry import CountGauge, MenuEntry, Panel, registry
    from portal.staff.enums import Permission as P

    registry.add_menu(
        MenuEntry(_("Daily sales report"), "sales_report", P.VIEW_FIGURES, "clipboard-data", 31),
        MenuEntry(_("Leads collected"), "lead_figures", P.VIEW_FIGURES, "funnel", 32),
        MenuEntry(_("Approval time"), "approval_figures", P.VIEW_FIGURES, "hourglass-split", 33),
        MenuEntry(_("Proof of figures"), "figure_proof_list", P.KEEP_FIGURES, "check2-all", 34),
    )
    registry.add_panels(
        Panel(
            "sales_figures", "journeys/kpis/_panel.html", panels.sales_figures, P.VIEW_FIGURES, 6,
            wide=True, is_figures=True,
        )
    )  # fmt: skip
    registry.add_exportables(SALES_REPORT)
    registry.add_gauges(
        CountGauge(
            name="portal_figures_proof",
            help="The newest proof of daily figures, by its verdict.",
            model="journeys.FigureProof",
            by="verdict",
            where={"is_newest": True},
        )
    )
