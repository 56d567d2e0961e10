"""Refusals of the person's scope, and those of leads."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from merchants.refusals import operations, queries
from merchants.refusals.access import may_talk_to
from merchants.refusals.forms import LeadFilter, RefusalFilter, RefusalForm
from merchants.refusals.models import Refusal
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


def rows_of(refusals: Sequence[Refusal], tree: queries.Forest) -> list[dict[str, Any]]:
    """This will gather what a list shows of refusals: each with its reason in the tree, and what
    was tried."""
    tries = queries.tries_by_refusal(refusals=refusals)
    return [
        {"refusal": one, "path": tree.path_of(one.reason_id), "tries": tries.get(one.pk, [])}
        for one in refusals
    ]


@requires(Permission.VIEW_MERCHANTS)
def merchant_refusal_list(request: HttpRequest) -> HttpResponse:
    """This will show what merchants said no with; a wrong filter is left out."""
    form = RefusalFilter(request.GET)
    form.is_valid()
    rows = queries.list_refusals(scope=scope_of(staff_of(request)), **form.cleaned_data)
    page = tables.page_of(request, rows)
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(page.rows, queries.forest()),
        "may_read_reasons": staff_of(request).may(Permission.VIEW_PLAYBOOKS),
    }
    return render(request, "merchants/refusals/merchant_refusal_list.html", context)


@requires(Permission.VIEW_MERCHANTS)
def refusal_leads(request: HttpRequest) -> HttpResponse:
    """This will show the leads that were not won, those with an open refusal first."""
    form = LeadFilter(request.GET)
    form.is_valid()
    scope = scope_of(staff_of(request))
    page = tables.page_of(request, queries.leads_within(scope=scope, **form.cleaned_data))
    return render(request, "merchants/refusals/refusal_leads.html", {"form": form, "page": page})


@requires(Permission.VIEW_MERCHANTS)
def lead_refusals(request: HttpRequest, number: str) -> HttpResponse:
    """This will show what a lead said no with, and record it."""
    staff = staff_of(request)
    lead = queries.lead_within(scope=scope_of(staff), number=number)
    if lead is None:
        raise Http404
    may_record = may_talk_to(staff, lead)
    if request.method == "POST" and not may_record:
        raise PermissionDenied
    tree = queries.forest()
    form = RefusalForm(
        request.POST or None, initial={"said_date": clock.today()}, reasons=tree.choices()
    )
    if form.is_valid():
        try:
            made = operations.record_lead_refusal(
                lead_id=lead.pk, reason_id=form.cleaned_data["reason"],
                said=form.cleaned_data["said"], said_date=form.cleaned_data["said_date"],
                actor=staff, at=clock.now(),
            )  # fmt: skip
            messages.success(request, _("Recorded. Below stands what to try next."))
            return redirect("refusal_page", made.pk)
        except operations.RefusalNotAllowed as refused:
            form.add_error(None, str(refused))
    context = {
        "lead": lead,
        "refusals": rows_of(list(queries.of_lead(lead)), tree),
        "form": form if may_record else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "merchants/refusals/lead_refusals.html", context, status=status)
