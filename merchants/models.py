"""The models of merchants, gathered from the topics for Django."""

from merchants.allocation.models import (
    FundAccount,
    FundEntry,
    FundLine,
    FundPlan,
    FundShare,
    ResponseLevel,
)
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
from merchants.negotiation.models import (
    Negotiation,
    NegotiationRule,
    Offer,
    Reminder,
    SignedTerms,
    StageChange,
    TermsFigure,
    TermsRequest,
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
from merchants.posts.models import (
    Attendance,
    Post,
    PostAbsence,
    PostCost,
    PostRule,
    Shift,
    ShiftCount,
    ShiftTask,
    StaffQualification,
)
from merchants.prospects.models import MerchantDeal, MerchantLead

__all__ = [
    "Attendance", "CityTier", "ContactReveal", "DataClause", "Division", "EvidenceOfTurnover",
    "FundAccount", "FundEntry", "FundLine", "FundPlan", "FundShare", "Merchant", "MerchantCategory",
    "MerchantContact", "MerchantContract", "MerchantDeal", "MerchantLead", "MerchantMerge",
    "MerchantReach", "MerchantTurnover", "MoveRequest", "Negotiation", "NegotiationRule", "Offer",
    "PartnerRequest", "Partnership", "PartnershipRule", "PartnershipTask", "PhaseChange",
    "PhaseSuggestion", "Playbook", "Post", "PostAbsence", "PostCost", "PostRule", "Reminder",
    "ResponseLevel", "RivalOffer", "Shift", "ShiftCount", "ShiftTask", "SignedTerms",
    "StaffQualification", "StageChange", "Store", "TermsFigure", "TermsRequest", "WeeksOfTurnover",
]  # fmt: skip
