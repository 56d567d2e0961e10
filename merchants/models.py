"""The models of merchants, gathered from the topics for Django."""

from merchants.directory.models import Merchant, MerchantCategory
from merchants.partnerships.models import (
    MoveRequest,
    Partnership,
    PartnershipRule,
    PartnershipTask,
    PhaseChange,
    PhaseSuggestion,
    Playbook,
)

__all__ = [
    "Merchant", "MerchantCategory", "MoveRequest", "Partnership", "PartnershipRule",
    "PartnershipTask", "PhaseChange", "PhaseSuggestion", "Playbook",
]  # fmt: skip
