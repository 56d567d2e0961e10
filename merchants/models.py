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
from merchants.prospects.models import MerchantDeal, MerchantLead

__all__ = [
    "ContactReveal", "DataClause", "Division", "Merchant", "MerchantCategory", "MerchantContact",
    "MerchantContract", "MerchantDeal", "MerchantLead", "MerchantMerge", "PartnerRequest", "Store",
]  # fmt: skip
