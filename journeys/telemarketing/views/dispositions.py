"""The list of what calls may come to, kept at the head office."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.telemarketing import operations, queries
from journeys.telemarketing.forms import DispositionForm
from journeys.telemarketing.models import Disposition
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import BranchLevel, Permission


@requires(Permission.VIEW_LEADS)
def disposition_list(request: HttpRequest) -> HttpResponse:
    """This will show the list that is in force."""
    staff = staff_of(request)
    keeps = staff.branch.level == BranchLevel.HEAD_OFFICE and staff.may(Permission.ASSIGN_LEADS)
    context = {"tree": queries.dispositions(), "keeps": keeps}
    return render(request, "journeys/telemarketing/disposition_list.html", context)


@requires(Permission.ASSIGN_LEADS)
def disposition_new(request: HttpRequest) -> HttpResponse:
    """This will add an outcome."""
    return _edit(request, None)


@requires(Permission.ASSIGN_LEADS)
def disposition_page(request: HttpRequest, code: str) -> HttpResponse:
    """This will change an outcome: another one takes its place from now on."""
    found = queries.disposition_of(code)
    if found is None:
        raise Http404
    return _edit(request, found)


def _edit(request: HttpRequest, found: Disposition | None) -> HttpResponse:
    names = operations.OutcomeFacts.__dataclass_fields__
    initial = {name: getattr(found, name) for name in names} if found else {}
    if found is not None and found.parent is not None:
        initial |= {"code": found.code, "group": found.parent.code, "source": found.source}
    form = DispositionForm(request.POST or None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        try:
            operations.set_disposition(
                code=data["code"], group=data["group"], facts=form.facts, source=data["source"],
                actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.LeadRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept. It holds from now on."))
            return redirect("disposition_list")
    context = {"form": form, "found": found}
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/telemarketing/disposition_page.html", context, status=status)


@require_POST
@requires(Permission.ASSIGN_LEADS)
def disposition_end(request: HttpRequest, code: str) -> HttpResponse:
    """This will take an outcome off the list."""
    try:
        operations.end_disposition(code=code, actor=staff_of(request), at=clock.now())
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Taken off the list."))
    return redirect("disposition_list")
