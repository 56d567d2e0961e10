"""Pages about imports of files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.intake import queries
from portal.kit import tables
from portal.kit.registry import registry
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_IMPORTS)
def import_list(request: HttpRequest) -> HttpResponse:
    """This will show the imports, the newest first."""
    scope = scope_of(staff_of(request))
    page = tables.page_of(request, queries.list_batches(scope=scope))
    kinds = registry.import_kinds
    rows = [(batch, kinds[batch.kind].label if batch.kind in kinds else batch.kind)
            for batch in page.rows]  # fmt: skip
    may_upload = staff_of(request).may(Permission.IMPORT_FILES)
    context = {"page": page, "rows": rows, "may_upload": may_upload}
    return render(request, "portal/intake/import_list.html", context)


@requires(Permission.SEE_UPLOADS)
def import_kinds(request: HttpRequest) -> HttpResponse:
    """This will show what each kind of file must hold."""
    kinds = registry.import_kinds.values()
    context = {"kinds": kinds, "may_list": staff_of(request).may(Permission.VIEW_IMPORTS)}
    return render(request, "portal/intake/import_kinds.html", context)
