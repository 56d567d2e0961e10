"""What a person may take out, and which exports were made."""

from django.db.models import Q, QuerySet

from portal.exports import rules
from portal.exports.models import Export
from portal.kit.registry import Exportable, registry
from portal.staff.enums import Permission
from portal.staff.models import Staff


def may_take_out(staff: Staff, kind: Exportable) -> bool:
    """This will tell whether a person may take a kind out: what the person may not see, or may
    only see, is not taken out."""
    needed = {Permission.EXPORT_DATA.value, kind.permission}
    if kind.is_about_customers:
        needed.add(Permission.EXPORT_CUSTOMERS.value)
    return all(staff.may(permission) for permission in needed)


def find_kind(code: str) -> Exportable | None:
    """This will return the kind of that code, or None."""
    return registry.exportables.get(code)


def exports_for(staff: Staff) -> QuerySet[Export]:
    """This will list the exports that a person may see, the newest first: the own ones, or those
    of everybody with the permission."""
    seen = Q() if staff.may(Permission.VIEW_EXPORTS) else Q(by=staff)
    return Export.objects.filter(seen).select_related("by", "branch").order_by("-made_at", "-id")


def found_by(staff: Staff, text: str) -> QuerySet[Export]:
    """This will find exports by the code on a page or by a file's SHA-256."""
    rows = exports_for(staff)
    if code := rules.code_in(text):
        return rows.filter(code=code)
    return rows.filter(sha256=rules.sha256_in(text) or "-")
