"""Addresses of journeys: each topic names its own prefix."""

from django.urls import include, path

urlpatterns = [
    path("", include("journeys.stages.urls")),
    path("", include("journeys.customers.urls")),
    path("", include("journeys.reveals.urls")),
    path("", include("journeys.contact.urls")),
    path("", include("journeys.cards.urls")),
    path("", include("journeys.referrals.urls")),
    path("", include("journeys.spending.urls")),
    path("", include("journeys.points.urls")),
    path("", include("journeys.activity.urls")),
    path("", include("journeys.outreach.urls")),
    path("", include("journeys.notices.urls")),
    path("", include("journeys.care.urls")),
    path("", include("journeys.rights.urls")),
    path("", include("journeys.scoring.urls")),
    path("", include("journeys.sandbox.urls")),
    path("", include("journeys.telemarketing.urls")),
    path("", include("journeys.kpis.urls")),
    path("", include("journeys.targets.urls")),
]
