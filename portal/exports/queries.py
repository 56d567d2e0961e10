"""What a person may take out, and which exports were made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import translation

from portal.exports import rules
from portal.exports.models import Export
from portal.kit.registry import Exportable, registry
from portal.staff.enums import Permission
from portal.staff.models import Staff


@dataclass(frozen=True)
class Told:
    """An export for who reads of it: the filters in words, each with its label, and the headings
    of its columns."""

    row: Export
    label: Any
    code: str
    filters: list[tuple[str, str]]
    columns: list[str]


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


def headings_of(kind: Exportable) -> list[str]:
    """This will name the columns of a kind as they are kept: untranslated."""
    with translation.override(None):
        return [str(heading) for heading, _width in kind.columns]


def told(exports: Iterable[Export]) -> list[Told]:
    """This will say what exports held in the language in force. What a kind needs for that is
    read once for all its exports."""
    words_of: dict[str, Callable[[Mapping[str, str]], list[tuple[str, str]]]] = {}
    found = []
    for row in exports:
        kind, filters = find_kind(row.kind), row.filters
        if isinstance(filters, dict):
            if kind and row.kind not in words_of:
                words_of[row.kind] = kind.words_of()
            filters = words_of[row.kind](filters) if kind else list(filters.items())
        columns = [translation.gettext(heading) for heading in row.columns]
        label = kind.label if kind else row.kind
        found.append(Told(row, label, rules.spelled(row.code), filters, columns))
    return found


def found_by(staff: Staff, text: str) -> QuerySet[Export]:
    """This will find exports by the code on a page or by a file's SHA-256."""
    rows = exports_for(staff)
    if code := rules.code_in(text):
        return rows.filter(code=code)
    return rows.filter(sha256=rules.sha256_in(text) or "-")
