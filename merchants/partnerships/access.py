"""Who may lead a partnership: a relationship manager the own ones, a branch manager those of the
branch and below; and how pages find one."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from merchants.partnerships import queries
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


def load(staff: Staff, partnership_id: int) -> Partnership:
    """This will return a partnership that the person may see. Raises Http404."""
    found = queries.one_partnership(scope=scope_of(staff), partnership_id=partnership_id)
    if found is None:
        raise Http404
    return found


def load_to_lead(staff: Staff, partnership_id: int) -> Partnership:
    """This will return a partnership that the person leads. Raises Http404, PermissionDenied."""
    partnership = load(staff, partnership_id)
    if not may_lead(staff, partnership):
        raise PermissionDenied
    return partnership
