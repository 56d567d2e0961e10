"""Calls: what a step put into the pool of the telephone is taken out again where the person has
left the plan, unless somebody is on it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from campaigns.planning import queries as planning
from campaigns.touches.enums import CALLS_BACK
from campaigns.touches.operations import leaving
from campaigns.touches.rules import naming
from journeys.outreach import operations as outreach
from journeys.outreach import queries as messages
from journeys.outreach.enums import Failure
from portal.kit.registry import registry

# All of those who left, and of the others each once an hour, at a minute of its own: of what
# somebody spends there is no mark.
_OPEN = """
SELECT step.customer_id, stay.campaign_id, step.code, stay.rotation, stay.id, stay.version_id,
       stay.left_because, stay.left_because = ANY(%(back)s)
FROM campaigns_touchstep step JOIN campaigns_enrolment stay ON stay.id = step.enrolment_id
WHERE step.state = 'sent' AND step.channel = 'phone' AND step.valid_until > %(at)s
  AND (stay.left_because = ANY(%(back)s) OR step.id %% 60 = %(minute)s)
ORDER BY step.id
"""


@dataclass(frozen=True)
class _Call:
    """A step that was told the telephone, and its stay."""

    customer_id: int
    campaign_id: int
    code: str
    rotation: int
    enrolment_id: int
    version_id: int
    because: str
    is_over: bool

    @property
    def place(self) -> tuple[int, int, str, int]:
        return self.customer_id, self.campaign_id, self.code, self.rotation


@transaction.atomic
def recall_calls(*, at: dt.datetime) -> int:
    """This will take out of the pool what steps put there for people who have left their plan since
    by its goal, an exit, or because it is not about them any more, and return how many calls."""
    if registry.pool is None or not registry.pool.waiting():
        return 0
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "at": at, "back": [one.value for one in CALLS_BACK], "minute": at.minute,
        }  # fmt: skip
        cursor.execute(_OPEN, values)
        calls = [_Call(*row) for row in cursor.fetchall()]
    reached = _reached([one for one in calls if not one.is_over], at)
    over = [one for one in calls if one.is_over or one.enrolment_id in reached]
    causes = _causes_of(over)
    gone = outreach.call_off(causes=causes, failure=Failure.LEFT, at=at)
    inside = {one.enrolment_id for one in calls if one.because == ""}
    leavers = [(stay, *why) for stay, why in sorted(reached.items()) if stay in inside]
    leaving.leave(leavers=leavers, at=at)
    return len(gone)


def _reached(calls: Sequence[_Call], at: dt.datetime) -> dict[int, tuple[str, int | None]]:
    """Whose goal or exit has come, though they were asked about no more."""
    plans = planning.plans_of({one.version_id for one in calls})
    found: dict[int, tuple[str, int | None]] = {}
    for version_id, plan in sorted(plans.items()):
        mine = [one for one in calls if one.version_id == version_id]
        reached = leaving.reached_by(plan, {one.customer_id for one in mine}, at=at)
        found |= {
            one.enrolment_id: reached[one.customer_id] for one in mine if one.customer_id in reached
        }
    return found


def _causes_of(calls: Sequence[_Call]) -> list[tuple[int, str]]:
    """The latest cause of each: a step may have been told in several turns."""
    customers = sorted({one.customer_id for one in calls})
    places = {one.place for one in calls}
    latest: dict[tuple[int, int, str, int], tuple[int, str]] = {}
    for one in messages.written_to(customer_ids=customers, prefix=naming.PREFIX):
        parts = naming.parts_of(one.dedup_key)
        if parts is not None and (one.customer_id, *parts) in places:
            latest[one.customer_id, *parts] = (one.customer_id, one.dedup_key)
    return list(latest.values())
