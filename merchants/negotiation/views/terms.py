"""Forms for an offer, for a figure, and for signing."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from merchants.negotiation import operations, queries
from merchants.negotiation.enums import DataTerm, Exclusivity, Side, Stage
from merchants.negotiation.forms import FigureForm, OfferForm, SignForm
from merchants.negotiation.models import Negotiation, Offer
from merchants.negotiation.rules import terms as sets
from merchants.negotiation.views.pages import load_to_lead, table_of
from portal.kit import clock
from portal.kit.meanwhile import come_back
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

P = Permission
_FIRST = sets.Terms(
    cost_share=Decimal(50), gain_share=Decimal(50), discount=Decimal(5),
    exclusivity=Exclusivity.NONE, months=12, posts=0, minimum_turnover=Decimal(0),
    data_clause=DataTerm.NONE,
)  # fmt: skip


@requires(P.EDIT_PARTNERSHIPS)
def offer_new(request: HttpRequest, negotiation_id: int) -> HttpResponse:
    """This will record an offer of a side, beginning with its last terms."""
    row = load_to_lead(request, negotiation_id)
    posted = request.POST if request.method == "POST" else None
    form = OfferForm(posted, initial=_prefilled(row, request.GET.get("side", "")))
    if form.is_valid():
        given = form.cleaned_data
        try:
            offer = operations.record_offer(
                negotiation_id=row.pk, side=given["side"], terms=form.terms, words=given["words"],
                seen=given["seen"], actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.ChangedMeanwhile as changed:
            come_back(form, str(changed), seen=changed.stands)
        except operations.NegotiationRefused as refused:
            form.add_error(None, str(refused))
        else:
            said = _("Recorded in round {round}. It stays as it is.").format(round=offer.round)
            messages.success(request, said)
            return redirect("negotiation_page", row.pk)
    return _show(request, row, form, "merchants/negotiation/offer_new.html")


def _prefilled(row: Negotiation, side: str) -> dict[str, Any]:
    """The side's own last terms, or what stands on the table, or what was signed last."""
    offers = queries.offers_of(row)
    last = offers[-1] if offers else None
    if side not in Side.values:
        side = Side.MERCHANT if last and last.side == Side.BANK else Side.BANK
    own = next((one for one in reversed(offers) if one.side == side), last)
    if own is not None:
        start = own.plain
    else:
        signed = queries.latest_signed(row.partnership, on=clock.today())
        start = signed.offer.plain if signed else _FIRST
    return {**vars(start), "side": side, "seen": last.number if last else 0}


@requires(P.EDIT_PARTNERSHIPS)
def figure_new(request: HttpRequest, negotiation_id: int) -> HttpResponse:
    """This will enter a figure by which terms are reckoned, with its source."""
    row = load_to_lead(request, negotiation_id)
    posted = request.POST if request.method == "POST" else None
    form = FigureForm(posted, initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        try:
            operations.enter_figure(
                negotiation_id=row.pk, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.NegotiationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Entered."))
            return redirect("negotiation_page", row.pk)
    return _show(request, row, form, "merchants/negotiation/figure_new.html")


@requires(P.EDIT_PARTNERSHIPS)
def negotiation_sign(request: HttpRequest, negotiation_id: int) -> HttpResponse:
    """This will sign the agreed terms by what stands on the paper."""
    row = load_to_lead(request, negotiation_id)
    posted = request.POST if request.method == "POST" else None
    if row.stage != Stage.SIGNING and posted is None:
        messages.warning(request, _("Nothing is to be signed here now."))
        return redirect("negotiation_page", row.pk)
    offer = queries.agreed_offer(row)
    has_clause = _has_clause(offer) or (offer is None and "data_kinds" in request.POST)
    form = SignForm(posted, has_clause=has_clause, initial=_paper(row, clock.today()))
    if form.is_valid():
        try:
            signed = operations.sign_terms(
                negotiation_id=row.pk, after=form.cleaned_data["after"], paper=form.paper,
                reason=form.cleaned_data["reason"], actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.ChangedMeanwhile as changed:
            row = load_to_lead(request, row.pk)
            offer = queries.agreed_offer(row)
            come_back(form, str(changed), after=changed.stands)
        except operations.NegotiationRefused as refused:
            form.add_error(None, str(refused))
        else:
            said = _("Signed: the terms hold from {first} to {last}.")
            messages.success(request, said.format(first=signed.first_date, last=signed.last_date))
            return redirect("negotiation_page", row.pk)
    return _show(
        request, row, form, "merchants/negotiation/negotiation_sign.html", agreed=offer,
        agreed_terms=sets.all_said(offer.plain) if offer else [],
    )  # fmt: skip


def _has_clause(offer: Offer | None) -> bool:
    return offer is not None and offer.data_clause == DataTerm.CLAUSE


def _paper(row: Negotiation, on: dt.date) -> dict[str, Any]:
    """A renewal goes on where the contract ends; anything else from today on."""
    last = row.contract.last_date if row.contract else None
    follows = last is not None and last >= on and row.purpose == "renewal"
    first = last + dt.timedelta(days=1) if last is not None and follows else on
    return {"after": row.moved, "signed_date": on, "first_date": first, "notice_days": 30}


def _show(
    request: HttpRequest, row: Negotiation, form: forms.Form, template: str, **more: Any
) -> HttpResponse:
    context = {"row": row, "form": form, **table_of(row, clock.today()), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)
