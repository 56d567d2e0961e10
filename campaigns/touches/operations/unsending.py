"""Messages of steps that reached nobody: the step says so and why, or goes by the next of its
channels where the person could only not be reached by this one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction

from campaigns.planning import queries as planning
from campaigns.touches import queries
from campaigns.touches.enums import StepAnswer, StepState
from campaigns.touches.operations import holding, recalling
from campaigns.touches.rules import naming
from journeys.outreach.enums import Failure, FailureKind
from portal.kit.outgoing import Unsent

_AT_ONCE = 10_000
# More than are told at once: their stays are locked before the first part, in one order.
_STAYS = """
SELECT stay.id FROM campaigns_enrolment stay
JOIN unnest(%(customers)s::bigint[], %(campaigns)s::bigint[], %(rotations)s::int[])
    AS named(customer_id, campaign_id, rotation) USING (customer_id, campaign_id, rotation)
ORDER BY stay.id FOR NO KEY UPDATE OF stay
"""
_LOCKED = f"""
SELECT step.id, step.enrolment_id, step.version_id, step.code, step.tried,
       step.valid_until > %(at)s AND ({recalling.GOES_ON})
FROM campaigns_touchstep step JOIN campaigns_enrolment stay ON stay.id = step.enrolment_id
WHERE step.state = 'sent' AND (step.enrolment_id, step.code)
    IN (SELECT * FROM unnest(%(ids)s::bigint[], %(codes)s::text[]))
ORDER BY step.id FOR NO KEY UPDATE OF step
"""
_END = """
UPDATE campaigns_touchstep step
SET state = said.state, answer = said.answer, answered_at = %(at)s, due_at = NULL, next_free = NULL
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(answers)s::text[]) AS said(id, state, answer)
WHERE step.id = said.id
"""
_GO_ON = """
UPDATE campaigns_touchstep step
SET state = 'waiting', answer = '', channel = '', variant = '', due_at = %(at)s, next_free = NULL,
    answered_at = NULL, tried = said.tried
FROM unnest(%(ids)s::bigint[], %(tried)s::text[]) AS said(id, tried)
WHERE step.id = said.id
"""
_INSIDE_AGAIN = """
UPDATE campaigns_enrolment SET state = 'inside', left_at = NULL, left_because = ''
WHERE id = ANY(%(ids)s) AND state = 'left'
"""
# What was called off since its reward was taken back waits again by another hand (`recalling`).
_NOT_OURS = {Failure.REPLACED.value}


def note_unsent(*, unsent: Sequence[Unsent], at: dt.datetime) -> None:
    """This will have the steps of these messages say what became of them. It is told in the
    transaction that ends the messages; whatever is not of a touch plan is left alone.

    A step that has a further channel, while its days last and the person is not out of the plan
    otherwise, is due again by that one where the address was at fault: a stay that had finished by
    the step is open again, unless the person has entered another one since.
    """
    ours = [
        (one, parts)
        for one in unsent
        if one.why not in _NOT_OURS and (parts := naming.parts_of(one.dedup_key)) is not None
    ]
    if len(ours) > _AT_ONCE:
        _hold_all(ours)
    for first in range(0, len(ours), _AT_ONCE):
        _note(ours[first : first + _AT_ONCE], at)


def _hold_all(ours: Sequence[tuple[Unsent, tuple[int, str, int]]]) -> None:
    values: dict[str, Any] = {
        "customers": [one.customer_id for one, _parts in ours],
        "campaigns": [campaign for _one, (campaign, _code, _rotation) in ours],
        "rotations": [rotation for _one, (_campaign, _code, rotation) in ours],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STAYS, values)


def _note(some: Sequence[tuple[Unsent, tuple[int, str, int]]], at: dt.datetime) -> None:
    stays = queries.stays_of([(one.customer_id, *parts) for one, parts in some])
    about = {
        (stay.enrolment_id, code): one
        for one, (campaign_id, code, rotation) in some
        if (stay := stays.get((one.customer_id, campaign_id, rotation))) is not None
    }
    if not about:
        return
    holding.hold({key[0] for key in about})
    try:
        with transaction.atomic():
            _tell(about, at)
    except IntegrityError as refused:
        if "enrolment_inside_once" not in str(refused):
            raise
        # Somebody entered again while we looked; by now it is seen.
        _tell(about, at)


def _tell(about: Mapping[tuple[int, str], Unsent], at: dt.datetime) -> None:
    values: dict[str, Any] = {
        "at": at, "ids": [key[0] for key in about], "codes": [key[1] for key in about],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED, values)
        rows = cursor.fetchall()
    channels = _channels_of({row[2] for row in rows if _is_unreached(about[row[1], row[3]])})
    ends, further, again = [], [], []
    for step_id, stay_id, version_id, code, tried, is_open in rows:
        one = about[stay_id, code]
        gone = [*filter(None, tried.split(",")), one.channel]
        left = set(channels.get((version_id, code), ())) - set(gone)
        if is_open and left and _is_unreached(one):
            further.append((step_id, ",".join(gone)))
            again.append(stay_id)
        else:
            ends.append((step_id, *_said(one.why)))
    _write(ends, further, again, at)


def _is_unreached(one: Unsent) -> bool:
    return one.kind == FailureKind.ADDRESS


def _said(why: str) -> tuple[str, str]:
    """Who left the plan before the sending is told of as ever."""
    if why == Failure.LEFT:
        return StepState.LEFT.value, StepAnswer.CALLED_BACK.value
    return StepState.UNSENT.value, why


def _channels_of(version_ids: set[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    if not version_ids:
        return {}
    return {
        (version_id, step.code): step.channels
        for version_id, plan in planning.plans_of(version_ids).items()
        for step in (plan.touches.steps if plan.touches else ())
    }


def _write(
    ends: Sequence[tuple[int, str, str]],
    further: Sequence[tuple[int, str]],
    again: Sequence[int],
    at: dt.datetime,
) -> None:
    with connection.cursor() as cursor:
        if ends:
            ids, states, answers = map(list, zip(*ends, strict=True))
            cursor.execute(_END, {"at": at, "ids": ids, "states": states, "answers": answers})
        if further:
            ids, tried = map(list, zip(*further, strict=True))
            cursor.execute(_GO_ON, {"at": at, "ids": ids, "tried": tried})
            cursor.execute(_INSIDE_AGAIN, {"ids": list(again)})
