"""Negotiations with merchants: stages, offers, figures, signed terms, reminders."""

from merchants.negotiation.models.negotiations import (
    Negotiation,
    NegotiationRule,
    StageChange,
    TermsRequest,
)
from merchants.negotiation.models.reminders import Reminder
from merchants.negotiation.models.terms import Offer, SignedTerms, TermsFigure

__all__ = [
    "Negotiation", "NegotiationRule", "Offer", "Reminder", "SignedTerms", "StageChange",
    "TermsFigure", "TermsRequest",
]  # fmt: skip
