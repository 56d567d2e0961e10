"""The Django admin, entered through the portal's own door and by administrators only."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.staff.access.guard import staff_of
from portal.staff.enums import Permission

_GROUPS = {
    "portal": _("Branches and staff"),
    "merchants": _("Merchants"),
    "journeys": _("Cards and contact"),
    "axes": _("Sign-in attempts"),
}
# The lock-out library brings no Chinese.
_TABLES = {"AccessAttempt": _("Failed sign-ins"), "AccessLog": _("Sign-ins")}


class PortalAdminSite(AdminSite):
    """It has no sign-in form of its own, so that lock-out, second factor and session limits
    hold here as everywhere."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Configuration")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and staff_of(request).may(Permission.ADMINISTER)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """This will list the tables under names that their keepers know."""
        groups = super().get_app_list(request, app_label)
        for group in groups:
            group["name"] = _GROUPS.get(group["app_label"], group["name"])
            for table in group["models"]:
                table["name"] = _TABLES.get(table["object_name"], table["name"])
        return groups

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """This will send strangers to the portal's login page and refuse everybody else."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))
