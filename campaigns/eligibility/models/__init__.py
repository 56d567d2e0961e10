"""Runs over all customers, the decision for each, and what an evening could not start."""

from campaigns.eligibility.models.evenings import NotStarted
from campaigns.eligibility.models.running import Decision, FactChange, Run, RunChunk

__all__ = ["Decision", "FactChange", "NotStarted", "Run", "RunChunk"]
