"""Addresses of figures."""

from django.urls import path

from journeys.kpis import views

urlpatterns = [
    path("figures/sales/", views.sales_report, name="sales_report"),
    path("figures/sales/report.pdf", views.sales_report_pdf, name="sales_report_pdf"),
    path("figures/sales/mail/", views.sales_report_mail, name="sales_report_mail"),
    path("figures/leads/", views.lead_figures, name="lead_figures"),
    path("figures/approval/", views.approval_figures, name="approval_figures"),
    path("figures/proof/", views.figure_proof_list, name="figure_proof_list"),
    path("figures/proof/recount/", views.figure_recount, name="figure_recount"),
]
