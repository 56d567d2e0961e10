"""Reading what merchants are compared by, and what rivals offer them."""

from merchants.comparison.queries.comparing import (
    MOST,
    Compared,
    Comparison,
    asked_for,
    compare,
    like_of,
)
from merchants.comparison.queries.offers import evidence_of, offers_of, one_offer

__all__ = [
    "MOST", "Compared", "Comparison", "asked_for", "compare", "evidence_of", "like_of",
    "offers_of", "one_offer",
]  # fmt: skip
