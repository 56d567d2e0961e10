"""Fixtures of jobs from end to end."""

from tests.journeys.outreach.gateways import gateways

__all__ = ["gateways"]
