"""Addresses of journeys: each topic names its own prefix."""

from django.urls import include, path

urlpatterns = [
    path("", include("journeys.outreach.urls")),
    path("", include("journeys.sandbox.urls")),
]
