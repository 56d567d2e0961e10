"""Leaving: people go out of a touch plan, and what is not sent yet is not sent any more."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.touches import queries
from campaigns.touches.enums import CALLS_BACK, Left, StepAnswer
from campaigns.touches.operations import holding, recalling
from campaigns.touches.rules import judging, naming
from journeys.outreach.enums import Failure
from portal.kit import clock

# Stays before steps, each in the order of ids: so all of this topic lock them.
_LEAVE = """
WITH locked AS (
    SELECT id FROM campaigns_enrolment
    WHERE id = ANY(%(ids)s) AND state = 'inside' ORDER BY id FOR NO KEY UPDATE
), gone AS (
    UPDATE campaigns_enrolment stay
    SET state = 'left', left_at = %(at)s, left_because = named.because, left_detail = named.detail
    FROM unnest(%(ids)s::bigint[], %(because)s::text[], %(details)s::int[])
        AS named(id, because, detail)
    WHERE stay.id = named.id AND stay.id IN (SELECT id FROM locked)
    RETURNING stay.id, stay.left_because
), calls AS (
    INSERT INTO campaigns_leftcall (step_id)
    SELECT step.id FROM campaigns_touchstep step JOIN gone ON step.enrolment_id = gone.id
    WHERE gone.left_because = ANY(%(back)s) AND step.state = 'sent' AND step.channel = 'phone'
      AND (step.valid_until > %(at)s) IS NOT FALSE
    ORDER BY step.id ON CONFLICT DO NOTHING
)
UPDATE campaigns_touchstep step
SET state = 'left', answer = gone.left_because, answered_at = %(at)s, due_at = NULL
FROM gone WHERE step.enrolment_id = gone.id AND step.state = 'waiting'
"""
_FINISH = """
UPDATE campaigns_enrolment stay
SET state = 'left', left_at = %(at)s, left_because = 'finished'
WHERE stay.id = ANY(%(ids)s) AND stay.state = 'inside' AND NOT EXISTS (
    SELECT FROM campaigns_touchstep step
    WHERE step.enrolment_id = stay.id AND step.state = 'waiting')
"""
_CALLED_BACK = """
UPDATE campaigns_touchstep step
SET state = 'left', answer = %(answer)s, answered_at = %(at)s, due_at = NULL
WHERE step.id IN (
    SELECT id FROM campaigns_touchstep WHERE state = 'sent'
      AND (enrolment_id, code) IN (SELECT * FROM unnest(%(ids)s::bigint[], %(codes)s::text[]))
    ORDER BY id FOR NO KEY UPDATE)
"""
_MOST_ENDED = 5_000


def leave(*, leavers: Sequence[tuple[int, str, int | None]], at: dt.datetime) -> None:
    """This will let people leave, each named by (id of the stay, a Left, the number of the exit);
    their steps that wait are answered with it, and those that were told the telephone marked
    (`LeftCall`). Who has left already stays so."""
    if not leavers:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _LEAVE,
            {
                "at": at,
                "back": [one.value for one in CALLS_BACK],
                "ids": [one[0] for one in leavers],
                "because": [str(one[1]) for one in leavers],
                "details": [one[2] for one in leavers],
            },
        )


def finish(*, enrolment_ids: Sequence[int], at: dt.datetime) -> None:
    """This will let those leave who have no step left that waits."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, {"ids": list(enrolment_ids), "at": at})


@transaction.atomic
def leave_ended(*, at: dt.datetime) -> int:
    """This will let those leave who have been inside for the longest time allowed."""
    ids = queries.ended(at=at, most=_MOST_ENDED)
    leave(leavers=[(key, Left.TOO_LONG, None) for key in ids], at=at)
    return len(ids)


def leave_reached(
    *, stays: Sequence[queries.Stay], at: dt.datetime, plans_by_version: dict[int, plans.Plan]
) -> set[int]:
    """This will let those leave who have reached the goal or met an exit by now, and return the
    ids of these stays."""
    reached = reached_in(stays, plans_by_version, at=at)
    leave(leavers=[(stay, *why) for stay, why in reached.items()], at=at)
    return set(reached)


