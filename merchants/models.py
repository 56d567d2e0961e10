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
    MerchantsApart,
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
    EvidenceRule,
    ManagerChange,
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
from merchants.refusals.models import AnswerTry, Refusal, RefusalAnswer, RefusalReason
from merchants.windows.models import (
    Meeting,
    MeetingPerson,
    PartnerPromise,
    WindowMove,
    WindowNote,
)

__all__ = [
    "AnswerTry", "Attendance", "CityTier", "ContactReveal", "DataClause", "Division",
    "EvidenceOfTurnover", "EvidenceRule", "FundAccount", "FundEntry", "FundLine", "FundPlan",
    "FundShare",
    "ManagerChange", "Meeting", "MeetingPerson", "Merchant", "MerchantCategory", "MerchantContact",
    "MerchantContract", "MerchantDeal", "MerchantLead", "MerchantMerge", "MerchantReach",
    "MerchantTurnover", "MerchantsApart", "MoveRequest", "Negotiation", "NegotiationRule", "Offer",
    "PartnerPromise", "PartnerRequest", "Partnership", "PartnershipRule", "PartnershipTask",
    "PhaseChange", "PhaseSuggestion", "Playbook", "Post", "PostAbsence", "PostCost", "PostRule",
    "Refusal", "RefusalAnswer", "RefusalReason", "Reminder", "ResponseLevel", "RivalOffer",
    "Shift", "ShiftCount", "ShiftTask", "SignedTerms", "StaffQualification", "StageChange",
    "Store", "TermsFigure", "TermsRequest", "WeeksOfTurnover", "WindowMove", "WindowNote",
]  # fmt: skip
