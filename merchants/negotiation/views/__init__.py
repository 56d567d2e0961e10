"""The pages of negotiations."""

from merchants.negotiation.views.lists import (
    negotiation_list,
    partnership_negotiations,
    renewal_calendar,
)
from merchants.negotiation.views.pages import (
    negotiation_move,
    negotiation_new,
    negotiation_page,
    reminder_dismiss,
    terms_withdraw,
)
from merchants.negotiation.views.terms import figure_new, negotiation_sign, offer_new

__all__ = [
    "figure_new", "negotiation_list", "negotiation_move", "negotiation_new", "negotiation_page",
    "negotiation_sign", "offer_new", "partnership_negotiations", "reminder_dismiss",
    "renewal_calendar", "terms_withdraw",
]  # fmt: skip
