"""The tables of partnerships."""

from merchants.partnerships.models.listening import EvidenceRule
from merchants.partnerships.models.partnerships import (
    ManagerChange,
    MoveRequest,
    Partnership,
    PartnershipRule,
    PartnershipTask,
    PhaseChange,
    PhaseSuggestion,
    Playbook,
)

__all__ = [
    "EvidenceRule", "ManagerChange", "MoveRequest", "Partnership", "PartnershipRule",
    "PartnershipTask", "PhaseChange", "PhaseSuggestion", "Playbook",
]  # fmt: skip
