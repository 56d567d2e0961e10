"""Recalling: a message that waits and tells of a reward that was taken back is called off, and its
step waits again, so that what is granted later is told."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import connection

from campaigns.planning import queries as planning
from campaigns.touches.enums import StepAnswer
from campaigns.touches.models import TouchMark
from campaigns.touches.operations import holding
from campaigns.touches.queries import told
from journeys.contact import operations as contact
from journeys.outreach import operations as outreach
from journeys.outreach.enums import Failure

# Whether a stay can go on by a step that waits again. Who has entered again since goes on there: of
# one person one stay alone is open, and two of them may have told something that reached nobody.
GOES_ON = """stay.state = 'inside' OR stay.left_because = 'finished' AND stay.ends_at > %(at)s
    AND NOT EXISTS (
        SELECT FROM campaigns_enrolment other
        WHERE other.customer_id = stay.customer_id AND other.campaign_id = stay.campaign_id
          AND (other.state = 'inside' OR other.rotation > stay.rotation))"""
_STAYS = f"""
SELECT stay.id, stay.version_id, {GOES_ON}
FROM campaigns_enrolment stay WHERE stay.id = ANY(%(ids)s)
"""
# Where it is set by the days that are known next; till then nothing is due.
_WAIT_AGAIN = """
UPDATE campaigns_touchstep step
SET state = 'waiting', answer = '', channel = '', variant = '', planned_at = NULL, due_at = NULL,
    wait_until = NULL, valid_until = NULL, next_free = NULL, answered_at = NULL, reasons = '{}'
WHERE step.id IN (
    SELECT id FROM campaigns_touchstep WHERE id = ANY(%(steps)s) AND state = 'sent'
    ORDER BY id FOR NO KEY UPDATE)
"""
_END = """
UPDATE campaigns_touchstep step
SET state = 'left', answer = %(answer)s, answered_at = %(at)s, due_at = NULL
WHERE step.id IN (
    SELECT id FROM campaigns_touchstep WHERE id = ANY(%(steps)s) AND state = 'sent'
    ORDER BY id FOR NO KEY UPDATE)
"""
_INSIDE_AGAIN = """
UPDATE campaigns_enrolment SET state = 'inside', left_at = NULL, left_because = ''
WHERE id = ANY(%(ids)s) AND state = 'left'
"""


def recall(*, customer_ids: Sequence[int], at: dt.datetime) -> None:
    """This will call off what waits to be sent to these people and tells of rewards otherwise than
    they stand, and have the steps of it wait again: what the person has then, or is granted later,
    is told under the next turn of its cause. The caller has the turn of following.

    A stay that had finished by such a step is open again. Where it cannot be, because its time is
    over, the person left it otherwise or has entered again, the step is answered with that its
    message was called back. What was sent, or is in a worker's hands, stays as it was told.
    """
    customers = sorted({one.message.customer_id for one in told.of_rewards(customer_ids)})
    if not customers:
        return
    # Who claims messages, and who works steps off, holds the customers meanwhile.
    contact.lock_customers(customers)
    found = told.of_rewards(customers)
    stale = told.untrue([one for one in found if one.message.waits])
    causes = [(one.message.customer_id, one.message.dedup_key) for one in stale]
    gone = outreach.call_off(causes=causes, failure=Failure.REPLACED, at=at)
    again = [
        one
        for one in found
        if one.message.is_replaced or (one.message.customer_id, one.message.dedup_key) in gone
    ]
    if again:
        # All that the caller follows, so that it locks no further ones.
        holding.hold_all_of(customer_ids)
        _wait_again(again, at)


def _wait_again(again: Sequence[told.Told], at: dt.datetime) -> None:
    stays = sorted({one.enrolment_id for one in again})
    with connection.cursor() as cursor:
        cursor.execute(_STAYS, {"ids": stays, "at": at})
        rows = cursor.fetchall()
        version_of = {stay: version for stay, version, is_open in rows if is_open}
        codes = _codes_of(set(version_of.values()))
        going_on = [
            one
            for one in again
            if one.enrolment_id in version_of and one.code in codes[version_of[one.enrolment_id]]
        ]
        steps = {one.step_id for one in going_on}
        over = sorted({one.step_id for one in again} - steps)
        cursor.execute(_WAIT_AGAIN, {"steps": sorted(steps)})
        cursor.execute(_END, {"steps": over, "at": at, "answer": StepAnswer.CALLED_BACK.value})
        cursor.execute(_INSIDE_AGAIN, {"ids": sorted({one.enrolment_id for one in going_on})})


def _codes_of(version_ids: Collection[int]) -> dict[int, set[str]]:
    return {
        version: {step.code for step in (plan.touches.steps if plan.touches else ())}
        for version, plan in planning.plans_of(version_ids).items()
    }


def untrue_before_sending(*, causes: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """This will tell which of these messages (customer, dedup key) tell of rewards otherwise than
    they stand, and mark their people, whose steps are set anew with the next marks."""
    customers = sorted({customer for customer, _key in causes})
    waiting = [
        one
        for one in told.of_rewards(customers)
        if (one.message.customer_id, one.message.dedup_key) in causes
    ]
    gone = {(one.message.customer_id, one.message.dedup_key) for one in told.untrue(waiting)}
    TouchMark.objects.bulk_create(
        TouchMark(customer_id=customer) for customer in sorted({one for one, _key in gone})
    )
    return gone
