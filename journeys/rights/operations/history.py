"""What every step of a request leaves behind, and the lock that every step takes."""

import datetime as dt
from typing import Any

from django.db import connection

from journeys.rights.enums import RightsEventKind, RightsState
from journeys.rights.models import RightsEvent, RightsRequest
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.models import Staff


class NotInState(Exception):
    """Raised when a request is not in a state in which the step is possible."""


class WordsMissing(Exception):
    """Raised when a step lacks the words that it must leave."""


class IdentityMissing(Exception):
    """Raised when data would be handed out or changed before the identity was checked."""


def next_number(*, day: dt.date) -> str:
    """This will give out a number that no other request has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journeys_rights_number')")
        return f"R{day:%Y}-{cursor.fetchone()[0]:06d}"


def plain_words(text: str) -> str:
    """This will mask the numbers in what somebody wrote. Raises WordsMissing."""
    masked = masking.mask_text(text.strip())
    if not masked:
        raise WordsMissing
    return masked


def locked(request_id: int, *states: RightsState) -> RightsRequest:
    """This will lock a request that must be in one of the states. Raises NotInState."""
    rows = RightsRequest.objects.select_for_update(of=("self",), no_key=True)
    request = rows.select_related("customer", "lead").get(pk=request_id)
    if request.state not in states:
        raise NotInState(request.number)
    return request


def locked_with_identity(request_id: int) -> RightsRequest:
    """This will lock an open request whose person is known to be the one who asks. Raises
    NotInState and IdentityMissing."""
    request = locked(request_id, RightsState.OPEN)
    if not request.has_identity:
        raise IdentityMissing(request.number)
    return request


def add_event(
    *,
    request: RightsRequest,
    kind: RightsEventKind,
    actor: Staff | None,
    at: dt.datetime,
    words: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    """This will add a step to the history and to the audit trail, which gets no words."""
    RightsEvent.objects.create(request=request, kind=kind, at=at, actor=actor, words=words)
    audit.record(action=f"rights.{kind.value}", actor=actor, at=at, target=request, changes=changes)
