"""Reading books of budgets."""

from campaigns.budgets.queries.books import (
    BranchTree,
    Difference,
    Held,
    accounts,
    booked_for,
    branch_lines,
    carried_until,
    customers_at_limit,
    differences,
    entries,
    limits,
    limits_shown,
    live_book,
    parties,
    party_names,
    stock_left,
    sums_until,
    taken_since,
    tier_by_day,
    used_at_end,
    used_by_customers,
    used_by_day,
    used_under_other_numbers,
)
from campaigns.budgets.queries.burning import Burning, granted_by_day, left_by_day
from campaigns.budgets.queries.ended import (
    branches_refusing,
    days_refusing,
    refusing,
    tiers_used_up,
)

__all__ = [
    "BranchTree", "Burning", "Difference", "Held", "accounts", "booked_for", "branch_lines",
    "branches_refusing", "carried_until", "customers_at_limit", "days_refusing", "differences",
    "entries", "granted_by_day", "left_by_day", "limits", "limits_shown", "live_book", "parties",
    "party_names", "refusing", "stock_left", "sums_until", "taken_since", "tier_by_day",
    "tiers_used_up", "used_at_end", "used_by_customers", "used_by_day", "used_under_other_numbers",
]  # fmt: skip
