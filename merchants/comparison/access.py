"""Who may note what rivals offer a merchant."""

from merchants.directory.access import may_keep
from merchants.directory.models import Merchant
from portal.staff.access import scope_of
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff


def may_note(staff: Staff, merchant: Merchant) -> bool:
    """This will tell whether a person may note offers to a merchant: its manager, and the manager
    of its branch or of one above."""
    if staff.role == Role.RELATIONSHIP_MANAGER:
        return may_keep(staff, merchant)
    is_chief = staff.may(Permission.EDIT_PARTNERSHIPS) and scope_of(staff).reaches(merchant.branch)
    return is_chief and merchant.merged_into_id is None
