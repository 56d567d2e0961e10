"""Planning promotion money, having it approved, and keeping its ledger."""

from merchants.allocation.operations.amending import amend_plan
from merchants.allocation.operations.booking import OverLimit, book_entry, reverse_entry
from merchants.allocation.operations.deciding import (
    APPROVAL_KIND,
    carry_plan,
    current_hash,
    leave_plan,
    measured_in,
    not_ready,
    submit_plan,
    withdraw_plan,
)
from merchants.allocation.operations.guards import FundsRefused
from merchants.allocation.operations.planning import (
    add_partners,
    change_line,
    change_plan,
    make_plan,
    remove_line,
    remove_share,
    set_share,
)
from merchants.allocation.operations.solving import solve_plan

__all__ = [
    "APPROVAL_KIND", "FundsRefused", "OverLimit", "add_partners", "amend_plan", "book_entry",
    "carry_plan", "change_line", "change_plan", "current_hash", "leave_plan", "make_plan",
    "measured_in", "not_ready", "remove_line", "remove_share", "reverse_entry", "set_share",
    "solve_plan", "submit_plan", "withdraw_plan",
]  # fmt: skip
