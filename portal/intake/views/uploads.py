"""Pages on which a file is uploaded, looked at, and imported."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.audit import operations as audit
from portal.intake import forms, operations, queries
from portal.intake.models import Upload
from portal.intake.rules import outcomes
from portal.kit import charts, clock, parts
from portal.kit.registry import registry
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

_RECENT = 10
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.UPLOAD_OWN)
def upload_start(request: HttpRequest) -> HttpResponse:
    """This will take a file and have it checked."""
    kinds = queries.kinds_open_to(staff_of(request))
    form = forms.UploadForm(initial={"kind": request.GET.get("kind", "")}, kinds=kinds)
    if request.method == "POST":
        # Files are read first: only then is it known whether they were too large.
        files = request.FILES
        too_large = getattr(request, "is_too_large", False)
        form = forms.UploadForm(request.POST, files, is_too_large=too_large, kinds=kinds)
        if form.is_valid():
            file = form.cleaned_data["file"]
            upload = operations.receive_file(
                kind=form.cleaned_data["kind"],
                label=file.name,
                chunks=file.chunks(),
                by=staff_of(request),
                at=clock.now(),
                as_of=form.cleaned_data["as_of"],
                corrects=form.cleaned_data["corrects"],
            )
            return redirect("upload_page", upload_id=upload.pk)
    recent = [_shown(upload) for upload in queries.uploads_for(staff_of(request))[:_RECENT]]
    context = {"form": form, "recent": recent, "may_list": _may_list(request)}
    return render(request, "portal/intake/upload_start.html", context)


def _may_list(request: HttpRequest) -> bool:
    """Whether the person sees what others imported."""
    return staff_of(request).may(Permission.VIEW_IMPORTS)


@requires(Permission.SEE_UPLOADS)
def upload_page(request: HttpRequest, upload_id: int) -> HttpResponse:
    """This will show an upload: how far it is, what the check found, what came of it."""
    upload = _visible(request, upload_id)
    context = _shown(upload) | _counted(upload)
    context["is_own"] = upload.by_id == staff_of(request).pk
    context["may_list"] = _may_list(request)
    return render(request, "portal/intake/upload_page.html", context)


@requires(Permission.SEE_UPLOADS)
@parts.part_of("upload_page", "upload_id")
def upload_progress(request: HttpRequest, upload_id: int) -> HttpResponse:
    """This will show how far an upload is; when it got there, the whole page is loaded anew."""
    upload = _visible(request, upload_id)
    response = render(request, "portal/intake/_progress.html", _shown(upload))
    if not upload.is_working:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires(Permission.UPLOAD_OWN)
def upload_import(request: HttpRequest, upload_id: int) -> HttpResponse:
    """This will import a checked upload."""
    try:
        operations.start_import(upload_id=upload_id, by=staff_of(request), at=clock.now())
    except Upload.DoesNotExist as stranger:
        raise Http404 from stranger
    except operations.UploadNotReady as refused:
        messages.warning(request, str(refused))
    return redirect("upload_page", upload_id=upload_id)


@requires(Permission.SEE_UPLOADS)
def upload_errors(request: HttpRequest, upload_id: int) -> HttpResponse:
    """This will hand out the workbook of bad rows, and note who took it."""
    upload = _visible(request, upload_id)
    path = queries.workbook_of(upload)
    if not upload.has_workbook or not path.is_file():
        raise Http404
    audit.record(
        action="upload.errors_taken", actor=staff_of(request), at=clock.now(), target=upload
    )
    name = f"{upload.label}.errors.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    headers = {"Content-Disposition": disposition}
    return HttpResponse(path.read_bytes(), content_type=_WORKBOOK, headers=headers)


def _visible(request: HttpRequest, upload_id: int) -> Upload:
    return get_object_or_404(queries.uploads_for(staff_of(request)), pk=upload_id)


def _counted(upload: Upload) -> dict[str, Any]:
    """What became of the rows, or would, with its picture; where the import found other rows than
    the check before it, what the check found too."""
    figures = upload.figures
    if figures is None:
        return {}
    found = outcomes(figures.counts, is_done=upload.is_done)
    title = _("What was imported") if upload.is_done else _("What the import would do")
    shares = [charts.Share(one.code, str(one.label), one.rows) for one in found]
    trial = upload.trial if upload.is_done else None
    is_other = trial is not None and trial.counts != figures.counts
    return {
        "counted_title": title,
        "outcomes": found,
        "picture": charts.shares_svg(shares, title=title) if figures.rows_read else "",
        "expected": outcomes(trial.counts, is_done=False) if trial and is_other else [],
    }


def _shown(upload: Upload) -> dict[str, Any]:
    """An upload for a template, with the name of its kind and how many rows of a hundred are
    read (None where that cannot be known)."""
    kind = registry.import_kinds.get(upload.kind)
    total = upload.rows_total
    percent = min(100, 100 * upload.rows_done // total) if total else None
    return {"upload": upload, "kind": kind.label if kind else upload.kind, "percent": percent}
