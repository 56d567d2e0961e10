"""Taking a list out as a file, and the list of what was taken out."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from portal.exports import operations as exports
from portal.exports import queries, rules
from portal.exports.forms import ExportForm, FindForm, FingerprintHandler
from portal.kit import clock, tables
from portal.kit.registry import BadFilter, Exportable, registry
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EXPORT_DATA)
def export_start(request: HttpRequest, kind: str) -> HttpResponseBase:
    """This will show what a file would hold with the filters of the address and ask what it is
    needed for (GET), and make and hand it over (POST)."""
    exportable = queries.find_kind(kind)
    if exportable is None:
        raise Http404
    if not queries.may_take_out(staff_of(request), exportable):
        raise PermissionDenied
    form = ExportForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, exportable, form)
    try:
        made = exports.make_export(
            kind=exportable,
            asked=request.GET,
            reason=form.cleaned_data["reason"],
            staff=staff_of(request),
            at=clock.now(),
        )
    except (exports.ExportRefused, BadFilter) as refusal:
        return _ask(request, exportable, form, str(refusal))
    name = f"{exportable.code}-{rules.spelled(made.export.code)}.xlsx"
    return FileResponse(made.file, as_attachment=True, filename=name, content_type=_WORKBOOK)


def _ask(
    request: HttpRequest, kind: Exportable, form: ExportForm, refusal: str = ""
) -> HttpResponse:
    filters: list[tuple[str, str]] = []
    try:
        asked = kind.read(staff_of(request), request.GET, clock.today()).filters
        filters = kind.words_of()(asked)
    except BadFilter as bad:
        refusal = str(bad)
    context = {
        "kind": kind,
        "form": form,
        "filters": filters,
        "refusal": refusal,
        "query": request.GET.urlencode(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/exports/export_start.html", context, status=status)


@requires(Permission.EXPORT_DATA)
def export_list(request: HttpRequest) -> HttpResponse:
    """This will list the exports that the person may see, or find one by its code or SHA-256."""
    form = FindForm(request.GET)
    text = form.cleaned_data["find"] if form.is_valid() else ""
    return _list(request, text)


@csrf_exempt  # checked below: the handler must be set before the form is read
@require_POST
@requires(Permission.EXPORT_DATA)
def export_find(request: HttpRequest) -> HttpResponse:
    """This will find an export by a file, of which only the fingerprint is taken."""
    request.upload_handlers = [FingerprintHandler(request)]
    return _find(request)


@csrf_protect
def _find(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    return _list(request, getattr(file, "sha256", ""), is_file=True)


def _list(request: HttpRequest, text: str, *, is_file: bool = False) -> HttpResponse:
    staff = staff_of(request)
    is_search = bool(text) or is_file
    rows = queries.found_by(staff, text) if is_search else queries.exports_for(staff)
    page = tables.page_of(request, rows)
    context = {
        "form": FindForm(initial={"find": text}),
        "page": page,
        "rows": queries.told(page.rows),
        "is_search": is_search,
        "is_file": is_file,
        "sees_all": staff.may(Permission.VIEW_EXPORTS),
        "kinds": [
            kind for kind in registry.exportables.values() if queries.may_take_out(staff, kind)
        ],
    }
    return render(request, "portal/exports/export_list.html", context)
