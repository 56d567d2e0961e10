"""Leading negotiations: beginning, moving, offering, asking, signing, reminding."""

from merchants.negotiation.operations.asking import (
    APPROVAL_KIND,
    ask_terms,
    carry_terms,
    current_hash,
    leave_terms,
    withdraw_terms,
)
from merchants.negotiation.operations.guards import (
    ChangedMeanwhile,
    NegotiationRefused,
    SecondPersonNeeded,
)
from merchants.negotiation.operations.losing import Lost
from merchants.negotiation.operations.moving import move_negotiation, open_negotiation
from merchants.negotiation.operations.offering import enter_figure, record_offer
from merchants.negotiation.operations.reminding import (
    Reminded,
    dismiss_reminder,
    remind_managers,
)
from merchants.negotiation.operations.signing import Paper, sign_terms

__all__ = [
    "APPROVAL_KIND", "ChangedMeanwhile", "Lost", "NegotiationRefused", "Paper", "Reminded",
    "SecondPersonNeeded", "ask_terms", "carry_terms", "current_hash", "dismiss_reminder",
    "enter_figure", "leave_terms", "move_negotiation", "open_negotiation", "record_offer",
    "remind_managers", "sign_terms", "withdraw_terms",
]  # fmt: skip
