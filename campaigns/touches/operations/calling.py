"""Calls: what a step put into the pool of the telephone is taken out again where the person has
left the plan; whoever is on it is told, and ends it like any other.

A sweep reads no more than the marks of those who left (`LeftCall`), and one sixtieth of the calls
that are not over for each minute since the last one asked about (`CallTurn`): of what somebody
spends there is no mark, so each is asked about once an hour, at a minute of its own. Each batch of
a version stands or falls alone.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from campaigns.planning import queries as planning
from campaigns.touches import queries
from campaigns.touches.enums import CALLS_BACK
from campaigns.touches.models import LeftCall
from campaigns.touches.operations import leaving
from campaigns.touches.operations.alone import alone
from campaigns.touches.rules import naming, turns
from journeys.outreach import operations as outreach
from journeys.outreach import queries as messages
from journeys.outreach.enums import Failure
from portal.kit.registry import registry

BATCH = 1_000
_FAULT = "Calls of version %s could not be looked after"
# Whoever sweeps beside this one, and is behind, turns nothing back.
_NOTE = """
INSERT INTO campaigns_callturn AS noted (id, asked_until) VALUES (1, %(minute)s)
ON CONFLICT (id) DO UPDATE SET asked_until = excluded.asked_until
WHERE noted.asked_until < excluded.asked_until OR noted.asked_until > %(believed)s
"""


@dataclass(frozen=True)
class _Call:
    """The message of a step that was told the telephone, and the stay that it is of."""

    stay: queries.Stay
    cause: tuple[int, str]

    @property
    def is_over(self) -> bool:
        return self.stay.because in CALLS_BACK


def recall_calls(*, at: dt.datetime) -> int:
    """This will take out of the pool what steps put there for people who have left their plan since
    by its goal, an exit, or because it is not about them any more, tell whoever is on one of their
    calls, and return how many were taken out."""
    if registry.pool is None:
        return 0
    taken = 0
    for version_id in queries.versions_left_on_calls():
        taken += _recall_marked(version_id, at)
    for minute in turns.minutes_to_ask(queries.calls_asked_until(), at):
        for version_id, batch in _whose_turn(minute, at):
            taken += alone(partial(_recall_due, batch, at), _FAULT, version_id)
        _note(minute, at)
    return taken


def _recall_marked(version_id: int, at: dt.datetime) -> int:
    taken, after = 0, 0
    while steps := queries.steps_left_on_calls(version_id, after=after, most=BATCH):
        after = steps[-1]
        taken += alone(partial(_recall_steps, steps, at), _FAULT, version_id)
    return taken


@transaction.atomic
def _recall_steps(step_ids: Sequence[int], at: dt.datetime) -> int:
    """Of those who left. The mark of a call stays that may still come, or that somebody else has
    locked."""
    marks = LeftCall.objects.filter(step__in=step_ids).order_by("step")
    own = list(marks.select_for_update(skip_locked=True).values_list("step", flat=True))
    places = queries.places_of_steps(own)
    causes = _causes_of(set(places.values()))
    taken = _take_back(sorted(causes.values()), at)
    open_still = messages.not_called_yet(sorted(causes.values()))
    done = [step for step in own if causes.get(places[step]) not in open_still]
    LeftCall.objects.filter(step__in=done).delete()
    return taken


def _note(minute: dt.datetime, at: dt.datetime) -> None:
    """That the calls of this minute were asked about: minute by minute, so that a sweep that is cut
    off goes on where it was."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"minute": minute, "believed": at + turns.AHEAD})


def _whose_turn(minute: dt.datetime, at: dt.datetime) -> list[tuple[int, Sequence[_Call]]]:
    """The calls whose turn a minute is, in batches of a version."""
    named = {
        cause: parts
        for cause in messages.calls_of_turn(turn=minute.minute, prefix=naming.PREFIX, at=at)
        if (parts := naming.parts_of(cause[1])) is not None
    }
    stays = queries.stays_of([(cause[0], *parts) for cause, parts in named.items()])
    calls = [
        _Call(stay, cause)
        for cause, (campaign, _code, rotation) in named.items()
        if (stay := stays.get((cause[0], campaign, rotation))) is not None
    ]
    calls.sort(key=lambda one: (one.stay.version_id, one.stay.enrolment_id, one.cause))
    batches: list[tuple[int, Sequence[_Call]]] = []
    for version_id, group in itertools.groupby(calls, key=lambda one: one.stay.version_id):
        own = list(group)
        batches += [(version_id, own[first : first + BATCH]) for first in range(0, len(own), BATCH)]
    return batches


def _recall_due(calls: Sequence[_Call], at: dt.datetime) -> int:
    """Somebody's goal or exit may have come, though he is asked about no more. His leaving is a
    transaction of its own: each locks stays by one statement."""
    asked = {one.stay for one in calls if not one.is_over}
    reached = leaving.reached_in(asked, planning.plans_of({one.version_id for one in asked}), at=at)
    over = [one.cause for one in calls if one.is_over or one.stay.enrolment_id in reached]
    with transaction.atomic():
        taken = _take_back(over, at)
    leaving.leave(leavers=[(stay, *why) for stay, why in sorted(reached.items())], at=at)
    return taken


def _take_back(causes: Sequence[tuple[int, str]], at: dt.datetime) -> int:
    gone = outreach.call_off(causes=causes, failure=Failure.LEFT, at=at)
    outreach.tell_callers(causes=[one for one in causes if one not in gone], at=at)
    return len(gone)


def _causes_of(
    places: set[tuple[int, int, str, int]],
) -> dict[tuple[int, int, str, int], tuple[int, str]]:
    """The latest cause of each place (customer, campaign, code, rotation): a step may have been
    told in several turns."""
    customers = sorted({place[0] for place in places})
    latest: dict[tuple[int, int, str, int], tuple[int, str]] = {}
    for one in messages.written_to(customer_ids=customers, prefix=naming.PREFIX):
        parts = naming.parts_of(one.dedup_key)
        if parts is not None and (one.customer_id, *parts) in places:
            latest[one.customer_id, *parts] = (one.customer_id, one.dedup_key)
    return latest
