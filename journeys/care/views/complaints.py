"""Complaints: the list with its clocks, a new one, the page of one, and its steps."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.care import operations as care
from journeys.care import queries, rules
from journeys.care.forms import CloseForm, ComplaintFilter, ComplaintForm, StepForm
from journeys.care.models import Complaint
from journeys.contact.operations import AlreadyPaused, ErasedCustomer
from portal.approvals.operations import AlreadyPending
from portal.kit import clock, parts, tables
from portal.staff import queries as staff_queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_SHOWN_ABOUT_CUSTOMER = 20
Step = Callable[[int, dict[str, Any]], object]


def _with_clocks(complaints: Iterable[Complaint], on: dt.date) -> list[dict[str, Any]]:
    return [{"complaint": row, "clock": rules.clock_on(row.due_date, on)} for row in complaints]


@requires(Permission.VIEW_CARE)
def complaint_list(request: HttpRequest) -> HttpResponse:
    """This will show the complaints of the person's scope, the open ones by their end."""
    staff = staff_of(request)
    branches = staff_queries.branches_below(scope_of(staff).branch_path)
    form = ComplaintFilter(request.GET, branches=branches)
    form.is_valid()
    asked = form.asked
    page = tables.page_of(request, queries.list_complaints(scope=scope_of(staff), **asked))
    reference, kind = asked.get("reference", ""), asked.get("cause", "")
    named = queries.named_causes(kind, [reference]) if reference else {}
    context = {
        "form": form,
        "reference": named[reference].label if reference in named else reference,
        "page": page,
        "rows": _with_clocks(page.rows, clock.today()),
        "may_edit": staff.may(Permission.EDIT_CARE),
    }
    return render(request, "journeys/care/complaint_list.html", context)


@requires(Permission.EDIT_CARE)
def complaint_new(request: HttpRequest) -> HttpResponse:
    """This will take in a complaint of a customer of the person's scope."""
    staff = staff_of(request)
    form = ComplaintForm(
        request.POST or None,
        scope=scope_of(staff),
        initial={"customer": request.GET.get("customer", "")[:40]},
    )
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            complaint = care.open_complaint(
                customer_id=given.pop("customer"), actor=staff, at=clock.now(), **given
            )
        except (care.NoLimits, ErasedCustomer) as refusal:
            form.add_error(None, str(refusal))
        except AlreadyPaused:
            form.add_error(None, _("The number was taken meanwhile. Send the form once more."))
        else:
            messages.success(
                request, _("Recorded. Marketing to this customer rests until it is closed.")
            )
            return redirect("complaint_page", complaint.number)
    return render(
        request, "journeys/care/complaint_new.html", {"form": form}, status=_status(request)
    )


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


@requires(Permission.VIEW_CARE)
def complaint_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one complaint with its clock, its history and what may be done."""
    return _show(request, _load(request, number), {})


def _load(request: HttpRequest, number: str) -> Complaint:
    """This will load a complaint of the person's scope; 404 outside it."""
    complaint = queries.one_complaint(scope=scope_of(staff_of(request)), number=number)
    if complaint is None:
        raise Http404
    return complaint


def _show(
    request: HttpRequest, complaint: Complaint, bound: dict[str, Form], status: int = 200
) -> HttpResponse:
    """This will show a complaint, with forms that were filled in wrongly among `bound`."""
    on = clock.today()
    rounds = queries.rounds_of(complaint, on=on)
    context = {
        "complaint": complaint,
        "rounds": rounds,
        "present": rounds[-1],
        "clock": rules.clock_on(complaint.due_date, on),
        "events": queries.events_of(complaint),
        "cause": queries.name_of(complaint),
        "may_edit": staff_of(request).may(Permission.EDIT_CARE),
        "may_extend": complaint.may_be_extended and on <= complaint.due_date,
        "answer_form": StepForm(prefix="answer"),
        "extend_form": StepForm(prefix="extend"),
        "reopen_form": StepForm(prefix="reopen"),
        "close_form": CloseForm(prefix="close"),
        **bound,
    }
    if complaint.is_answered:
        context |= _choices(complaint, context["close_form"])
    return render(request, "journeys/care/complaint_page.html", context, status=status)


