"""Start-up of portal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal.kit.registry import MenuEntry, registry
        from portal.staff.enums import Permission

        registry.add_menu(
            MenuEntry(
                _("Imports"), "import_list", Permission.VIEW_IMPORTS, "file-earmark-arrow-up", 80
            )
        )
