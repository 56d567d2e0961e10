"""All addresses: the house's own, then each app's."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("portal.staff.urls")),
    path("approvals/", include("portal.approvals.urls")),
    path("audit/", include("portal.audit.urls")),
    path("admin/", admin.site.urls),
]
