"""Addresses of merchants, below /merchants/."""

from django.urls import include, path

urlpatterns = [
    path("refusals/", include("merchants.refusals.urls")),
    path("windows/", include("merchants.windows.urls")),
    path("partnerships/", include("merchants.partnerships.urls")),
    path("", include("merchants.prospects.urls")),
    path("", include("merchants.evidence.urls")),
    path("", include("merchants.directory.urls")),
]
