"""Who may lead a partnership: a relationship manager the own ones, a branch manager those of the
branch and below."""

from merchants.partnerships.models import Partnership
from portal.staff.access import scope_of
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff


def may_lead(staff: Staff, partnership: Partnership) -> bool:
    """This will tell whether a person may move a partnership and work off its tasks."""
    if not staff.may(Permission.EDIT_PARTNERSHIPS):
        return False
    if staff.role == Role.RELATIONSHIP_MANAGER:
        return partnership.manager_id == staff.pk
    return scope_of(staff).reaches(partnership.branch)


def may_hand_over(staff: Staff, partnership: Partnership) -> bool:
    """This will tell whether a person may hand a partnership over to another manager."""
    is_chief = staff.may(Permission.ASSIGN_MERCHANTS) and staff.may(Permission.EDIT_PARTNERSHIPS)
    return is_chief and scope_of(staff).reaches(partnership.branch)
