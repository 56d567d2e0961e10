"""Planning meetings, and what is written down after them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.partnerships.models import Partnership
from merchants.windows.enums import MeetingState
from merchants.windows.models import Meeting, MeetingPerson
from merchants.windows.operations.guards import WindowNotAllowed, contact_at, led, words
from merchants.windows.operations.notes import move_note
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


@dataclass(frozen=True)
class Discussed:
    """A note that was talked about: where it goes, after which of its moves, what was learnt."""

    note_id: int
    to: str
    after: int
    words: str


@transaction.atomic
def plan_meeting(
    *,
    partnership_id: int,
    on_date: dt.date,
    at_time: dt.time | None,
    purpose: str,
    contacts: Sequence[str],
    actor: Staff,
    at: dt.datetime,
) -> Meeting:
    """This will plan a meeting with a partner; `contacts` are the numbers of the persons there.
    Raises WindowNotAllowed."""
    partnership = led(partnership_id=partnership_id, actor=actor)
    _check_day(on_date, at)
    meeting = Meeting.objects.create(
        partnership=partnership, on_date=on_date, at_time=at_time,
        purpose=words(purpose, missing=_("Say what the meeting is for.")), planned_by=actor,
        planned_at=at,
    )  # fmt: skip
    _set_people(meeting, partnership, contacts)
    audit.record(
        action="meeting.planned", actor=actor, at=at, target=meeting,
        changes={"partnership": partnership.pk, "day": on_date.isoformat()},
    )  # fmt: skip
    return meeting


@transaction.atomic
def change_meeting(
    *,
    meeting_id: int,
    on_date: dt.date,
    at_time: dt.time | None,
    purpose: str,
    contacts: Sequence[str],
    actor: Staff,
    at: dt.datetime,
) -> Meeting:
    """This will put a planned meeting to another day, hour, purpose or persons. Raises
    WindowNotAllowed."""
    meeting = _planned(meeting_id, actor)
    _check_day(on_date, at)
    before = meeting.on_date
    meeting.on_date, meeting.at_time = on_date, at_time
    meeting.purpose = words(purpose, missing=_("Say what the meeting is for."))
    meeting.save(update_fields=["on_date", "at_time", "purpose"])
    meeting.people.all().delete()
    _set_people(meeting, meeting.partnership, contacts)
    audit.record(
        action="meeting.changed", actor=actor, at=at, target=meeting,
        changes={"day": {"before": before.isoformat(), "after": on_date.isoformat()}},
    )  # fmt: skip
    return meeting


@transaction.atomic
def hold_meeting(
    *,
    meeting_id: int,
    result: str,
    discussed: Sequence[Discussed],
    actor: Staff,
    at: dt.datetime,
) -> Meeting:
    """This will write down what came of a meeting, and move the notes that were discussed, all or
    none. Raises WindowNotAllowed, MovedMeanwhile."""
    meeting = _planned(meeting_id, actor)
    if meeting.on_date > clock.bank_day(at):
        raise WindowNotAllowed(_("This meeting is still to come: change its day first."))
    own = set(meeting.partnership.notes.values_list("pk", flat=True))
    if not own.issuperset(row.note_id for row in discussed):
        raise WindowNotAllowed(_("A note of another partnership was not discussed here."))
    for one in sorted(discussed, key=lambda row: row.note_id):
        move_note(
            note_id=one.note_id, to=one.to, after=one.after, said=one.words, actor=actor, at=at,
            meeting_id=meeting.pk,
        )  # fmt: skip
    return _settle(meeting, MeetingState.HELD, "meeting.held", result, actor, at)


@transaction.atomic
def call_off_meeting(*, meeting_id: int, why: str, actor: Staff, at: dt.datetime) -> Meeting:
    """This will call a meeting off, and keep why. Raises WindowNotAllowed."""
    meeting = _planned(meeting_id, actor, must_be_open=False)
    return _settle(meeting, MeetingState.CALLED_OFF, "meeting.called_off", why, actor, at)


def _planned(meeting_id: int, actor: Staff, must_be_open: bool = True) -> Meeting:
    of = Meeting.objects.values_list("partnership_id", flat=True).get(pk=meeting_id)
    partnership = led(partnership_id=of, actor=actor, must_be_open=must_be_open)
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)
    meeting.partnership = partnership
    if not meeting.is_planned:
        sentence = _("This meeting is over: {state}.")
        raise WindowNotAllowed(sentence.format(state=meeting.get_state_display()))
    return meeting


def _settle(
    meeting: Meeting, state: MeetingState, action: str, said: str, actor: Staff, at: dt.datetime
) -> Meeting:
    meeting.result = words(said, missing=_("Say in a line what came of it, or why not."))
    meeting.state, meeting.settled_by, meeting.settled_at = state, actor, at
    meeting.save(update_fields=["state", "settled_by", "settled_at", "result"])
    audit.record(
        action=action, actor=actor, at=at, target=meeting, reason=meeting.result,
        changes={"partnership": meeting.partnership_id},
    )  # fmt: skip
    return meeting


def _check_day(on_date: dt.date, at: dt.datetime) -> None:
    if on_date < clock.bank_day(at):
        raise WindowNotAllowed(_("A meeting is planned for today or later."))


def _set_people(meeting: Meeting, partnership: Partnership, numbers: Sequence[str]) -> None:
    for number in dict.fromkeys(numbers):
        person = contact_at(partnership.merchant, number)
        MeetingPerson.objects.create(meeting=meeting, contact=person)
