"""Start-up of portal."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class PortalAdminConfig(admin_apps.AdminConfig):
    """The Django admin with the portal's own door."""

    default = False
    default_site = "portal.staff.access.admin_site.PortalAdminSite"


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        """This will hand menu entries and panels to the house and listen to sign-ins."""
        _register_shell()
        _register_sign_in()
        _register_approvals()
        _register_audit()
        _register_intake()
        _register_exports()


def _register_shell() -> None:
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Home"), "home", Permission.VIEW_HOME, "house", 0),
        MenuEntry(_("Figures"), "figures", Permission.VIEW_HOME, "graph-up", 1),
    )


def _register_sign_in() -> None:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from portal.kit.registry import MenuEntry, Panel, SealedStore, registry
    from portal.staff import panels
    from portal.staff.enums import Permission, Role
    from portal.staff.operations import second_factors
    from portal.staff.views import entry_log

    # A misspelt role would leave its people without a second factor, unnoticed.
    if unknown := set(settings.MFA_REQUIRED_ROLES) - set(Role.values):
        raise ImproperlyConfigured(f"MFA_REQUIRED_ROLES names no role: {', '.join(unknown)}.")
    entry_log.connect()
    registry.add_sealed_stores(
        SealedStore("second factors", second_factors.count_by_key, second_factors.seal_anew)
    )
    registry.add_menu(
        MenuEntry(_("Administration"), "admin:index", Permission.ADMINISTER, "gear", 95)
    )
    registry.add_panels(
        Panel(
            code="people",
            template="portal/staff/_people_panel.html",
            build=panels.people,
            permission=Permission.ADMINISTER,
            order=10,
            is_figures=True,
        )
    )


def _register_approvals() -> None:
    from portal.approvals import panels
    from portal.kit.registry import MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Approvals"), "approval_list", Permission.VIEW_APPROVALS, "check2-square", 30)
    )
    registry.add_panels(
        Panel(
            code="approvals_waiting",
            template="portal/approvals/_waiting_panel.html",
            build=panels.waiting,
            permission=Permission.VIEW_APPROVALS,
            order=10,
        )
    )


def _register_audit() -> None:
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Audit trail"), "audit_list", Permission.VIEW_AUDIT, "journal-check", 90)
    )


def _register_intake() -> None:
    from portal.intake import operations, panels
    from portal.kit.registry import MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    registry.add_minutely(lambda at, is_last: operations.write_uses(at=at, is_last=is_last))
    registry.add_menu(
        MenuEntry(
            _("Imports"), "import_list", Permission.VIEW_IMPORTS, "file-earmark-arrow-up", 80
        ),
        MenuEntry(_("Access tokens"), "token_list", Permission.ADMINISTER, "key", 85),
    )
    registry.add_panels(
        Panel(
            code="latest_imports",
            template="portal/intake/_latest_panel.html",
            build=panels.latest_imports,
            permission=Permission.ADMINISTER,
            order=12,
            is_figures=True,
        )
    )


def _register_exports() -> None:
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(
            _("Exports"), "export_list", Permission.EXPORT_DATA, "file-earmark-arrow-down", 85
        )
    )
