"""Noting that a call is made, after asking the gate once more."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import Channel, GateAnswer
from journeys.outreach.enums import HouseOrigin
from journeys.telemarketing import queries
from journeys.telemarketing.enums import HoldEnd, LeadState, MovePath
from journeys.telemarketing.models import Lead, LeadHold
from journeys.telemarketing.operations import holding, moving
from journeys.telemarketing.operations.refusing import LeadRefused
from portal.kit import clock
from portal.staff.models import Staff

_PROMISED_WITHIN = dt.timedelta(days=90)


def note_call(
    *, caller: Staff, at: dt.datetime, promised_at: dt.datetime | None = None
) -> LeadHold:
    """This will note that the lead in hand is called: the gate is asked once more, the contact is
    written to its ledger, the call counts, and the lead is put down. It is called again when the
    policy's hours are over, or at `promised_at`; one that was promised becomes the caller's own.
    Raises LeadRefused: where the gate says no, the lead is put down too."""
    holding.refuse_unfit(caller=caller, at=at)
    hold, answer = _note(caller, at, promised_at)
    if answer != GateAnswer.OPEN.value:
        raise LeadRefused(
            _("This lead may not be called (any more), and was put down: {why}.").format(
                why=queries.words_of(answer)
            )
        )
    return hold


@transaction.atomic
def _note(caller: Staff, at: dt.datetime, promised_at: dt.datetime | None) -> tuple[LeadHold, str]:
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=caller.pk)
    open_holds = LeadHold.objects.filter(holder=caller, ended_at=None)
    lead = _locked(open_holds.values_list("lead", flat=True).first())
    # Read once the lead is locked: another window may have put it down meanwhile.
    hold = open_holds.filter(lead=lead).first() if lead else None
    if lead is None or hold is None:
        raise LeadRefused(_("You have no lead in hand (any more); ask for the next one."))
    _refuse_promise(lead, at, promised_at)
    if lead.held_until is None or lead.held_until <= at:
        answer = GateAnswer.ALREADY.value
    else:
        answer = queries.answer_of(lead.pk, at=at)
    if answer != GateAnswer.OPEN.value:
        late = answer == GateAnswer.ALREADY.value
        how = HoldEnd.TIMED_OUT if late else HoldEnd.CLOSED
        holding.end_one(hold=hold, at=at, end=how)
        return hold, answer
    _write_contact(lead, at)
    hold.called_at = max(at, hold.taken_at)  # two windows read the clock one after the other
    holding.end_one(hold=hold, at=at, end=HoldEnd.CALLED)
    _count(lead, at, promised_at)
    if promised_at is not None and lead.owner_id is None:
        _move(lead, MovePath.CLAIM, LeadState.NEW, caller, at)
    if promised_at is not None or lead.owner_id is not None:
        _move(lead, MovePath.WORK, LeadState.WORKING, caller, at)
    return hold, answer


def _locked(lead_id: int | None) -> Lead | None:
    """The lead, locked after its customer and its phone, as whoever writes about those does."""
    if lead_id is None:
        return None
    lead = Lead.objects.get(pk=lead_id)
    if lead.customer_id is not None:
        contact.lock_customers([lead.customer_id])
    elif lead.callee is not None:
        contact.lock_callee(bytes(lead.callee))
    if lead.callee is not None:
        holding.wait_for_phone(bytes(lead.callee))
    return Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=lead.pk)


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


def _count(lead: Lead, at: dt.datetime, promised_at: dt.datetime | None) -> None:
    policy = queries.policy_of(branch_id=lead.branch_id, on=clock.bank_day(at))
    again = dt.timedelta(hours=policy.again_hours if policy else 24)
    Lead.objects.filter(pk=lead.pk).update(
        attempts=lead.attempts + 1,
        called_at=at,
        call_from=promised_at or at + again,
        promised_at=promised_at,
    )


def _move(lead: Lead, path: MovePath, state: LeadState, caller: Staff, at: dt.datetime) -> None:
    moving.move(moves=[moving.Move(lead.pk, caller.pk, state)], path=path, actor=caller, at=at)


def _refuse_promise(lead: Lead, at: dt.datetime, promised_at: dt.datetime | None) -> None:
    if promised_at is None:
        return
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
