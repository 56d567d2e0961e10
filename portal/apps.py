"""Start-up of portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        """This will put the house's own entries into the menu."""
        from django.utils.translation import gettext_lazy as _

        from portal.kit.registry import MenuEntry, registry
        from portal.staff.enums import Permission

        registry.add_menu(MenuEntry(_("Home"), "home", Permission.VIEW_HOME, "house", 0))
