"""Fixtures of the outbox."""

from tests.journeys.outreach.gateways import gateways

__all__ = ["gateways"]
