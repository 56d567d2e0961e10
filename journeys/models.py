"""The models of journeys, gathered from the topics for Django."""

from journeys.activity.models import (
    ActiveDefinition,
    ActivityCount,
    ActivityDay,
    ActivityProof,
    ActivitySnapshot,
    CardMark,
    CardRest,
    CohortMonth,
    SleepDay,
    SleepFlow,
    SleepRule,
)
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
from journeys.kpis.models import (
    CutoffRule,
    FigureDay,
    FigureEntry,
    FigureGap,
    FigureMark,
    FigureProof,
    ReportMail,
    ReportWish,
)
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
from journeys.scoring.models import CallModel, DriftDay, PastCall, PotentialModel, TraitsChoice
from journeys.spending.models import MerchantDay, Transaction
from journeys.stages.models import CustomerStage, StageCount
from journeys.targets.models import (
    PayCard,
    PayEntry,
    PayMonth,
    Scorecard,
    ScorecardMeasure,
    ScorecardRule,
    TargetCell,
    TargetNode,
    TargetPlan,
)
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
    LeadRest,
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
    "ActiveDefinition", "ActivityCount", "ActivityDay", "ActivityProof", "ActivitySnapshot",
    "Answer", "Application", "BadAddress", "BadCall", "CalendarDay", "CalendarYear", "CallDraft",
    "CallModel", "CallScript", "Callback", "Card", "CardMark", "CardProduct", "CardRest",
    "CareEvent", "ClockRule", "CohortMonth", "Complaint", "ComplaintRound", "ComplaintRule",
    "Consent", "ConsentText", "Contact", "ContactHours", "ContactRule", "ControlGroup",
    "Correction", "Customer", "CustomerStage", "CutoffRule", "Disposition", "DoNotContact",
    "DriftDay", "ErasedNumber", "ErasedRefusal", "Erasure", "ErasureProof", "ExactSearch",
    "FigureDay", "FigureEntry", "FigureGap", "FigureMark", "FigureProof", "Lead", "LeadAssignment",
    "LeadCall", "LeadConversion", "LeadDial", "LeadHold", "LeadMerge", "LeadMove", "LeadPair",
    "LeadRest", "LeadScore", "LeadScoring", "MarketingPause", "MerchantDay", "Message",
    "MessageTemplate", "MoodMove", "NoticeRule", "OwnAddress", "PastCall", "PayCard", "PayEntry",
    "PayMonth", "PointsBatch", "PointsEntry", "PoolPolicy", "PotentialModel", "ProductFact",
    "QualityCase", "QualityDecision", "QualityDispute", "QualityDraw", "QualityForm",
    "QualityPolicy", "QualityReview", "Receipt", "ReceivedMessage", "Referral", "ReportMail",
    "ReportWish", "ResultNotice", "Reveal", "RevealRule", "RightsCopy", "RightsEvent",
    "RightsRequest", "RightsRule", "Scorecard", "ScorecardMeasure", "ScorecardRule", "ScriptUse",
    "SentCount", "ServiceCase", "SleepDay", "SleepFlow", "SleepRule", "StageCount", "TargetCell",
    "TargetNode", "TargetPlan", "TextTest", "TextWithdrawal", "TraitsChoice", "Transaction",
]  # fmt: skip
