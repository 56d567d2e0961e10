"""The tables of the merchant directory."""

from merchants.directory.models.contacts import ContactReveal, MerchantContact
from merchants.directory.models.contracts import DataClause, MerchantContract
from merchants.directory.models.merchants import Merchant, MerchantCategory
from merchants.directory.models.partners import MerchantMerge, MerchantsApart, PartnerRequest
from merchants.directory.models.places import CityTier, Division, Store

__all__ = [
    "CityTier", "ContactReveal", "DataClause", "Division", "Merchant", "MerchantCategory",
    "MerchantContact", "MerchantContract", "MerchantMerge", "MerchantsApart", "PartnerRequest",
    "Store",
]  # fmt: skip