def _choices(complaint: Complaint, form: Any) -> dict[str, Any]:
    """The causes to choose from: first what reached this customer. What was searched for and
    chosen is among them when the form comes back."""
    reached = queries.offers_for(customer_id=complaint.customer_id, at=clock.now())
    plain = queries.plain_offers()
    chosen = form.chosen
    further = None
    if chosen and chosen not in {offer.value for offer in (*reached, *plain)}:
        further = queries.offer_of(chosen)
    return {
        "reached": reached,
        "plain": plain,
        "chosen": chosen,
        "found": [further] if further else [],
        "since_months": queries.SINCE_DAYS // 30,
    }


@requires(Permission.EDIT_CARE)
@parts.part_of("complaint_list")
def cause_search(request: HttpRequest) -> HttpResponse:
    """This will show a few campaign versions, texts and members of staff that fit, to choose as a
    root cause; a part of the complaint's page."""
    text = request.GET.get("cause_text", "")[:80]
    context = {"found": queries.search_causes(text), "is_asked": bool(text.strip())}
    return render(request, "journeys/care/_found_causes.html", context)


@requires(Permission.VIEW_CARE)
@parts.part_of("customer_page", "number")
def customer_care(request: HttpRequest, number: str) -> HttpResponse:
    """This will show a customer's complaints and cases, as a part of the customer's page."""
    staff = staff_of(request)
    scope = scope_of(staff)
    if not queries.is_customer_of(scope=scope, number=number):
        raise Http404
    complaints = queries.complaints_of(scope=scope, customer_number=number)
    context = {
        "number": number,
        "rows": _with_clocks(complaints[:_SHOWN_ABOUT_CUSTOMER], clock.today()),
        "cases": queries.cases_of(scope=scope, customer_number=number)[:_SHOWN_ABOUT_CUSTOMER],
        "may_edit": staff.may(Permission.EDIT_CARE),
    }
    return render(request, "journeys/care/_customer.html", context)


def _take(request: HttpRequest, number: str, name: str, form: Form, step: Step) -> HttpResponse:
    """Take one step of a complaint; a step that the state does not allow any more is refused."""
    complaint = _load(request, number)
    if not form.is_valid():
        return _show(request, complaint, {f"{name}_form": form}, status=422)
    try:
        step(complaint.pk, form.cleaned_data)
        messages.success(request, _("Done. The history keeps it."))
    except (
        care.NotInState, care.NotExtendable, care.CauseUnknown, AlreadyPending, AlreadyPaused
    ):  # fmt: skip
        messages.error(request, _("This complaint changed meanwhile. Look at its state again."))
    except (care.NoLimits, ErasedCustomer) as refusal:
        messages.error(request, str(refusal))
    return redirect("complaint_page", number)


@require_POST
@requires(Permission.EDIT_CARE)
def complaint_answer(request: HttpRequest, number: str) -> HttpResponse:
    """This will record the answer to the customer."""

    def step(complaint_id: int, given: dict[str, Any]) -> object:
        return care.answer_complaint(
            complaint_id=complaint_id,
            words=given["words"],
            actor=staff_of(request),
            at=clock.now(),
        )

    return _take(request, number, "answer", StepForm(request.POST, prefix="answer"), step)


@require_POST
@requires(Permission.EDIT_CARE)
def complaint_extend(request: HttpRequest, number: str) -> HttpResponse:
    """This will ask another person for more days."""

    def step(complaint_id: int, given: dict[str, Any]) -> object:
        return care.ask_extension(
            complaint_id=complaint_id,
            reason=given["words"],
            maker=staff_of(request),
            at=clock.now(),
        )

    return _take(request, number, "extend", StepForm(request.POST, prefix="extend"), step)


@require_POST
@requires(Permission.EDIT_CARE)
def complaint_close(request: HttpRequest, number: str) -> HttpResponse:
    """This will close the complaint with its root cause."""

    def step(complaint_id: int, given: dict[str, Any]) -> object:
        return care.close_complaint(
            complaint_id=complaint_id,
            cause=given["cause"],
            remedy=given["remedy"],
            actor=staff_of(request),
            at=clock.now(),
        )

    return _take(request, number, "close", CloseForm(request.POST, prefix="close"), step)


@require_POST
@requires(Permission.EDIT_CARE)
def complaint_reopen(request: HttpRequest, number: str) -> HttpResponse:
    """This will open the complaint again."""

    def step(complaint_id: int, given: dict[str, Any]) -> object:
        return care.reopen_complaint(
            complaint_id=complaint_id,
            reason=given["words"],
            actor=staff_of(request),
            at=clock.now(),
        )

    return _take(request, number, "reopen", StepForm(request.POST, prefix="reopen"), step)
