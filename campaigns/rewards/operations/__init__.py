"""Giving rewards, and taking back what a refund undid."""

from campaigns.rewards.operations.awarding import AskedTwice, award
from campaigns.rewards.operations.reopening import reopen_grants

__all__ = ["AskedTwice", "award", "reopen_grants"]
