"""All addresses: the house's own, then each app's. Each app names its topics' prefixes itself."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.shell.urls")),
    path("accounts/", include("portal.staff.urls")),
    path("admin/", admin.site.urls),
    path("approvals/", include("portal.approvals.urls")),
    path("api/v1/", include("portal.intake.urls.api")),
    path("api/v1/flash/", include("campaigns.flash.urls")),
    path("audit/", include("portal.audit.urls")),
    path("exports/", include("portal.exports.urls")),
    path("imports/", include("portal.intake.urls")),
    path("merchants/", include("merchants.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("", include("journeys.urls")),
    path("api/", include("portal.intake.urls.beyond")),
]

handler400 = "portal.shell.views.bad_request"
handler403 = "portal.shell.views.permission_denied"
handler404 = "portal.shell.views.page_not_found"
handler500 = "portal.shell.views.server_error"
