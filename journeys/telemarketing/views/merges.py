"""Leads that may be one: the list of them, two side by side, the way back; and one lead by hand."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.forms import CollectForm, LeadReasonForm
from journeys.telemarketing.models import LeadPair
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.ASSIGN_LEADS)
def lead_same_list(request: HttpRequest) -> HttpResponse:
    """This will list leads of the person's branches that look like one, and those told apart."""
    scope = scope_of(staff_of(request))
    context = {
        "page": tables.page_of(request, queries.pairs_waiting(scope=scope)),
        "told_apart": queries.pairs_told_apart(scope=scope),
    }
    return render(request, "journeys/telemarketing/lead_same_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_LEADS)
def lead_same(request: HttpRequest, pair_id: int) -> HttpResponse:
    """This will show two leads side by side, and merge one into the other, or keep that they are
    two."""
    pair = queries.one_pair(scope=scope_of(staff_of(request)), pair_id=pair_id)
    if pair is None:
        raise Http404
    form = LeadReasonForm(request.POST or None)
    if form.is_valid():
        try:
            return _decided(request, pair, form.cleaned_data["reason"])
        except operations.LeadRefused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form, "pair": pair,
        "sides": [("first", _("Left"), pair.first), ("second", _("Right"), pair.second)],
        "is_open": pair.first.is_open and pair.second.is_open,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/telemarketing/lead_same.html", context, status=status)


def _decided(request: HttpRequest, pair: LeadPair, reason: str) -> HttpResponse:
    given: dict[str, Any] = {"reason": reason, "actor": staff_of(request), "at": clock.now()}
    if "keep" not in request.POST:
        operations.tell_leads_apart(pair_id=pair.pk, **given)
        messages.success(request, _("They are two leads, and are not shown here again."))
        return redirect("lead_same_list")
    ids = [pair.first_id, pair.second_id]
    kept, merged = reversed(ids) if request.POST["keep"] == "second" else ids
    operations.merge_leads(kept_id=kept, merged_id=merged, **given)
    messages.success(request, _("They are one lead now. The lead's page undoes it."))
    return redirect("lead_same_list")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_LEADS)
def lead_merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """This will take two leads apart that were merged."""
    staff = staff_of(request)
    merge = queries.merge_of(scope=scope_of(staff), merge_id=merge_id)
    if merge is None:
        raise Http404
    form = LeadReasonForm(request.POST or None)
    if form.is_valid():
        try:
            operations.undo_merge(
                merge_id=merge_id, reason=form.cleaned_data["reason"], actor=staff, at=clock.now()
            )
        except operations.LeadRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("They are two leads again, each as it was."))
            return redirect("lead_page", merge.merged_id)
    context = {
        "form": form, "title": _("Take apart what was merged"),
        "lead": _("{number} becomes a lead of its own again, as it stood before.").format(
            number=merge.merged.number
        ),
        "note": "", "is_grave": False, "confirm": "", "submit": _("Take apart"),
        "back": reverse("lead_page", args=[merge.kept_id]),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_LEADS)
def lead_new(request: HttpRequest) -> HttpResponse:
    """This will take in a lead that the person collected."""
    form = CollectForm(request.POST or None)
    if form.is_valid():
        try:
            lead = operations.collect_lead(
                facts=form.facts, actor=staff_of(request), at=clock.now()
            )
        except operations.LeadRefused as refused:
            form.add_error(None, str(refused))
        else:
            lead.refresh_from_db()
            return _collected(request, lead.state, lead.owner_id)
    context = {
        "form": form, "title": _("Record a lead"),
        "lead": _("Somebody told you of a person or company. You stay credited for it."),
        "note": "", "is_grave": False, "confirm": "", "submit": _("Record"),
        "back": reverse("lead_desk"),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)


def _collected(request: HttpRequest, state: str, owner_id: int | None) -> HttpResponse:
    if state == LeadState.MERGED:
        told = _("Somebody works on a lead with this phone already: yours is merged into it, and "
                 "you stay credited.")  # fmt: skip
    elif owner_id is not None:
        told = _("The lead is yours now.")
    else:
        told = _("The lead is in the pool of your branch: you have as many as you may have.")
    messages.success(request, told)
    return redirect("lead_desk")
