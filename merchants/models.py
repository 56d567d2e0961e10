"""The models of merchants, gathered from the topics for Django."""

from merchants.directory.models import Merchant, MerchantCategory
from merchants.evidence.models import EvidenceOfTurnover, MerchantTurnover, WeeksOfTurnover

__all__ = [
    "EvidenceOfTurnover", "Merchant", "MerchantCategory", "MerchantTurnover", "WeeksOfTurnover",
]  # fmt: skip
