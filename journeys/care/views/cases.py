"""Service cases: the list, a new one, and the page of one."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.care import operations as care
from journeys.care import queries
from journeys.care.forms import CaseFilter, CaseForm, StepForm
from journeys.care.models import ServiceCase
from journeys.contact.operations import AlreadyPaused, ErasedCustomer
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CARE)
def case_list(request: HttpRequest) -> HttpResponse:
    """This will show the service cases of the person's scope; a wrong filter is left out."""
    form, staff = CaseFilter(request.GET), staff_of(request)
    form.is_valid()
    rows = queries.list_cases(scope=scope_of(staff), state=form.cleaned_data.get("state", ""))
    context = {
        "form": form,
        "page": tables.page_of(request, rows),
        "may_edit": staff.may(Permission.EDIT_CARE),
    }
    return render(request, "journeys/care/case_list.html", context)


@requires(Permission.EDIT_CARE)
def case_new(request: HttpRequest) -> HttpResponse:
    """This will open a case of a customer of the person's scope."""
    staff = staff_of(request)
    form = CaseForm(
        request.POST or None,
        scope=scope_of(staff),
        initial={"customer": request.GET.get("customer", "")[:40]},
    )
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            case = care.open_case(
                customer_id=given.pop("customer"), actor=staff, at=clock.now(), **given
            )
        except ErasedCustomer as refusal:
            form.add_error(None, str(refusal))
        except AlreadyPaused:
            form.add_error(None, _("The number was taken meanwhile. Send the form once more."))
        else:
            messages.success(
                request, _("Recorded. Marketing to this customer rests until it is closed.")
            )
            return redirect("case_page", case.number)
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/care/case_new.html", {"form": form}, status=status)


@requires(Permission.VIEW_CARE)
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one case with its history."""
    return _show(request, _load(request, number), StepForm())


@require_POST
@requires(Permission.EDIT_CARE)
def case_close(request: HttpRequest, number: str) -> HttpResponse:
    """This will close the case with what was done."""
    case, form = _load(request, number), StepForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    try:
        care.close_case(
            case_id=case.pk,
            words=form.cleaned_data["words"],
            actor=staff_of(request),
            at=clock.now(),
        )
        messages.success(request, _("Done. The history keeps it."))
    except care.CaseClosed:
        messages.error(request, _("This case was closed meanwhile."))
    return redirect("case_page", number)


def _load(request: HttpRequest, number: str) -> ServiceCase:
    case = queries.one_case(scope=scope_of(staff_of(request)), number=number)
    if case is None:
        raise Http404
    return case


def _show(request: HttpRequest, case: ServiceCase, form: Form, status: int = 200) -> HttpResponse:
    context = {
        "case": case,
        "events": queries.events_of(case),
        "form": form,
        "may_close": case.is_open and staff_of(request).may(Permission.EDIT_CARE),
    }
    return render(request, "journeys/care/case_page.html", context, status=status)
