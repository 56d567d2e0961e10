"""Addresses of campaigns, runs and decisions."""

from django.urls import path

from campaigns.eligibility import views as eligibility
from campaigns.flash.views import pages as flash
from campaigns.planning import views as planning

urlpatterns = [
    path("", planning.campaign_list, name="campaign_list"),
    path("versions/<int:version_id>/", planning.campaign_version, name="campaign_version"),
    path("versions/<int:version_id>/submit/", planning.submit, name="campaign_submit"),
    path("runs/<int:run_id>/", eligibility.run_page, name="run_page"),
    path("runs/<int:run_id>/progress/", eligibility.run_progress, name="run_progress"),
    path("runs/<int:run_id>/decisions/", eligibility.run_decisions, name="run_decisions"),
    path("decisions/<int:decision_id>/", eligibility.decision_page, name="decision_page"),
    path("flash/", flash.flash_list, name="flash_list"),
    path("flash/<int:sale_id>/", flash.flash_page, name="flash_page"),
    path("flash/<int:sale_id>/figures/", flash.flash_figures, name="flash_figures"),
    path("flash/<int:sale_id>/claims/", flash.flash_claims, name="flash_claims"),
    path("<slug:code>/", planning.campaign_page, name="campaign_page"),
    path("<slug:code>/flash/", flash.flash_new, name="flash_new"),
    path("<slug:code>/stop/", planning.stop, name="campaign_stop"),
    path("<slug:code>/runs/", eligibility.campaign_runs, name="campaign_runs"),
    path(
        "<slug:code>/runs/preview/",
        eligibility.run_start,
        {"kind": "preview"},
        name="run_start_preview",
    ),
    path("<slug:code>/runs/live/", eligibility.run_start, {"kind": "live"}, name="run_start_live"),
]
