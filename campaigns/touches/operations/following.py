"""Following: days of cards, applications and rewards that came or moved. What tells of a reward
that was taken back is called off; whom they let in enters, whose goal they are leaves, and the
steps that are counted from them are set anew, by set."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from campaigns.planning import queries as planning
from campaigns.planning.enums import EntryBy
from campaigns.planning.rules import plans
from campaigns.touches import queries
from campaigns.touches.operations import entering, holding, leaving, placing, recalling
from portal.kit import clock

BATCH = 2_000
# Entering and following take turns: of a day that moves while somebody enters one of them knows.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('campaigns.touches', 0))"
_TAKE = """
DELETE FROM campaigns_touchmark WHERE id IN (
    SELECT id FROM campaigns_touchmark ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING customer_id
"""
# What waits for something to come is looked at as soon as something did.
_LOOK = """
UPDATE campaigns_touchstep SET due_at = %(at)s
WHERE id IN (
    SELECT id FROM campaigns_touchstep
    WHERE enrolment_id = ANY(%(ids)s) AND state = 'waiting' AND answer = 'awaits'
      AND due_at > %(at)s ORDER BY id FOR NO KEY UPDATE)
"""


def take_turn() -> None:
    """This will wait for the turn of entering and following, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN)


def follow_marks(*, at: dt.datetime) -> int:
    """This will follow all marks there are, in batches, and return how many."""
    followed = 0
    while done := _follow_batch(at):
        followed += done
    return followed


@transaction.atomic
def _follow_batch(at: dt.datetime) -> int:
    take_turn()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        marked = [row[0] for row in cursor.fetchall()]
    if not marked:
        return 0
    customers = sorted(set(marked))
    recalling.recall(customer_ids=customers, at=at)
    holding.hold_all_of(customers)
    stays = queries.stays_inside(customers)
    known = planning.plans_of({stay.version_id for stay in stays})
    gone = leaving.leave_reached(stays=stays, at=at, plans_by_version=known)
    place_again(stays=[one for one in stays if one.enrolment_id not in gone], known=known, at=at)
    for version in queries.versions_in_force():
        plan = plans.plan_of(version.content)
        if plan.touches and plan.touches.entry.by == EntryBy.EVENT:
            entering.enter(version=version, plan=plan, occasion="", among=customers, at=at)
    return len(marked)


def place_again(
    *, stays: Sequence[queries.Stay], known: Mapping[int, plans.Plan], at: dt.datetime
) -> None:
    """This will set the steps of people anew by the days that are known now, and have those looked
    at that wait for something to come."""
    holding.hold([stay.enrolment_id for stay in stays])
    by_version: dict[int, list[int]] = {}
    for stay in stays:
        by_version.setdefault(stay.version_id, []).append(stay.enrolment_id)
    for version_id, ids in sorted(by_version.items()):
        version: Any = planning.version(version_id)
        placing.place_steps(
            version=version, plan=known[version_id], enrolment_ids=ids, on=clock.bank_day(at)
        )
    with connection.cursor() as cursor:
        ids = sorted(stay.enrolment_id for stay in stays)
        cursor.execute(_LOOK, {"ids": ids, "at": at})
