"""The number of the lead in hand: shown to be dialled, or handed to the telephone system, and what
that tells of the call."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact.enums import GateAnswer
from journeys.reveals import queries as limits
from journeys.telemarketing import queries
from journeys.telemarketing.enums import DialWay
from journeys.telemarketing.models import LeadDial
from journeys.telemarketing.operations import calling, holding, scripts
from journeys.telemarketing.operations.refusing import LeadRefused, put_down_words
from portal.audit import operations as audit
from portal.kit import clock, sealed
from portal.staff.models import Staff

# For how long a telephone system may take up what it is to dial: later the caller has asked again.
TAKEN_WITHIN = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Dialled:
    """A number in full, for one answer and nothing else."""

    number: str
    dial: LeadDial


def show_number(*, caller: Staff, at: dt.datetime) -> Dialled:
    """This will record that the number of the lead in hand is shown to be dialled, commit that, and
    only then return it. The gate is asked at this instant; where it says no, the lead is put down.
    Raises LeadRefused."""
    holding.refuse_unfit(caller=caller, at=at)
    # Durable: an outer transaction could still take the record back after the number is out.
    with transaction.atomic(durable=True):
        row, answer = _record(caller, DialWay.SHOWN, at)
        number = _number_of(row) if row else ""
    if row is None:
        raise LeadRefused(put_down_words(answer))
    return Dialled(number, row)


def ask_to_dial(*, caller: Staff, at: dt.datetime) -> LeadDial:
    """This will have the telephone system dial the lead in hand, counted like a number that is
    shown. Raises LeadRefused."""
    holding.refuse_unfit(caller=caller, at=at)
    row, answer = _record(caller, DialWay.SYSTEM, at)
    if row is None:
        raise LeadRefused(put_down_words(answer))
    return row


@transaction.atomic
def _record(caller: Staff, way: DialWay, at: dt.datetime) -> tuple[LeadDial | None, str]:
    """Write down that somebody dials; None with the gate's answer where it says no."""
    hold = calling.lock_hold(caller=caller, widely=False)
    answer = calling.answer_of_gate(hold=hold, at=at)
    if answer != GateAnswer.OPEN.value:
        calling.put_down_unmade(hold=hold, answer=answer, at=at)
        return None, answer
    on = clock.bank_day(at)
    used, allowed = _counted(caller, on)
    row = LeadDial.objects.create(
        hold=hold, asked_by=caller, at=max(at, hold.taken_at), on_date=on, number_of_day=used + 1,
        allowed=allowed, way=way,
    )  # fmt: skip
    audit.record(
        action="leads.dialled", actor=caller, at=at, target=hold.lead,
        changes={"way": way.value, "number_of_day": used + 1, "allowed": allowed},
    )  # fmt: skip
    scripts.note_scripts(hold=hold, at=row.at)
    return row, answer


def _counted(caller: Staff, on: dt.date) -> tuple[int, int]:
    """How many the person dialled on this day, and how many are allowed, which is more."""
    rule = limits.rule_on(on)
    if rule is None:
        raise LeadRefused(
            _("No limit of numbers to dial is in force, so none is shown. Tell an administrator.")
        )
    used = LeadDial.objects.filter(asked_by=caller, on_date=on).count()
    if used >= rule.dials_per_day:
        raise LeadRefused(
            _(
                "You have dialled {used} of {limit} numbers today. Go on tomorrow; if it cannot "
                "wait, ask a colleague or the compliance officer."
            ).format(used=used, limit=rule.dials_per_day)
        )
    return used, rule.dials_per_day


def _number_of(row: LeadDial) -> str:
    try:
        return calling.phone_of(row.hold.lead)
    except sealed.SealBroken as broken:
        raise LeadRefused(
            _("The number cannot be opened: its key is missing. Tell an administrator.")
        ) from broken


@transaction.atomic
def take_orders(*, at: dt.datetime) -> list[tuple[LeadDial, str]]:
    """This will hand the telephone system what it is to dial, each once, with its number: what was
    asked for within the last minute by those who have the lead in hand still, and may call it
    still."""
    rows = LeadDial.objects.filter(
        way=DialWay.SYSTEM, taken_at=None, at__gt=at - TAKEN_WITHIN, hold__ended_at=None,
        hold__lead__held_until__gt=at,
    )  # fmt: skip
    locked = rows.select_for_update(of=("self",), skip_locked=True).select_related(
        "hold__lead", "asked_by"
    )
    found = []
    for row in locked.order_by("pk"):
        if queries.answer_of(row.hold.lead_id, at=at) != GateAnswer.OPEN.value:
            continue
        row.taken_at = max(at, row.at)
        row.save(update_fields=["taken_at"])
        found.append((row, _number_of(row)))
    return found


@transaction.atomic
def note_line(*, username: str, event: str, reference: str, at: dt.datetime) -> LeadDial | None:
    """This will note what the telephone system tells of a caller: a call `began` for the lead in
    hand, or the one that began before `ended`. Told again it changes nothing. None where this
    person dialled nothing that it could be about."""
    rows = LeadDial.objects.filter(asked_by__username=username).order_by("-pk")
    rows = rows.select_for_update(of=("self",))
    if reference and (known := rows.filter(reference=reference).first()):
        row: LeadDial | None = known
    elif event == "began":
        row = rows.filter(hold__ended_at=None, began_at=None).first()
    else:
        row = rows.filter(began_at__isnull=False, ended_at=None).first()
    if row is None or not _changes(row, event, at):
        return row
    row.reference = row.reference or reference
    row.save(update_fields=["reference", "began_at", "ended_at"])
    return row


def _changes(row: LeadDial, event: str, at: dt.datetime) -> bool:
    now = max(at, row.at)
    if event == "began" and row.began_at is None:
        row.began_at = now
        return True
    if event == "ended" and row.ended_at is None and row.began_at is not None:
        row.ended_at = max(now, row.began_at)
        return True
    return False
