"""Noting that a call is made, after asking the gate once more: the path beneath every wrap-up."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import Channel, GateAnswer
from journeys.outreach.enums import HouseOrigin
from journeys.telemarketing import queries
from journeys.telemarketing.enums import HoldEnd
from journeys.telemarketing.models import Lead, LeadHold
from journeys.telemarketing.operations import holding
from journeys.telemarketing.operations.refusing import LeadRefused
from portal.kit import clock, sealed
from portal.staff.models import Staff

_PROMISED_WITHIN = dt.timedelta(days=90)


def lock_hold(*, caller: Staff, widely: bool) -> LeadHold:
    """This will lock what a person has in hand: the person, then the customers of the lead and of
    its phone, the phone, and the lead, as whoever writes about those does. Where it is locked
    `widely`, all who share something with those customers are locked too, and all the
    leads of the phone and of the lead's customer. Raises LeadRefused where nothing is in hand."""
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=caller.pk)
    open_holds = LeadHold.objects.filter(holder=caller, ended_at=None)
    lead = _locked(open_holds.values_list("lead", flat=True).first(), widely)
    # Read once the lead is locked: another window may have put it down meanwhile.
    hold = open_holds.filter(lead=lead).first() if lead else None
    if lead is None or hold is None:
        raise LeadRefused(_("You have no lead in hand (any more); ask for the next one."))
    hold.lead = lead
    return hold


def _locked(lead_id: int | None, widely: bool) -> Lead | None:
    if lead_id is None:
        return None
    lead = Lead.objects.get(pk=lead_id)
    if widely and lead.phone_sealed is not None:
        contact.lock_called(phone_of(lead), customer_id=lead.customer_id)
    elif lead.customer_id is not None:
        contact.lock_customers([lead.customer_id])
    elif lead.callee is not None:
        contact.lock_callee(bytes(lead.callee))
    if lead.callee is not None:
        holding.wait_for_phone(bytes(lead.callee))
    rows = Lead.objects.filter(same_person(lead) if widely else Q(pk=lead.pk))
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    return Lead.objects.get(pk=lead.pk)


def same_person(lead: Lead) -> Q:
    """This will tell which leads are of the same phone or customer as a lead, itself included."""
    same = Q(pk=lead.pk)
    if lead.callee is not None:
        same |= Q(callee=bytes(lead.callee))
    if lead.customer_id is not None:
        same |= Q(customer=lead.customer_id)
    return same


def phone_of(lead: Lead) -> str:
    """This will unseal the phone of a lead."""
    return sealed.unseal(bytes(lead.phone_sealed), "lead.phone")


def answer_of_gate(*, hold: LeadHold, at: dt.datetime) -> str:
    """This will ask the gate once more about a locked lead in hand. Of a call that was begun
    through the gate before, the answer of then holds."""
    if hold.called_at is not None:
        return GateAnswer.OPEN.value
    until = hold.lead.held_until
    if until is None or until <= at:
        return GateAnswer.ALREADY.value
    return queries.answer_of(hold.lead_id, at=at)


def put_down_unmade(*, hold: LeadHold, answer: str, at: dt.datetime) -> None:
    """This will put down a locked lead that the gate does not let be called."""
    late = answer == GateAnswer.ALREADY.value
    holding.end_one(hold=hold, at=at, end=HoldEnd.TIMED_OUT if late else HoldEnd.CLOSED)


def note_call(
    *, hold: LeadHold, at: dt.datetime, call_from: dt.datetime | None, promised: bool
) -> None:
    """This will note that a locked lead in hand was called, which the gate allows: the contact is
    written to its ledger, the call counts, and the lead is put down. It is called again from
    `call_from` on, which may be `promised`."""
    lead = hold.lead
    if hold.called_at is None:
        _write_contact(lead, at)
        hold.called_at = max(at, hold.taken_at)  # two windows read the clock one after the other
    holding.end_one(hold=hold, at=at, end=HoldEnd.CALLED)
    Lead.objects.filter(pk=lead.pk).update(
        attempts=lead.attempts + 1,
        called_at=hold.called_at,
        call_from=call_from,
        promised_at=call_from if promised else None,
    )


def _write_contact(lead: Lead, at: dt.datetime) -> None:
    """The first call that a message asked for has its contact already; each other gets one. Where
    the lead is no customer, each customer who answers its phone does."""
    key = queries.own_key(lead)
    if lead.customer_id is None:
        if lead.callee is not None:
            contact.write_contacts(
                callee=bytes(lead.callee), origin=HouseOrigin.CALLS, dedup_key=key, at=at
            )
        return
    purpose, asked = queries.question_of(lead)
    if asked != key:
        contact.move_contacts(causes=[(lead.customer_id, asked)], at=at)
        return
    contact.reserve_contacts(
        customer_ids=[lead.customer_id], purpose=purpose, channels=[Channel.PHONE],
        origin=HouseOrigin.CALLS, dedup_key=key, at=at,
    )  # fmt: skip


def refuse_promise(*, lead: Lead, at: dt.datetime, promised_at: dt.datetime | None) -> None:
    """This will refuse a promise that nobody could keep. Raises LeadRefused."""
    if promised_at is None:
        raise LeadRefused(_("Say for when the call was promised."))
    if not at < promised_at <= at + _PROMISED_WITHIN:
        raise LeadRefused(_("Promise a call from now on, within 90 days."))
    code = lead.branch.division_code
    opening = gate.openings(codes=[code], channel=Channel.PHONE, at=promised_at)[code]
    if opening.planned != promised_at:
        if opening.planned is None:
            raise LeadRefused(_("The hours of calls on that day are not known; choose another."))
        first = clock.bank_time(opening.planned)
        raise LeadRefused(
            _("Nobody is called at that time; the next one is {when}.").format(
                when=f"{first:%Y-%m-%d %H:%M}"
            )
        )
