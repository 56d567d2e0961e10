"""The models of journeys, gathered from the topics for Django."""

from journeys.cards.models import Application, Card, CardProduct, ClockRule
from journeys.care.models import CareEvent, Complaint, ComplaintRound, ComplaintRule, ServiceCase
from journeys.contact.models import (
    BadAddress,
    CalendarDay,
    CalendarYear,
    Consent,
    ConsentText,
    Contact,
    ContactHours,
    ContactRule,
    ControlGroup,
    DoNotContact,
    ErasedRefusal,
    MarketingPause,
)
from journeys.customers.models import Customer, ErasedNumber
from journeys.notices.models import NoticeRule, ResultNotice
from journeys.outreach.models import (
    Answer,
    BadCall,
    Message,
    MessageTemplate,
    OwnAddress,
    Receipt,
    SentCount,
    TextTest,
    TextWithdrawal,
)
from journeys.points.models import PointsBatch, PointsEntry
from journeys.referrals.models import Referral
from journeys.reveals.models import ExactSearch, Reveal, RevealRule
from journeys.rights.models import (
    Correction,
    Erasure,
    ErasureProof,
    RightsCopy,
    RightsEvent,
    RightsRequest,
    RightsRule,
)
from journeys.sandbox.models import ReceivedMessage
from journeys.scoring.models import CallModel, PastCall, PotentialModel, TraitsChoice
from journeys.spending.models import MerchantDay, Transaction
from journeys.stages.models import CustomerStage, StageCount
from journeys.telemarketing.models import (
    Callback,
    CallDraft,
    CallScript,
    Disposition,
    Lead,
    LeadAssignment,
    LeadCall,
    LeadConversion,
    LeadDial,
    LeadHold,
    LeadMerge,
    LeadMove,
    LeadPair,
    LeadScore,
    LeadScoring,
    MoodMove,
    PoolPolicy,
    ProductFact,
    QualityCase,
    QualityDecision,
    QualityDispute,
    QualityDraw,
    QualityForm,
    QualityPolicy,
    QualityReview,
    ScriptUse,
)

__all__ = [
    "Answer", "Application", "BadAddress", "BadCall", "CalendarDay", "CalendarYear", "CallDraft",
    "CallModel", "CallScript", "Callback", "Card", "CardProduct", "CareEvent", "ClockRule",
    "Complaint", "ComplaintRound", "ComplaintRule", "Consent", "ConsentText", "Contact",
    "ContactHours", "ContactRule", "ControlGroup", "Correction", "Customer", "CustomerStage",
    "Disposition", "DoNotContact", "ErasedNumber", "ErasedRefusal", "Erasure", "ErasureProof",
    "ExactSearch", "Lead", "LeadAssignment", "LeadCall", "LeadConversion", "LeadDial", "LeadHold",
    "LeadMerge", "LeadMove", "LeadPair", "LeadScore", "LeadScoring", "MarketingPause",
    "MerchantDay", "Message", "MessageTemplate", "MoodMove", "NoticeRule", "OwnAddress", "PastCall",
    "PointsBatch", "PointsEntry", "PoolPolicy", "PotentialModel", "ProductFact", "QualityCase",
    "QualityDecision", "QualityDispute", "QualityDraw", "QualityForm", "QualityPolicy",
    "QualityReview", "Receipt", "ReceivedMessage", "Referral", "ResultNotice", "Reveal",
    "RevealRule", "RightsCopy", "RightsEvent", "RightsRequest", "RightsRule", "ScriptUse",
    "SentCount", "ServiceCase", "StageCount", "TextTest", "TextWithdrawal", "TraitsChoice",
    "Transaction",
]  # fmt: skip
