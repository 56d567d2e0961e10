"""Promises between the bank and a partner."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.partnerships.access import load_to_lead
from merchants.windows import operations, queries
from merchants.windows.forms import PromiseForm
from merchants.windows.views.notes import window_of
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_POST
@requires(Permission.EDIT_PARTNERSHIPS)
def promise_new(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will note what one side promised."""
    row, form = load_to_lead(staff_of(request), partnership_id), PromiseForm(request.POST)
    if form.is_valid():
        try:
            operations.make_promise(
                partnership_id=row.pk, actor=staff_of(request), at=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, _("Noted. It stands on the sheet of the next meeting."))
            return redirect("window_page", row.pk)
        except operations.WindowNotAllowed as refused:
            form.add_error(None, str(refused))
    context = window_of(staff_of(request), row, form)
    return render(request, "merchants/windows/window_page.html", context, status=422)


@require_POST
@requires(Permission.EDIT_PARTNERSHIPS)
def promise_settle(request: HttpRequest, promise_id: int, step: str) -> HttpResponse:
    """This will tell that a promise was kept ("kept") or not ("broken")."""
    promise = queries.one_promise(promise_id=promise_id)
    if promise is None or step not in ("kept", "broken"):
        raise Http404
    row = load_to_lead(staff_of(request), promise.partnership_id)
    try:
        operations.settle_promise(
            promise_id=promise.pk, kept=step == "kept",
            result=request.POST.get("result", "")[:1000], actor=staff_of(request), at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("Noted."))
    except operations.WindowNotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("window_page", row.pk)
