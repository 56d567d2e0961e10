"""What may be sent to one customer now, and what the customer says about it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.enums import Channel, GateAnswer, Purpose
from journeys.contact.forms import ConsentForm, RefusalForm, WithdrawalForm
from journeys.contact.rules import GateVerdict
from journeys.customers import queries as customers
from journeys.customers.models import Customer
from journeys.outreach import queries as outreach
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


def _load(request: HttpRequest, number: str) -> Customer:
    """This will load a customer of the person's scope; 404 outside it."""
    customer = customers.one_customer(scope=scope_of(staff_of(request)), number=number)
    if customer is None:
        raise Http404
    return customer


@requires(Permission.VIEW_CUSTOMERS)
@parts.part_of("customer_page", "number")
def customer_contact(request: HttpRequest, number: str) -> HttpResponse:
    """This will show what may be sent now, what was said and who was reached, as a part of the
    customer's page."""
    customer, at = _load(request, number), clock.now()
    own, reached = queries.refusals_of(customer.pk), queries.reached(customer.pk, at=at)
    context = {
        "customer": customer,
        "channels": _channels(customer, at, has_refused=bool(own)),
        "statements": queries.statements_of(customer.pk, at=at),
        "more_refusals": own[1:],  # the page itself shows the first, and those of others
        "reached": reached,
        "contacts": _named(reached.contacts),
        "now": at,
        "may_edit": staff_of(request).may(Permission.EDIT_CONSENT),
    }
    return render(request, "journeys/contact/_customer.html", context)


def _named(contacts: Sequence[Any]) -> list[tuple[Any, str]]:
    """The contacts, each with what people call the thing that it was made for."""
    named = outreach.named_origins({made.origin for made in contacts})
    return [
        (
            made,
            named[made.origin].label
            if made.origin in named
            else outreach.words_of_origin(made.origin),
        )
        for made in contacts
    ]


def _channels(customer: Customer, at: dt.datetime, *, has_refused: bool) -> list[dict[str, Any]]:
    """A row for each channel: the answers for marketing and for service."""
    found = queries.verdicts_now(customer.pk, at=at)
    return [
        {
            "label": channel.label,
            "answers": [
                _answer(found[channel.value, purpose], at, has_refused=has_refused)
                for purpose in Purpose.values
            ],
        }
        for channel in Channel
    ]


def _answer(verdict: GateVerdict, at: dt.datetime, *, has_refused: bool) -> dict[str, Any]:
    is_now = verdict.is_open and verdict.not_before == at
    is_of_another = verdict.answer == GateAnswer.DO_NOT_CONTACT and not has_refused
    if verdict.answer == GateAnswer.CONTROL_GROUP and verdict.next_free:
        last = clock.bank_day(verdict.next_free) - dt.timedelta(days=1)
        reason = _("In the bank's control group until {day}").format(day=last)
        return {"is_open": False, "is_now": False, "reason": reason, "from": None}
    return {
        "is_open": verdict.is_open,
        "is_now": is_now,
        "reason": _("Refused by another with the same phone, ID number or e-mail")
        if is_of_another
        else GateAnswer(verdict.answer).label,
        "from": verdict.next_free or (None if is_now else verdict.not_before),
    }


def _show(
    request: HttpRequest, customer: Customer, form: Form, words: dict[str, Any]
) -> HttpResponse:
    """This will show a form about a customer, with what it is about in `words`."""
    context = {
        "form": form,
        "lead": f"{customer.shown_name} · {customer.number}",
        "back": reverse("customer_page", args=[customer.number]),
        **words,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)


@requires(Permission.EDIT_CONSENT)
def consent_new(request: HttpRequest, number: str) -> HttpResponse:
    """This will record that the customer agreed to a text."""
    customer, at = _load(request, number), clock.now()
    form = ConsentForm(request.POST or None, on=clock.bank_day(at))
    if form.is_valid():
        given = form.cleaned_data
        try:
            contact.record_consent(
                customer_id=customer.pk,
                text_id=int(given["text"]),
                channel=given["channel"],
                evidence=given["evidence"],
                actor=staff_of(request),
                at=at,
            )
        except contact.ErasedCustomer as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The consent is recorded. It can be withdrawn at any time.")
            )
            return redirect("customer_page", customer.number)
    words = {
        "title": _("Record a consent"),
        "submit": _("Record the consent"),
        "confirm": _("Did the customer say so, and is the evidence there?"),
        "note": _beside_consent(customer, form),
    }
    return _show(request, customer, form, words)


def _beside_consent(customer: Customer, form: ConsentForm) -> str:
    """This will say what hinders a consent, or what it does not change."""
    if not form.texts:
        return _("There is no text of consent in force; compliance adds one first.")
    if queries.refusals_of(customer.pk):
        return _("This customer refused marketing for good. A consent does not lift that.")
    return ""


@requires(Permission.EDIT_CONSENT)
def consent_back(request: HttpRequest, number: str) -> HttpResponse:
    """This will record that the customer takes consent back."""
    customer, at = _load(request, number), clock.now()
    holding = queries.statements_of(customer.pk, at=at).holding
    form = WithdrawalForm(request.POST or None, holding=holding)
    if form.is_valid():
        try:
            _withdraw(request, customer, form.cleaned_data, at)
        except contact.ErasedCustomer as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The withdrawal is recorded. It binds the very next sending.")
            )
            return redirect("customer_page", customer.number)
    words = {
        "title": _("Withdraw consent"),
        "submit": _("Record the withdrawal"),
        "confirm": _("Nothing more is sent for this. Record the withdrawal?"),
        "note": "" if holding else _("No consent holds that could be withdrawn."),
    }
    return _show(request, customer, form, words)


@transaction.atomic
def _withdraw(
    request: HttpRequest, customer: Customer, given: dict[str, Any], at: dt.datetime
) -> None:
    """All that was ticked, or nothing."""
    for about in given["consents"]:
        purpose, _colon, channel = about.partition(":")
        contact.withdraw_consent(
            customer_id=customer.pk,
            purpose=purpose,
            channel=channel,
            evidence=given["evidence"],
            actor=staff_of(request),
            at=at,
        )


@requires(Permission.EDIT_CONSENT)
def refusal_new(request: HttpRequest, number: str) -> HttpResponse:
    """This will record the customer's word never to be contacted again."""
    customer, at = _load(request, number), clock.now()
    form = RefusalForm(request.POST or None, initial={"said_at": at})
    if form.is_valid():
        given = form.cleaned_data
        try:
            contact.record_do_not_contact(
                customer_id=customer.pk,
                words=given["words"],
                source=given["source"],
                said_at=given["said_at"],
                actor=staff_of(request),
                at=at,
            )
        except contact.TooEarly as refusal:
            form.add_error("said_at", str(refusal))
        except contact.ErasedCustomer as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The refusal is recorded. It binds the very next sending."))
            return redirect("customer_page", customer.number)
    words = {
        "title": _("Record a refusal"),
        "submit": _("Record for ever"),
        "confirm": _("This is final: nobody can take it back. Record the refusal?"),
        "note": _("It is final. No campaign, call or file ever contacts this person again."),
        "is_grave": True,
    }
    return _show(request, customer, form, words)
