"""What every step of a case or complaint leaves behind."""

import datetime as dt

from django.db import connection

from journeys.care.enums import CareEventKind
from journeys.care.models import CareEvent, Complaint, ServiceCase
from portal.audit import operations as audit
from portal.staff.models import Staff


def next_number(*, letter: str, day: dt.date) -> str:
    """This will give out a number that no other row made here has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journeys_care_number')")
        return f"{letter}{day:%Y}-{cursor.fetchone()[0]:06d}"


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
