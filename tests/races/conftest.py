"""Fixtures of the races."""

from tests.journeys.outreach.gateways import gateways

__all__ = ["gateways"]
