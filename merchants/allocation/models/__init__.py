"""Plans of promotion money, and the ledger of what became of it."""

from merchants.allocation.models.ledger import FundAccount, FundEntry
from merchants.allocation.models.plans import FundLine, FundPlan, FundShare, ResponseLevel

__all__ = ["FundAccount", "FundEntry", "FundLine", "FundPlan", "FundShare", "ResponseLevel"]
