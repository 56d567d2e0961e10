"""Fixtures of touch plans."""

from tests.journeys.outreach.gateways import gateways

__all__ = ["gateways"]
