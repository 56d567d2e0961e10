"""Looking for the holder of a full phone, ID number, e-mail or postal address: whoever may try as
often as they like finds what the mask hides, digit by digit. So it is counted and recorded like a
reveal, and by the same rule."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.reveals import queries
from journeys.reveals.enums import RevealField, SearchDoor
from journeys.reveals.models import ExactSearch, RevealRule
from journeys.reveals.operations.counting import count_alone
from portal.audit import operations as audit
from portal.kit import clock, sealed
from portal.staff.models import Staff

Found = TypeVar("Found")


class SearchRefused(Exception):
    """Raised where nobody is looked for; the refusal is recorded, the text is for a person."""


class NoSearchRule(SearchRefused):
    """Raised where no limit is in force."""


class SearchLimitReached(SearchRefused):
    """Raised where the person has searched as often as the day allows."""


def search_exactly(
    *,
    field: RevealField,
    value: str,
    door: SearchDoor,
    find: Callable[[], Sequence[Found]],
    actor: Staff,
    at: dt.datetime,
) -> Sequence[Found]:
    """This will count and record a search for the holder of `value`, commit that, and only then
    return what `find` finds. Whether somebody is found counts alike: both are an answer.

    Raises NoSearchRule, SearchLimitReached: then `find` is not asked, and the refusal is recorded.
    """
    # Durable: an outer transaction could still take the record back after the answer is out.
    with transaction.atomic(durable=True):
        found = record_search(field=field, value=value, door=door, find=find, actor=actor, at=at)
    if found is None:
        on = clock.bank_day(at)
        raise _refusal(queries.rule_on(on), on)
    return found


@transaction.atomic
def record_search(
    *,
    field: RevealField,
    value: str,
    door: SearchDoor,
    find: Callable[[], Sequence[Found]],
    actor: Staff,
    at: dt.datetime,
) -> Sequence[Found] | None:
    """This will count and record a search in the caller's transaction and return what `find`
    finds; None where it was refused and `find` not asked."""
    on = clock.bank_day(at)
    rule = queries.rule_on(on)
    allowed = rule.searches_per_day if rule else 0
    count_alone(what="search", actor=actor)
    used = queries.searched_on(actor=actor, day=on)
    found = find() if used < allowed else None
    row = ExactSearch.objects.create(
        actor=actor,
        branch=actor.branch,
        field=field,
        door=door,
        asked_hash=asked_hash(field, value),
        found=None if found is None else len(found),
        at=at,
        on_date=on,
        number_of_day=None if found is None else used + 1,
        allowed=allowed,
    )
    audit.record(
        action="search.refused" if row.is_refused else "search.made",
        actor=actor,
        at=at,
        changes={
            "field": field,
            "door": door,
            "found": row.found,
            "number_of_day": row.number_of_day,
            "allowed": allowed,
        },
    )
    return found


def _refusal(rule: RevealRule | None, on: dt.date) -> SearchRefused:
    if rule is None:
        return NoSearchRule(
            _(
                "No limit for searches by a full phone, ID number or e-mail is in force on {day}, "
                "so nothing was looked up. Search by customer number or name, or ask an "
                "administrator to add a reveal rule."
            ).format(day=on)
        )
    return SearchLimitReached(
        _(
            "You have searched by a full phone, ID number or e-mail as often as a day allows "
            "({limit} times), so nothing was looked up this time. Search by customer number "
            "instead, or go on tomorrow; if it cannot wait, ask a colleague or the compliance "
            "officer."
        ).format(limit=rule.searches_per_day)
    )


def asked_hash(field: RevealField, value: str) -> bytes:
    """This will return what is kept of a value that was searched for. It is under a label of its
    own, so that it stands beside no customer's index."""
    return sealed.lasting_index(value, f"search.{field.value}")
