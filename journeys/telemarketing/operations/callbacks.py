"""Handing over what was promised where its owner is away: none is ever without one who is there."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.telemarketing import queries
from journeys.telemarketing.enums import MovePath, NextStep, OwnerWhy
from journeys.telemarketing.models import Callback, Lead, LeadCall
from journeys.telemarketing.operations import moving, promises
from journeys.telemarketing.operations.refusing import LeadRefused
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.enums import Role
from portal.staff.models import Staff


def keep_promise(*, call: LeadCall, at: dt.datetime) -> None:
    """This will write down what a call promised, with a deputy who is there on that day; where the
    caller is not, it goes to the deputy as soon as the call is kept."""
    if call.next_step != NextStep.CALLBACK or call.again_at is None:
        return
    on, caller = clock.bank_day(call.again_at), call.caller
    found = queries.stand_ins(lead=call.lead, away=caller, deputy_id=None, on=on)
    deputies = [one for one, why in found if why != OwnerWhy.MANAGER]
    promises.make(call=call, deputy_id=deputies[0].pk if deputies else None)
    if caller.pk not in queries.there_among([caller], on=on):
        transaction.on_commit(lambda: hand_over_callbacks(at=at, staff_id=caller.pk))


def hand_over_callbacks(*, at: dt.datetime, staff_id: int | None = None) -> int:
    """This will give each promise that nobody is there to keep, of one person or of all, to whoever
    stands in, its lead with it, and return how many those were. What somebody has in hand at this
    moment is left to the next time."""
    return sum(
        _hand_over(callback_id, at)
        for callback_id in queries.without_owner(at=at, staff_id=staff_id)
    )


@transaction.atomic
def _hand_over(callback_id: int, at: dt.datetime) -> bool:
    seen = Callback.objects.select_related("owner", "lead__branch").get(pk=callback_id)
    on = queries.day_of(seen, at=at)
    new, why = seen.owner, OwnerWhy(seen.why)
    if seen.owner_id not in queries.there_among([seen.owner], on=on):
        found = queries.stand_ins(lead=seen.lead, away=seen.owner, deputy_id=seen.deputy_id, on=on)
        if not found:
            return False
        new, why = found[0]
    # The person before the lead before the promise, as everywhere.
    list(Staff.objects.filter(pk=new.pk).select_for_update(of=("self",), no_key=True))
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=seen.lead_id)
    row = Callback.objects.select_for_update(of=("self",)).get(pk=callback_id)
    if row.ended_at is not None or row.owner_id != seen.owner_id:
        return False  # somebody was faster
    is_lead_given = _give_lead(lead, new, at)
    if new.pk == row.owner_id:
        return is_lead_given
    old, row.owner, row.why = row.owner, new, why.value
    row.deputy = None if row.deputy_id == new.pk else row.deputy
    row.save(update_fields=["owner", "why", "deputy"])
    changes = {"staff": f"{old.username} → {new.username}", "why": why.value}
    audit.record(action="callbacks.handed_over", actor=None, at=at, target=lead, changes=changes)
    return True


def _give_lead(lead: Lead, person: Staff, at: dt.datetime) -> bool:
    """Whether the lead went along; one in the pool is given to whoever asks, and a manager has
    none."""
    if lead.owner_id in (None, person.pk) or person.role != Role.TELEMARKETER:
        return False
    one = moving.Move(lead.pk, person.pk, lead.state)
    try:
        moving.move(
            moves=[one], path=MovePath.COVER, actor=None, at=at,
            why=_("The owner of the promise is away."),
        )  # fmt: skip
    except LeadRefused:
        return False
    return True
