"""Searching for a person leaves a line in the trail: who looked for whose data, and when."""

import datetime as dt
from collections.abc import Sequence

from journeys.rights.queries.holdings import Person, key_of
from portal.audit import operations as audit
from portal.staff.models import Staff


def note_search(*, found: Sequence[Person], actor: Staff, at: dt.datetime) -> None:
    """This will note a search with the keys of those it found; never what was typed."""
    keys = [key_of(person) for person in found]
    audit.record(action="rights.searched", actor=actor, at=at, changes={"found": keys})
