"""The models of merchants, gathered from the topics for Django."""

from merchants.comparison.models import RivalOffer
from merchants.directory.models import (
    CityTier,
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
from merchants.evidence.models import (
    EvidenceOfTurnover,
    MerchantReach,
    MerchantTurnover,
    WeeksOfTurnover,
)
from merchants.partnerships.models import (
    MoveRequest,
    Partnership,
    PartnershipRule,
    PartnershipTask,
    PhaseChange,
    PhaseSuggestion,
    Playbook,
)
from merchants.prospects.models import MerchantDeal, MerchantLead

__all__ = [
    "CityTier", "ContactReveal", "DataClause", "Division", "EvidenceOfTurnover", "Merchant",
    "MerchantCategory", "MerchantContact", "MerchantContract", "MerchantDeal", "MerchantLead",
    "MerchantMerge", "MerchantReach", "MerchantTurnover", "MoveRequest", "PartnerRequest",
    "Partnership", "PartnershipRule", "PartnershipTask", "PhaseChange", "PhaseSuggestion",
    "Playbook", "RivalOffer", "Store", "WeeksOfTurnover",
]  # fmt: skip
