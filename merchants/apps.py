"""Start-up of merchants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchantsConfig(AppConfig):
    name = "merchants"

    def ready(self) -> None:
        """This will hand the house what the topics of merchants have to show."""
        from merchants.evidence.intake import MERCHANT_TURNOVER
        from portal.kit.registry import MenuEntry, registry
        from portal.staff.enums import Permission

        registry.add_menu(
            MenuEntry(_("Merchants"), "merchant_list", Permission.VIEW_MERCHANTS, "shop", 40)
        )
        registry.add_import_kinds(MERCHANT_TURNOVER)
