"""Noting what rivals offer, and withdrawing it."""

from merchants.comparison.operations.offers import OfferRefused, note_offer, withdraw_offer

__all__ = ["OfferRefused", "note_offer", "withdraw_offer"]
