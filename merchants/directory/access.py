"""Who may write about which merchant."""

from merchants.directory.models import Merchant
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def may_keep(staff: Staff, merchant: Merchant) -> bool:
    """This will tell whether a person keeps a merchant: its own manager does, others of the branch
    only read. One that was merged is kept by nobody."""
    is_own = merchant.manager_id == staff.pk and merchant.merged_into_id is None
    return is_own and staff.may(Permission.EDIT_MERCHANTS)


def may_assign(staff: Staff, merchant: Merchant) -> bool:
    """This will tell whether a person may say who manages a merchant, and to which other it is
    the same."""
    return (
        staff.may(Permission.ASSIGN_MERCHANTS)
        and scope_of(staff).reaches(merchant.branch)
        and merchant.merged_into_id is None
    )
