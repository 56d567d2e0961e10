"""The models of merchants, gathered from the topics for Django."""

from merchants.allocation.models import (
    FundAccount,
    FundEntry,
    FundLine,
    FundPlan,
    FundShare,
    ResponseLevel,
)
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
from merchants.evidence.models import EvidenceOfTurnover, MerchantTurnover, WeeksOfTurnover
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
    "ContactReveal", "DataClause", "Division", "EvidenceOfTurnover", "FundAccount", "FundEntry",
    "FundLine", "FundPlan", "FundShare", "Merchant", "MerchantCategory", "MerchantContact",
    "MerchantContract", "MerchantDeal", "MerchantLead", "MerchantMerge", "MerchantTurnover",
    "MoveRequest", "PartnerRequest", "Partnership", "PartnershipRule", "PartnershipTask",
    "PhaseChange", "PhaseSuggestion", "Playbook", "ResponseLevel", "Store", "WeeksOfTurnover",
]  # fmt: skip
