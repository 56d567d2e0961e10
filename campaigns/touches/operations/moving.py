"""Moving: what becomes of those inside an earlier version when a new one comes in force."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from campaigns.planning.enums import Inside
from campaigns.planning.rules import plans
from campaigns.touches import queries
from campaigns.touches.enums import Left
from campaigns.touches.operations import following, holding, leaving, placing
from portal.kit import clock

SLICE = 2_000
_MOVE = """
UPDATE campaigns_enrolment SET version_id = %(version_id)s
WHERE id IN (SELECT id FROM campaigns_enrolment
             WHERE id = ANY(%(ids)s) AND state = 'inside' ORDER BY id FOR NO KEY UPDATE)
"""
_REMOVE = """
UPDATE campaigns_touchstep SET state = 'left', answer = 'removed', answered_at = %(at)s,
    due_at = NULL
WHERE id IN (
    SELECT id FROM campaigns_touchstep
    WHERE enrolment_id = ANY(%(ids)s) AND state = 'waiting' AND code <> ALL(%(codes)s)
    ORDER BY id FOR NO KEY UPDATE)
"""


def move_people(*, version: Any, at: dt.datetime) -> int:
    """This will bring those inside earlier versions of a campaign to the version that is in force
    now, or let them leave that it is not about, and return how many. Where that version lets them
    stay, nothing happens; where it has no touch plan, all leave."""
    plan = plans.plan_of(version.content)
    if plan.touches and plan.touches.inside == Inside.STAY:
        return 0
    done = 0
    for earlier in queries.versions_with_people_of(version.campaign_id, but=version.pk):
        while stays := queries.stays_after(earlier, 0, SLICE):
            _move_part(version, plan, stays, at)
            done += len(stays)
    return done


@transaction.atomic
def _move_part(
    version: Any, plan: plans.Plan, stays: Sequence[queries.Stay], at: dt.datetime
) -> None:
    following.take_turn()
    day = clock.bank_day(at)
    covered = queries.covered_by(plan, [stay.customer_id for stay in stays], on=day)
    holding.hold([stay.enrolment_id for stay in stays])
    gone = [stay.enrolment_id for stay in stays if stay.customer_id not in covered]
    ids = [stay.enrolment_id for stay in stays if stay.customer_id in covered]
    leaving.leave(leavers=[(key, Left.UNCOVERED, None) for key in gone], at=at)
    if not ids or plan.touches is None:
        return
    values = {
        "ids": ids, "version_id": version.pk, "at": at,
        "codes": [step.code for step in plan.touches.steps],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        cursor.execute(_REMOVE, values)
    placing.place_steps(version=version, plan=plan, enrolment_ids=ids, on=day)
    leaving.finish(enrolment_ids=ids, at=at)
