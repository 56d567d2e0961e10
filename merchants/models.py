"""The models of merchants, gathered from the topics for Django."""

from merchants.directory.models import (
    ContactReveal,
    DataClause,
    Division,
    Merchant,
    MerchantCategory,
    MerchantContact,
    MerchantContract,
    MerchantMerge,
    PartnerRequest,
    Store,
)

__all__ = [
    "ContactReveal", "DataClause", "Division", "Merchant", "MerchantCategory", "MerchantContact",
    "MerchantContract", "MerchantMerge", "PartnerRequest", "Store",
]  # fmt: skip
