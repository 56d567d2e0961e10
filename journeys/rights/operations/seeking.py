"""Searching for a person leaves a line in the trail: who looked for whose data, and when."""

import datetime as dt
from collections.abc import Sequence

from journeys.reveals import operations as reveals
from journeys.reveals.enums import SearchDoor
from journeys.reveals.operations import SearchRefused
from journeys.rights.queries import holdings
from journeys.rights.queries.holdings import Person, key_of
from portal.audit import operations as audit
from portal.staff.access import Scope
from portal.staff.models import Staff

__all__ = ["SearchRefused", "seek_persons"]


def seek_persons(*, scope: Scope, text: str, actor: Staff, at: dt.datetime) -> Sequence[Person]:
    """This will return the customers and leads whose number, phone, ID number, e-mail or address
    `text` is, and note whom it found; never what was typed. All but numbers are counted as
    searches by a full value first.

    Raises SearchRefused.
    """
    found = _counted(scope=scope, text=text, actor=actor, at=at)
    keys = [key_of(person) for person in found]
    audit.record(action="rights.searched", actor=actor, at=at, changes={"found": keys})
    return found


def _counted(*, scope: Scope, text: str, actor: Staff, at: dt.datetime) -> Sequence[Person]:
    asked = holdings.sealed_asked(text.strip())
    if asked is None:
        return holdings.found_by(scope=scope, text=text)
    field, value = asked
    return reveals.search_exactly(
        field=field,
        value=value,
        door=SearchDoor.RIGHTS,
        find=lambda: holdings.found_by(scope=scope, text=text),
        actor=actor,
        at=at,
    )
