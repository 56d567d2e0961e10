"""The models of campaigns, gathered from the topics for Django."""

from campaigns.eligibility.models import Decision, Run, RunChunk
from campaigns.flash.models import FlashClaim, FlashSale, FlashUnit
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.rewards.models import Grant

__all__ = [
    "Campaign", "CampaignVersion", "Decision", "FlashClaim", "FlashSale", "FlashUnit", "Grant",
    "Run", "RunChunk",
]  # fmt: skip
