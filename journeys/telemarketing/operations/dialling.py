"""The number of the lead in hand: shown to be dialled, or handed to the telephone system, and what
that tells of the call."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact.enums import GateAnswer
from journeys.reveals import queries as limits
from journeys.telemarketing import queries
from journeys.telemarketing.enums import DialWay, HoldEnd
from journeys.telemarketing.models import Lead, LeadDial, LeadHold
from journeys.telemarketing.operations import holding, scripts
from journeys.telemarketing.operations.refusing import LeadRefused
from portal.audit import operations as audit
from portal.kit import clock, sealed
from portal.kit.fields import SealedField
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
        raise _closed(answer)
    return Dialled(number, row)


def ask_to_dial(*, caller: Staff, at: dt.datetime) -> LeadDial:
    """This will have the telephone system dial the lead in hand, counted like a number that is
    shown. Raises LeadRefused."""
    holding.refuse_unfit(caller=caller, at=at)
    row, answer = _record(caller, DialWay.SYSTEM, at)
    if row is None:
        raise _closed(answer)
    return row


def _closed(answer: str) -> LeadRefused:
    return LeadRefused(
        _("This lead may not be called (any more), and was put down: {why}.").format(
            why=queries.words_of(answer)
        )
    )


@transaction.atomic
def _record(caller: Staff, way: DialWay, at: dt.datetime) -> tuple[LeadDial | None, str]:
    """Write down that somebody dials; None with the gate's answer where it says no."""
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=caller.pk)
    hold = LeadHold.objects.filter(holder=caller, ended_at=None).first()
    if hold is None:
        raise LeadRefused(_("You have no lead in hand (any more); ask for the next one."))
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=hold.lead_id)
    if lead.holder_id != caller.pk:
        raise LeadRefused(_("You have no lead in hand (any more); ask for the next one."))
    is_late = lead.held_until is None or lead.held_until <= at
    answer = GateAnswer.ALREADY.value if is_late else queries.answer_of(lead.pk, at=at)
    if answer != GateAnswer.OPEN.value:
        how = HoldEnd.TIMED_OUT if is_late else HoldEnd.CLOSED
        holding.end_one(hold=hold, at=at, end=how)
        return None, answer
    on = clock.bank_day(at)
    used, allowed = _counted(caller, on)
    row = LeadDial.objects.create(
        hold=hold, asked_by=caller, at=max(at, hold.taken_at), on_date=on, number_of_day=used + 1,
        allowed=allowed, way=way,
    )  # fmt: skip
    audit.record(
        action="leads.dialled", actor=caller, at=at, target=lead,
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
    lead = row.hold.lead
    column = Lead._meta.get_field("phone_sealed")
    assert isinstance(column, SealedField)  # noqa: S101 (of our own model)
    try:
        return sealed.unseal(bytes(lead.phone_sealed or b""), column.seal)
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
