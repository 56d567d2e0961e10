"""Addresses of campaigns, runs and decisions."""

from django.urls import path

from campaigns.budgets import views as budgets
from campaigns.eligibility import views as eligibility
from campaigns.planning import views as planning
from campaigns.submission import views as submission
from campaigns.wording import views as wording

urlpatterns = [
    path("", planning.campaign_list, name="campaign_list"),
    path("versions/<int:version_id>/", planning.campaign_version, name="campaign_version"),
    path(
        "versions/<int:version_id>/disclosure/",
        planning.campaign_disclosure,
        name="campaign_disclosure",
    ),
    path("versions/<int:version_id>/submit/", submission.submit, name="campaign_submit"),
    path("versions/<int:version_id>/dry-run/", submission.dry_run, name="campaign_version_dry_run"),
    path("runs/<int:run_id>/", eligibility.run_page, name="run_page"),
    path("runs/<int:run_id>/progress/", eligibility.run_progress, name="run_progress"),
    path("runs/<int:run_id>/decisions/", eligibility.run_decisions, name="run_decisions"),
    path("runs/<int:run_id>/near/", eligibility.near_misses, name="near_misses"),
    path(
        "customers/<str:number>/receipts/", eligibility.customer_receipts, name="customer_receipts"
    ),
    path("decisions/<int:decision_id>/", eligibility.decision_page, name="decision_page"),
    path("wording/", wording.wording_check, name="wording_check"),
    path("wording/decisions/", wording.wording_decisions, name="wording_decisions"),
    path("wording/decisions/new/", wording.wording_decide, name="wording_decide"),
    path("budgets/entries/", budgets.budget_ledger, name="budget_ledger"),
    path("<slug:code>/budget/", budgets.budget_page, name="budget_page"),
    path("<slug:code>/budget/state/", budgets.budget_state, name="budget_state"),
    path("<slug:code>/", planning.campaign_page, name="campaign_page"),
    path("<slug:code>/stop/", planning.stop, name="campaign_stop"),
    path("<slug:code>/runs/", eligibility.campaign_runs, name="campaign_runs"),
    path(
        "<slug:code>/runs/preview/",
        eligibility.run_start,
        {"kind": "preview"},
        name="run_start_preview",
    ),
    path(
        "<slug:code>/runs/dry-run/",
        eligibility.run_start,
        {"kind": "dry_run"},
        name="run_start_dry_run",
    ),
    path(
        "<slug:code>/runs/back-test/",
        eligibility.run_start,
        {"kind": "back_test"},
        name="run_start_back_test",
    ),
    path("<slug:code>/runs/live/", eligibility.run_start, {"kind": "live"}, name="run_start_live"),
]
