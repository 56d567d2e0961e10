"""Start-up of merchants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchantsConfig(AppConfig):
    name = "merchants"

    def ready(self) -> None:
        from portal.kit.registry import MenuEntry, registry
        from portal.staff.enums import Permission

        registry.add_menu(
            MenuEntry(_("Merchants"), "merchant_list", Permission.VIEW_MERCHANTS, "shop", 40)
        )
