"""The models of campaigns, gathered from the topics for Django."""

from campaigns.eligibility.models import Decision, Run, RunChunk
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.rewards.models import Grant
from campaigns.wording.models import WordDecision

__all__ = ["Campaign", "CampaignVersion", "Decision", "Grant", "Run", "RunChunk", "WordDecision"]
