"""What every page of a window begins with: the partnership is within the person's scope."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from merchants.partnerships import queries as partnerships
from merchants.partnerships.access import may_lead
from merchants.partnerships.models import Partnership
from portal.staff.access import scope_of
from portal.staff.models import Staff


def load(staff: Staff, partnership_id: int) -> Partnership:
    """This will return a partnership that the person may see. Raises Http404."""
    found = partnerships.one_partnership(scope=scope_of(staff), partnership_id=partnership_id)
    if found is None:
        raise Http404
    return found


def load_to_lead(staff: Staff, partnership_id: int) -> Partnership:
    """This will return a partnership that the person leads. Raises Http404, PermissionDenied."""
    partnership = load(staff, partnership_id)
    if not may_lead(staff, partnership):
        raise PermissionDenied
    return partnership
