"""What may be done to branches and to the people who work there."""

from portal.staff.operations.branches import (
    BranchNotPlaced,
    change_branch,
    ensure_head_office,
    open_branch,
)
from portal.staff.operations.people import (
    OwnAccount,
    PasswordTooWeak,
    StaffStateUnchanged,
    TeamOfAnotherBranch,
    change_details,
    change_role,
    deactivate,
    hire,
    reactivate,
    reset_second_factor,
    set_password,
)

__all__ = [
    "BranchNotPlaced", "OwnAccount", "PasswordTooWeak", "StaffStateUnchanged",
    "TeamOfAnotherBranch", "change_branch", "change_details", "change_role", "deactivate",
    "ensure_head_office", "hire", "open_branch", "reactivate", "reset_second_factor",
    "set_password",
]  # fmt: skip
