"""Addresses of merchants, below /merchants/."""

from django.urls import include, path

urlpatterns = [
    path("", include("merchants.evidence.urls")),
    path("", include("merchants.directory.urls")),
]
