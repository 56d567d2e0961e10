"""The page of a negotiation, its beginning, and its moves."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.negotiation import operations, queries
from merchants.negotiation.enums import Purpose, Stage
from merchants.negotiation.forms import MoveForm, OpenForm, ReasonForm
from merchants.negotiation.models import Negotiation, Reminder
from merchants.negotiation.rules import pictures, rounds, stages, worth
from merchants.negotiation.rules import terms as sets
from merchants.negotiation.views.lists import days_since
from merchants.negotiation.views.losing import asked_of
from merchants.partnerships import queries as of_partnerships
from merchants.partnerships.access import load_to_lead as load_partnership_to_lead
from merchants.partnerships.access import may_lead
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.kit.meanwhile import come_back
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission


def load(request: HttpRequest, negotiation_id: int) -> Negotiation:
    """This will find a negotiation within the person's scope."""
    scope = scope_of(staff_of(request))
    found = queries.one_negotiation(scope=scope, negotiation_id=negotiation_id)
    if found is None:
        raise Http404
    return found


def load_to_lead(request: HttpRequest, negotiation_id: int) -> Negotiation:
    """This will find a negotiation that the person may lead."""
    found = load(request, negotiation_id)
    if not may_lead(staff_of(request), found.partnership):
        raise PermissionDenied
    return found


def table_of(row: Negotiation, on: dt.date) -> dict[str, Any]:
    """This will gather what the tables of offers show."""
    offers = queries.offers_of(row)
    figures = queries.figures_of(row, on=on)
    basis: worth.Basis = {one.code: one.value for one in figures}
    spoken = [rounds.Spoken(one.round, one.side, one.plain, one) for one in offers]
    return {
        "rounds": rounds.side_by_side(spoken, basis),
        "totals": rounds.totals(spoken, basis),
        "figures": figures,
        "basis": basis,
    }


@requires(P.VIEW_MERCHANTS)
def negotiation_page(request: HttpRequest, negotiation_id: int) -> HttpResponse:
    """This will show a negotiation: its stages, what is next, the rounds side by side, what was
    given up, and its history."""
    row, staff, on = load(request, negotiation_id), staff_of(request), clock.today()
    history = queries.history_of(row)
    rungs = pictures.ladder([(change.to_stage, change.on_date) for change in history], on)
    is_leader, agreed = (
        may_lead(staff, row.partnership),
        queries.agreed_offer(row),
    )
    table = table_of(row, on)
    if row.stage in stages.WITH_FIGURES:
        records = queries.records_of(row, on=on)
        table["figures"] = queries.beside_records(table["figures"], records)
    context = {
        **table,
        "row": row,
        "days": row.days_in_stage(on),
        "idle": days_since(row.stepped_at, on),
        "picture": pictures.ladder_svg(rungs, title=_("Stages of the talks")),
        "next": stages.NEXT[row.stage],
        "history": list(reversed(history)),
        "agreed": agreed,
        "agreed_terms": sets.all_said(agreed.plain) if agreed else [],
        "paid": worth.paid(agreed.plain, table["basis"]) if agreed else None,
        "signed": queries.signed_of(row),
        "confirming": of_partnerships.request_of(row.partnership),
        "waiting": queries.request_of(row),
        "may_lead": is_leader,
        "is_asker": staff,
        "moves": _moves(row, on) if is_leader else [],
        "takes_figures": row.stage in stages.WITH_FIGURES,
    }
    return render(request, "merchants/negotiation/negotiation_page.html", context)


def _moves(row: Negotiation, on: dt.date) -> list[dict[str, Any]]:
    """The moves that may follow; signing has a form of its own and is none of them."""
    try:
        facts = queries.facts_of(row, on=on)
    except queries.NoRule:
        return []
    return [
        {"to": to, "label": Stage(to).label, "verdict": stages.judge(facts, to)}
        for to in stages.targets(row.stage)
        if to != Stage.REVIEW
    ]


