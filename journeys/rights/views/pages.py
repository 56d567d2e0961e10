"""The list of requests with their clocks, a new one, the page of one, and finding a person."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journeys.rights import operations as rights
from journeys.rights import queries
from journeys.rights.enums import RightsKind
from journeys.rights.forms import (
    FIELD_WORDS,
    CopyOrder,
    CorrectForm,
    EndForm,
    FindForm,
    IdentityForm,
    RefuseForm,
    RequestFilter,
    RequestForm,
)
from journeys.rights.models import Erasure, RightsRequest
from journeys.rights.queries import holdings
from journeys.rights.queries.holdings import Person
from journeys.rights.queries.mentions import mentions_of
from journeys.rights.rules import deadlines
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_RIGHTS)
def rights_list(request: HttpRequest) -> HttpResponse:
    """This will show the requests of the person's scope, the running ones by their end."""
    form, staff, on = RequestFilter(request.GET), staff_of(request), clock.today()
    form.is_valid()
    page = tables.page_of(request, queries.list_requests(scope=scope_of(staff), **form.asked))
    context = {
        "form": form,
        "page": page,
        "rows": [
            {"request": row, "clock": deadlines.clock_on(row.due_date, on)} for row in page.rows
        ],
        "may_open": staff.may(Permission.OPEN_RIGHTS),
        "may_handle": staff.may(Permission.HANDLE_RIGHTS),
    }
    return render(request, "journeys/rights/rights_list.html", context)


@requires(Permission.OPEN_RIGHTS)
def rights_new(request: HttpRequest) -> HttpResponse:
    """This will take in a request of a customer or lead of the person's scope."""
    staff = staff_of(request)
    asked = {"person": request.GET.get("person", "")[:40], "received_date": clock.today()}
    form = RequestForm(request.POST or None, scope=scope_of(staff), on=clock.today(), initial=asked)
    if form.is_valid():
        try:
            opened = rights.open_request(actor=staff, at=clock.now(), **form.cleaned_data)
        except rights.NoRule as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken in. Its clock runs."))
            return redirect("rights_page", opened.number)
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/rights/rights_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.HANDLE_RIGHTS)
def rights_find(request: HttpRequest) -> HttpResponse:
    """This will show what every table holds about whoever has a number, phone or address. What is
    typed comes by POST and stays nowhere; whoever may ask for no more full values today keeps it
    in the form."""
    form, status = FindForm(request.POST or None), 200
    found: list[dict[str, Any]] | None = None
    named = None
    if form.is_valid():
        try:
            persons = rights.seek_persons(
                scope=scope_of(staff_of(request)),
                text=form.cleaned_data["text"],
                actor=staff_of(request),
                at=clock.now(),
            )
        except rights.SearchRefused as refusal:
            form.add_error("text", str(refusal))
            status = 429
        else:
            found, named, form = _held(persons), mentions_of(persons), FindForm()
    context = {"form": form, "found": found, "named": named}
    return render(request, "journeys/rights/rights_find.html", context, status=status)


def _held(persons: Sequence[Person]) -> list[dict[str, Any]]:
    return [
        {"person": person, "held": holdings.held_about([person]), "is_customer": is_customer}
        for person in persons
        for is_customer in [holdings.key_of(person).startswith("customer")]
    ]


@requires(Permission.VIEW_RIGHTS)
def rights_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one request with its clock, what is held, its history, and what may be
    done."""
    return show(load(request, number), request, {})


def load(request: HttpRequest, number: str) -> RightsRequest:
    """This will load a request of the person's scope; 404 outside it."""
    found = queries.one_request(scope=scope_of(staff_of(request)), number=number)
    if found is None:
        raise Http404
    return found


def show(
    asked: RightsRequest, request: HttpRequest, bound: dict[str, Form], status: int = 200
) -> HttpResponse:
    """This will show a request, with forms that were filled in wrongly among `bound`."""
    may_handle = staff_of(request).may(Permission.HANDLE_RIGHTS)
    persons = holdings.persons_of(asked)
    is_erasure = asked.kind == RightsKind.DELETE
    context = {
        "asked": asked,
        "clock": deadlines.clock_on(asked.due_date, clock.today()),
        "events": queries.events_of(asked),
        "may_handle": may_handle,
        "held": holdings.held_about(persons) if may_handle else None,
        # Reads the whole trail, so only when it is asked for.
        "named": mentions_of(persons) if may_handle and "named" in request.GET else None,
        "persons": persons,
        "obstacles": holdings.standing_against(persons) if is_erasure and asked.is_open else [],
        "corrections": _corrections(asked),
        "copies": asked.copies.select_related("made_by").order_by("id"),
        "copies_left": rights.MOST_COPIES - asked.copies.count(),
        "erasure": _erasure(asked),
        "may_copy": may_handle and asked.kind == RightsKind.ACCESS,
        "may_correct": may_handle and asked.kind == RightsKind.CORRECT,
        "may_erase": may_handle and is_erasure,
        "may_object": may_handle and asked.kind == RightsKind.OBJECT,
        "identity_form": IdentityForm(prefix="identity"),
        "copy_form": CopyOrder(prefix="copy"),
        "correct_form": CorrectForm(prefix="correct", fields=rights.correctable_fields(persons[0])),
        "object_form": EndForm(prefix="object"),
        "finish_form": EndForm(prefix="finish"),
        "refuse_form": RefuseForm(prefix="refuse"),
        **bound,
    }
    return render(request, "journeys/rights/rights_page.html", context, status=status)


def _corrections(asked: RightsRequest) -> list[dict[str, Any]]:
    rows = asked.corrections.select_related("corrected_by").order_by("id")
    return [{"row": row, "field": FIELD_WORDS.get(row.field, row.field)} for row in rows]


def _erasure(asked: RightsRequest) -> dict[str, Any] | None:
    """The erasure with its proofs; None where none was asked for, or it was returned."""
    row = Erasure.objects.filter(request=asked).exclude(state="returned").first()
    return {"row": row, "proofs": list(row.proofs.order_by("id"))} if row else None
