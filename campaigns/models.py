"""The models of campaigns, gathered from the topics for Django."""

from campaigns.budgets.models import BudgetBook, BudgetEntry, BudgetLimit
from campaigns.eligibility.models import Decision, FactChange, Run, RunChunk
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.rewards.models import Grant, GrantReversal
from campaigns.wording.models import WordDecision

__all__ = [
    "BudgetBook", "BudgetEntry", "BudgetLimit", "Campaign", "CampaignVersion", "Decision",
    "FactChange", "Grant", "GrantReversal", "Run", "RunChunk", "WordDecision",
]  # fmt: skip
