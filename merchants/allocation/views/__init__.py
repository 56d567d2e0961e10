"""The pages of promotion money."""

from merchants.allocation.views.ledger import fund_book, fund_ledger, partnership_funds
from merchants.allocation.views.lines import fund_line, fund_line_remove, fund_partners
from merchants.allocation.views.plans import (
    fund_amend,
    fund_edit,
    fund_list,
    fund_new,
    fund_page,
    fund_share,
    fund_solve,
    fund_submit,
    fund_unshare,
    fund_withdraw,
)

__all__ = [
    "fund_amend", "fund_book", "fund_edit", "fund_ledger", "fund_line", "fund_line_remove",
    "fund_list", "fund_new", "fund_page", "fund_partners", "fund_share", "fund_solve",
    "fund_submit", "fund_unshare", "fund_withdraw", "partnership_funds",
]  # fmt: skip
