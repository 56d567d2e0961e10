"""What every step of a case or complaint leaves behind."""

import datetime as dt

from django.db import connection

from journeys.care import rules
from journeys.care.enums import CareEventKind
from journeys.care.models import CareEvent, Complaint, ServiceCase
from journeys.contact.enums import PauseKind
from journeys.contact.models import MarketingPause
from portal.audit import operations as audit
from portal.staff.models import Staff

_NUMBERED: dict[PauseKind, tuple[str, type[Complaint | ServiceCase]]] = {
    PauseKind.COMPLAINT: ("P", Complaint),
    PauseKind.CASE: ("S", ServiceCase),
}


def next_number(*, kind: PauseKind, day: dt.date) -> str:
    """This will give out a number that no complaint or case has, of whatever source: numbers that
    a file brought in before are passed over."""
    letter, model = _NUMBERED[kind]
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('journeys_care_number')")
            number = rules.house_number(letter, day.year, cursor.fetchone()[0])
        paused = MarketingPause.objects.filter(kind=kind, reference=number)
        if not (model.objects.filter(number=number).exists() or paused.exists()):
            return number


def add_event(
    *,
    thing: Complaint | ServiceCase,
    kind: CareEventKind,
    actor: Staff | None,
    at: dt.datetime,
    words: str = "",
) -> None:
    """This will add a step to the history and to the audit trail, which gets no words."""
    CareEvent.objects.create(
        complaint=thing if isinstance(thing, Complaint) else None,
        case=thing if isinstance(thing, ServiceCase) else None,
        kind=kind,
        at=at,
        actor=actor,
        words=words,
    )
    topic = "complaint" if isinstance(thing, Complaint) else "case"
    audit.record(action=f"{topic}.{kind.value}", actor=actor, at=at, target=thing)
