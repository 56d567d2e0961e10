"""Addresses of merchants, below /merchants/."""

from django.urls import include, path

urlpatterns = [
    path("negotiations/", include("merchants.negotiation.urls")),
    path("comparison/", include("merchants.comparison.urls")),
    path("funds/", include("merchants.allocation.urls")),
    path("refusals/", include("merchants.refusals.urls")),
    path("partnerships/windows/", include("merchants.windows.urls")),
    path("partnerships/", include("merchants.partnerships.urls")),
    path("posts/", include("merchants.posts.urls")),
    path("", include("merchants.prospects.urls")),
    path("", include("merchants.evidence.urls")),
    path("", include("merchants.directory.urls")),
]
