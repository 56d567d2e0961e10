"""Calls: what a step put into the pool of the telephone is taken out again where the person has
left the plan, unless somebody is on it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from campaigns.planning import queries as planning
from campaigns.touches import queries
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
SELECT stay.id, stay.version_id, step.customer_id, stay.left_because, stay.campaign_id, step.code,
       stay.rotation
FROM campaigns_touchstep step JOIN campaigns_enrolment stay ON stay.id = step.enrolment_id
WHERE step.state = 'sent' AND step.channel = 'phone' AND step.valid_until > %(at)s
  AND (stay.left_because = ANY(%(back)s) OR step.id %% 60 = %(minute)s)
ORDER BY step.id
"""


@dataclass(frozen=True)
class _Call:
    """A step that was told the telephone: its stay, and its place as a cause names it."""

    stay: queries.Stay
    place: tuple[int, int, str, int]

    @property
    def is_over(self) -> bool:
        return self.stay.because in CALLS_BACK


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
        calls = [
            _Call(
                queries.Stay(stay, version, customer, because),
                (customer, campaign, code, rotation),
            )
            for stay, version, customer, because, campaign, code, rotation in cursor.fetchall()
        ]
    # Of the others somebody's goal or exit may have come, though they were asked about no more.
    asked = [one.stay for one in calls if not one.is_over]
    plans = planning.plans_of({one.version_id for one in asked})
    reached = leaving.reached_in(asked, plans, at=at)
    over = [one for one in calls if one.is_over or one.stay.enrolment_id in reached]
    gone = outreach.call_off(causes=_causes_of(over), failure=Failure.LEFT, at=at)
    leaving.leave(leavers=[(stay, *why) for stay, why in sorted(reached.items())], at=at)
    return len(gone)


def _causes_of(calls: Sequence[_Call]) -> list[tuple[int, str]]:
    """The latest cause of each: a step may have been told in several turns."""
    customers = sorted({one.place[0] for one in calls})
    places = {one.place for one in calls}
    latest: dict[tuple[int, int, str, int], tuple[int, str]] = {}
    for one in messages.written_to(customer_ids=customers, prefix=naming.PREFIX):
        parts = naming.parts_of(one.dedup_key)
        if parts is not None and (one.customer_id, *parts) in places:
            latest[one.customer_id, *parts] = (one.customer_id, one.dedup_key)
    return list(latest.values())
