"""The models of campaigns, gathered from the topics for Django."""

from campaigns.benefits.models import Benefit, BenefitCount, BenefitEntry, PartnerUse, UsedBefore
from campaigns.budgets.models import BudgetBook, BudgetEntry, BudgetLimit
from campaigns.design.models import Draft, DraftWriter
from campaigns.effect.models import (
    EffectDay,
    EffectEntrant,
    EffectIntake,
    EffectLook,
    EffectPlan,
    EffectRule,
)
from campaigns.eligibility.models import Decision, FactChange, NotStarted, Run, RunChunk
from campaigns.era.models import EraMark, EraMonth, EraRule
from campaigns.flash.models import FlashClaim, FlashSale, FlashUnit
from campaigns.groups.models import ExclusiveGroup
from campaigns.partners.models import JointReturn
from campaigns.planning.models import Campaign, CampaignVersion, SubmissionRule, VersionAuthor
from campaigns.rewards.models import (
    ClawBack,
    Grant,
    GrantReversal,
    LookedAt,
    LowerTier,
    ReversalFailure,
    ToLookAt,
    TrialGrant,
)
from campaigns.texts.models import SenderName
from campaigns.touches.models import (
    CallTurn,
    Enrolment,
    LeftCall,
    StayCount,
    StepCount,
    TouchIntake,
    TouchMark,
    TouchStep,
)
from campaigns.warnings.models import (
    Alert,
    AlertMove,
    Appeal,
    GrantHour,
    PausePolicy,
    SweepMark,
    Trace,
    WarningRule,
)
from campaigns.wording.models import WordDecision

__all__ = [
    "Alert", "AlertMove", "Appeal", "Benefit", "BenefitCount", "BenefitEntry", "BudgetBook",
    "BudgetEntry", "BudgetLimit", "CallTurn", "Campaign", "CampaignVersion", "ClawBack", "Decision",
    "Draft", "DraftWriter", "EffectDay", "EffectEntrant", "EffectIntake", "EffectLook",
    "EffectPlan", "EffectRule", "Enrolment", "EraMark", "EraMonth", "EraRule", "ExclusiveGroup",
    "FactChange", "FlashClaim", "FlashSale", "FlashUnit", "Grant", "GrantHour", "GrantReversal",
    "JointReturn", "LeftCall", "LookedAt", "LowerTier", "NotStarted", "PartnerUse", "PausePolicy",
    "ReversalFailure", "Run", "RunChunk", "SenderName", "StayCount", "StepCount", "SubmissionRule",
    "SweepMark", "ToLookAt", "TouchIntake", "TouchMark", "TouchStep", "Trace", "TrialGrant",
    "UsedBefore", "VersionAuthor", "WarningRule", "WordDecision",
]  # fmt: skip
