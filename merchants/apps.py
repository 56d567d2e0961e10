"""Start-up of merchants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchantsConfig(AppConfig):
    name = "merchants"

    def ready(self) -> None:
        """This will hand the house what the topics of merchants have to show."""
        from merchants.evidence.exports import MERCHANT_WEEKS
        from merchants.evidence.intake import MERCHANT_TURNOVER
        from portal.kit.registry import MenuEntry, MerchantPart, registry
        from portal.staff.enums import Permission

        registry.add_menu(
            MenuEntry(_("Merchants"), "merchant_list", Permission.VIEW_MERCHANTS, "shop", 40)
        )
        registry.add_import_kinds(MERCHANT_TURNOVER)
        registry.add_exportables(MERCHANT_WEEKS)
        registry.add_merchant_parts(MerchantPart("merchant_evidence", Permission.VIEW_MERCHANTS, 5))