def reached_in(
    stays: Collection[queries.Stay], plans_by_version: Mapping[int, plans.Plan], *, at: dt.datetime
) -> dict[int, tuple[str, int | None]]:
    """This will tell in which stays the goal has been reached or an exit met by now: by what, and
    the number of the exit, by the id of the stay."""
    found: dict[int, tuple[str, int | None]] = {}
    for version_id in sorted({stay.version_id for stay in stays}):
        mine = [stay for stay in stays if stay.version_id == version_id]
        reached = _reached_by(
            plans_by_version[version_id], {stay.customer_id for stay in mine}, at
        )  # fmt: skip
        found |= {
            stay.enrolment_id: reached[stay.customer_id]
            for stay in mine
            if stay.customer_id in reached
        }
    return found


def _reached_by(
    plan: plans.Plan, customer_ids: Collection[int], at: dt.datetime
) -> dict[int, tuple[str, int | None]]:
    """The same of one plan, by customer id."""
    touches = plan.touches
    if touches is None or not (touches.goal or touches.exits):
        return {}
    trees = [*([touches.goal] if touches.goal else []), *touches.exits]
    found = queries.find(plan, trees, sorted(customer_ids), on=clock.bank_day(at))
    reached: dict[int, tuple[str, int | None]] = {}
    for customer_id, one in found.items():
        held = one.held[1:] if touches.goal else one.held
        number = judging.first_exit(held)
        if touches.goal and one.held[0]:
            reached[customer_id] = (Left.GOAL.value, None)
        elif number is not None:
            reached[customer_id] = (Left.EXIT.value, number)
    return reached


@transaction.atomic
def left_before_sending(
    *, causes: Sequence[tuple[int, str, str]], at: dt.datetime
) -> dict[tuple[int, str], str]:
    """This will tell which of these messages (customer, dedup key, origin) are of people who are
    inside their touch plan no more, and note them as called back, and which tell of rewards that
    do not stand so any more. It is asked when messages are claimed, in that transaction, with the
    customers locked: what a fact says that was written before binds the very next sending."""
    named = {
        (customer_id, key): parts
        for customer_id, key, _origin in causes
        if (parts := naming.parts_of(key)) is not None
    }
    if not named:
        return {}
    stays = queries.stays_of(
        [(customer_id, *parts) for (customer_id, _key), parts in named.items()]
    )
    versions = planning.plans_of({stay.version_id for stay in stays.values()})
    open_stays = [one for one in stays.values() if one.because not in CALLS_BACK]
    reached = reached_in(open_stays, versions, at=at)
    leavers, back, gone = [], [], set()
    for (customer_id, key), (campaign_id, code, rotation) in named.items():
        stay = stays.get((customer_id, campaign_id, rotation))
        if stay is None:
            continue
        why = reached.get(stay.enrolment_id)
        if stay.because not in CALLS_BACK and why is None:
            continue
        if why is not None and stay.because == "":
            leavers.append((stay.enrolment_id, *why))
        back.append((stay.enrolment_id, code))
        gone.add((customer_id, key))
    if back:
        # Those whose messages are turned away later in this transaction, too.
        holding.hold({stay.enrolment_id for stay in stays.values()})
    leave(leavers=leavers, at=at)
    _call_back(back, at)
    stale = recalling.untrue_before_sending(causes=named.keys() - gone)
    return dict.fromkeys(stale, Failure.REPLACED.value) | dict.fromkeys(gone, Failure.LEFT.value)


def _call_back(back: Sequence[tuple[int, str]], at: dt.datetime) -> None:
    if not back:
        return
    values: dict[str, Any] = {
        "ids": [one[0] for one in back], "codes": [one[1] for one in back],
        "answer": StepAnswer.CALLED_BACK.value, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CALLED_BACK, values)
