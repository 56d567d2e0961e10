"""Pages of the merchant directory."""

from merchants.directory.views.contacts import contact_reveal, contact_reveal_list
from merchants.directory.views.entries import merchant_entry, merchant_entry_new
from merchants.directory.views.keeping import (
    merchant_assign,
    merchant_divisions,
    merchant_edit,
    merchant_partner,
)
from merchants.directory.views.listing import merchant_list, merchant_page
from merchants.directory.views.same import (
    merchant_merge,
    merchant_merge_undo,
    merchant_same_list,
)

__all__ = [
    "contact_reveal", "contact_reveal_list", "merchant_assign", "merchant_divisions",
    "merchant_edit", "merchant_entry", "merchant_entry_new", "merchant_list", "merchant_merge",
    "merchant_merge_undo", "merchant_page", "merchant_partner", "merchant_same_list",
]  # fmt: skip
