"""Flash redemption: a sale is arranged, its units claimed, held for seconds, and granted."""

from campaigns.flash.operations.arranging import SaleRefused, arrange_sale, renew_runs
from campaigns.flash.operations.claiming import claim, claim_by_rows
from campaigns.flash.operations.granting import confirm
from campaigns.flash.operations.reconciling import (
    expire_holds,
    fill_gate,
    reconcile,
    reconcile_sales,
)

__all__ = [
    "SaleRefused", "arrange_sale", "claim", "claim_by_rows", "confirm", "expire_holds", "fill_gate",
    "reconcile", "reconcile_sales", "renew_runs",
]  # fmt: skip
