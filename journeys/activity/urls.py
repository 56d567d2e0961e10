"""Addresses of active and sleeping cards."""

from django.urls import path

from journeys.activity.views import figures, lists, settings

urlpatterns = [
    path("cards/activity/", figures.activity_page, name="activity_page"),
    path("cards/activity/asleep/", lists.sleeping_list, name="sleeping_list"),
    path("cards/activity/snapshots/", lists.activity_snapshots, name="activity_snapshots"),
    path("cards/activity/proofs/", lists.activity_proofs, name="activity_proofs"),
    path("cards/activity/rules/", settings.activity_rules, name="activity_rules"),
    path(
        "cards/activity/rules/definition/", settings.active_definition_new,
        name="active_definition_new",
    ),
    path("cards/activity/rules/limit/", settings.sleep_rule_new, name="sleep_rule_new"),
]  # fmt: skip
