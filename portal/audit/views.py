"""Browsing the audit trail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.audit import forms, queries, rules
from portal.kit.tables import page_of
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    """This will list entries, the newest first, filtered by what stands in the address."""
    form = forms.FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    scope = scope_of(staff_of(request))
    page = page_of(request, queries.entries(scope=scope, **wanted))
    sequence, digest = queries.head()
    context = {
        "form": form,
        "page": page,
        "rows": [(entry, rules.readable_changes(entry.changes)) for entry in page.rows],
        "head_sequence": sequence,
        "head_hash": digest,
    }
    return render(request, "portal/audit/list.html", context)


@requires(Permission.VIEW_AUDIT)
def entry_page(request: HttpRequest, entry_id: int) -> HttpResponse:
    """This will show one entry in full, with its link in the chain."""
    scope = scope_of(staff_of(request))
    rows = queries.entries(scope=scope).select_related("link", "branch")
    entry = get_object_or_404(rows, pk=entry_id)
    context = {
        "entry": entry,
        "link": getattr(entry, "link", None),
        "changes": rules.readable_changes(entry.changes),
    }
    return render(request, "portal/audit/page.html", context)
