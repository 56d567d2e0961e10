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
from merchants.refusals.models import AnswerTry, Refusal, RefusalAnswer, RefusalReason
from merchants.windows.models import (
    Meeting,
    MeetingPerson,
    PartnerPromise,
    WindowMove,
    WindowNote,
)

__all__ = [
    "AnswerTry", "ContactReveal", "DataClause", "Division", "EvidenceOfTurnover", "Meeting",
    "MeetingPerson", "Merchant", "MerchantCategory", "MerchantContact", "MerchantContract",
    "MerchantDeal", "MerchantLead", "MerchantMerge", "MerchantTurnover", "MoveRequest",
    "PartnerPromise", "PartnerRequest", "Partnership", "PartnershipRule", "PartnershipTask",
    "PhaseChange", "PhaseSuggestion", "Playbook", "Refusal", "RefusalAnswer", "RefusalReason",
    "Store", "WeeksOfTurnover", "WindowMove", "WindowNote",
]  # fmt: skip