@requires(P.EDIT_PARTNERSHIPS)
def negotiation_new(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will begin a negotiation with the merchant of a partnership."""
    staff = staff_of(request)
    row = load_partnership_to_lead(staff, partnership_id)
    contract = queries.contract_to_renew(row, on=clock.today())
    purposes = [Purpose.RENEWAL, Purpose.AMENDMENT] if contract else [Purpose.FIRST]
    if not contract and queries.contract_that_ended(row, on=clock.today()):
        purposes.insert(0, Purpose.RENEWAL)
    asked = {"purpose": request.GET.get("purpose", "")}
    form = OpenForm(request.POST or None, purposes=purposes, initial=asked)
    if form.is_valid():
        try:
            begun = operations.open_negotiation(
                partnership_id=row.pk, actor=staff, at=clock.now(), **form.cleaned_data
            )
        except operations.NegotiationRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("negotiation_page", begun.pk)
    status = 422 if request.method == "POST" else 200
    context = {"row": row, "form": form, "contract": contract}
    return render(request, "merchants/negotiation/negotiation_new.html", context, status=status)


@requires(P.EDIT_PARTNERSHIPS)
def negotiation_move(request: HttpRequest, negotiation_id: int) -> HttpResponse:
    """This will ask for the reason of a move, say what it needs, and make it or put the agreed
    terms before a second person."""
    row = load_to_lead(request, negotiation_id)
    given = request.POST if request.method == "POST" else request.GET
    to = given.get("to", "")
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        stage=to,
        offers=_choices(row),
        **asked_of(row, to),
        initial={"to": to, "after": row.moved},
    )
    if not form.is_valid():
        return _show_move(request, row, to, form, 422 if form.is_bound else 200)
    try:
        told = _step(request, row, form)
    except operations.ChangedMeanwhile as changed:
        row = load_to_lead(request, row.pk)
        come_back(form, str(changed), after=changed.stands)
    except operations.NegotiationRefused as refused:
        form.add_error(None, str(refused))
    else:
        messages.success(request, told)
        return redirect("negotiation_page", row.pk)
    return _show_move(request, row, to, form, 422)


def _step(request: HttpRequest, row: Negotiation, form: MoveForm) -> str:
    given, actor, at = form.cleaned_data, staff_of(request), clock.now()
    if "ask" in request.POST:
        operations.ask_terms(
            negotiation_id=row.pk, after=given["after"], reason=given["reason"], actor=actor, at=at
        )
        return _("Put before a second person.")
    operations.move_negotiation(
        negotiation_id=row.pk, to=given["to"], after=given["after"], reason=given["reason"],
        offer_id=given.get("offer"), lost=form.lost, actor=actor, at=at,
    )  # fmt: skip
    return _("Moved. The history keeps it.")


def _choices(row: Negotiation) -> list[tuple[int, str]]:
    """The latest offer of each side, the newest first."""
    latest = {one.side: one for one in queries.offers_of(row)}
    said = _("{side}, round {round}, {day}")
    return [
        (one.pk, said.format(side=one.get_side_display(), round=one.round, day=one.on_date))
        for one in sorted(latest.values(), key=lambda one: -one.number)
    ]


def _show_move(
    request: HttpRequest, row: Negotiation, to: str, form: MoveForm, status: int
) -> HttpResponse:
    found = {one["to"]: one for one in _moves(row, clock.today())}
    ways = [(one["to"], one["label"]) for one in found.values() if one["verdict"].is_open]
    if form.is_bound and to not in dict(ways):
        form.ask_where(ways)
    context = {
        "row": row,
        "form": form,
        "ways": ways,
        "move": found.get(to),
        "moves": list(found.values()),
        **table_of(row, clock.today()),
    }
    return render(request, "merchants/negotiation/negotiation_move.html", context, status=status)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def terms_withdraw(request: HttpRequest, negotiation_id: int) -> HttpResponse:
    """This will take back terms that wait for a second person, by who asked for it."""
    row = load_to_lead(request, negotiation_id)
    waiting = queries.request_of(row)
    try:
        if waiting is not None:
            operations.withdraw_terms(
                request_id=waiting.pk, actor=staff_of(request), at=clock.now()
            )
            messages.success(request, _("The submission is withdrawn."))
    except approvals.NotPending:
        messages.warning(request, _("Somebody was faster: this is no longer open."))
    except approvals.NotAllowed as refused:
        raise PermissionDenied from refused
    return redirect("negotiation_page", row.pk)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def reminder_dismiss(request: HttpRequest, reminder_id: int) -> HttpResponse:
    """This will set a reminder aside with a reason."""
    reminder = Reminder.objects.filter(pk=reminder_id).first()
    staff, form = staff_of(request), ReasonForm(request.POST)
    if reminder is None:
        raise Http404
    load_partnership_to_lead(staff, reminder.partnership_id)
    if not form.is_valid():
        messages.warning(request, _("Give a reason: nobody is reminded of it again."))
        return redirect("renewal_calendar")
    try:
        operations.dismiss_reminder(
            reminder_id=reminder.pk, reason=form.cleaned_data["words"], actor=staff, at=clock.now()
        )
        messages.success(request, _("Set aside. Nobody is reminded of it again."))
    except operations.NegotiationRefused as told:
        messages.warning(request, str(told))
    return redirect("renewal_calendar")
