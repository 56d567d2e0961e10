"""The first half of sending: a batch is taken, asked about once more, and committed as taken."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import GateAnswer
from journeys.contact.rules import GateVerdict
from journeys.outreach import rules
from journeys.outreach.enums import Failure, FailureKind, MessageState
from portal.kit.registry import registry

# A message whose customer is held by a reservation or a statement of the person is left for the
# next round, and so is a person's second message: each is weighed against the one before it.
_PICK = """
WITH due AS (
    SELECT id, customer_id FROM journeys_message
    WHERE state = 'queued' AND not_before <= %(at)s AND channel = ANY(%(channels)s)
    ORDER BY not_before, id LIMIT %(size)s FOR UPDATE SKIP LOCKED
), first AS (
    SELECT DISTINCT ON (customer_id) id, customer_id FROM due ORDER BY customer_id, id
)
SELECT first.id FROM first JOIN journeys_customer AS customer ON customer.id = first.customer_id
ORDER BY customer.id FOR NO KEY UPDATE OF customer SKIP LOCKED
"""
_READ = """
SELECT message.id, message.customer_id, message.channel, message.purpose, message.dedup_key,
       message.origin, message.attempts + 1, template.subject, template.body, message.context,
       CASE WHEN message.channel = 'email'
            THEN customer.email_sealed ELSE customer.phone_sealed END,
       message.queued_at, message.failure, withdrawn.id IS NOT NULL
FROM journeys_message AS message
JOIN journeys_messagetemplate AS template ON template.id = message.template_id
LEFT JOIN journeys_textwithdrawal AS withdrawn ON withdrawn.template_id = template.id
JOIN journeys_customer AS customer ON customer.id = message.customer_id
WHERE message.id = ANY(%s) ORDER BY message.not_before, message.id
"""
_TAKE = """
UPDATE journeys_message
SET state = 'sending', lease_until = %s, attempts = attempts + 1, failure_kind = '', failure = ''
WHERE id = ANY(%s)
"""
_TURN_AWAY = """
UPDATE journeys_message AS message
SET state = turned.state, not_before = coalesce(turned.not_before, message.not_before),
    failure_kind = turned.failure_kind, failure = turned.failure
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[])
     AS turned(id, state, not_before, failure_kind, failure)
WHERE message.id = turned.id
"""
# What holds a message back until a person changes it, and how long it waits until it is asked
# about again.
_WAITS = frozenset(
    {
        GateAnswer.NO_RULE,
        GateAnswer.NO_HOURS,
        GateAnswer.NO_CALENDAR,
        GateAnswer.COMPLAINT_OPEN,
        GateAnswer.CASE_OPEN,
    }
)
_PAUSED = {GateAnswer.COMPLAINT_OPEN, GateAnswer.CASE_OPEN}
_UNTIL_ASKED_AGAIN = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process holds until `lease_until`. `address` is sealed."""

    message_id: int
    customer_id: int
    channel: str
    purpose: str
    dedup_key: str
    origin: str
    attempts: int
    subject: str
    body: str
    context: str
    address: bytes
    queued_at: dt.datetime
    held_by: str
    is_withdrawn: bool
    lease_until: dt.datetime


@dataclass(frozen=True, slots=True)
class _TurnedAway:
    """What becomes of a message that may not be sent now; `is_over` where it never will be."""

    claim: Claim
    state: str
    not_before: dt.datetime | None
    failure_kind: str
    failure: str

    @property
    def is_over(self) -> bool:
        return self.state in {MessageState.CANCELLED, MessageState.FAILED}


@transaction.atomic
def claim_batch(*, channels: Sequence[str], size: int, at: dt.datetime) -> tuple[list[Claim], bool]:
    """This will take up to `size` due messages, ask the gate about each at the instant of sending,
    and mark those that may go as being sent. The second value tells whether any row was taken up
    at all; where none was, nothing is due that is free.

    The customers are locked until the commit: a withdrawal recorded before it is seen here, and
    the instants of two contacts of one person cannot pass each other under a cap.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PICK, {"at": at, "channels": list(channels), "size": size})
        picked = [row[0] for row in cursor.fetchall()]
        if not picked:
            return [], False
        lease_until = at + dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        cursor.execute(_READ, [picked])
        claims = [Claim(*(*row, lease_until)) for row in cursor.fetchall()]
    answers = gate.ask_again(
        customer_ids=[claim.customer_id for claim in claims],
        purposes=[claim.purpose for claim in claims],
        channels=[claim.channel for claim in claims],
        dedup_keys=[claim.dedup_key for claim in claims],
        at=at,
    )
    stopped, gone = _called_off(claims), _left(claims)
    going, turned = [], []
    for claim in claims:
        away = _weigh(claim, answers[claim.customer_id, claim.dedup_key], stopped, at)
        if (claim.customer_id, claim.dedup_key) in gone:
            away = _TurnedAway(
                claim, MessageState.CANCELLED, None, FailureKind.POLICY, Failure.LEFT
            )
        if away is None:
            going.append(claim)
        else:
            turned.append(away)
    _turn_away(turned, at)
    _take(going, lease_until, at)
    return going, True


def _called_off(claims: Sequence[Claim]) -> set[str]:
    """The origins that may not be sent any more. Asked although a stop cancels what waits: a
    message that was being sent at that moment, or was in doubt, may have come back since. A stop
    that commits after this answer waits for the rows held here, and finds them being sent."""
    origins = sorted({claim.origin for claim in claims})
    return {origin for found_by in registry.calls_off for origin in found_by(origins)}


def _left(claims: Sequence[Claim]) -> set[tuple[int, str]]:
    """The causes that those above call over, as of people who reached a goal meanwhile."""
    causes = [(claim.customer_id, claim.dedup_key, claim.origin) for claim in claims]
    return {cause for ask in registry.asks_before_sending for cause in ask(causes)}


def _weigh(
    claim: Claim, verdict: GateVerdict, stopped: set[str], at: dt.datetime
) -> _TurnedAway | None:
    """None: it goes now."""
    if over := _over(claim, verdict, stopped, at):
        return _TurnedAway(claim, MessageState.CANCELLED, None, FailureKind.POLICY, over)
    if verdict.is_open:
        if verdict.not_before == at:
            return None
        return _TurnedAway(claim, MessageState.QUEUED, verdict.not_before, "", "")
    if verdict.answer == GateAnswer.NO_ADDRESS:
        return _TurnedAway(
            claim, MessageState.FAILED, None, FailureKind.ADDRESS, Failure.NO_ADDRESS
        )
    if verdict.answer == GateAnswer.CAP_REACHED:
        # It takes the first free place. Were it to try again and again, late messages of one
        # person would each hold the others' place for ever.
        return _waits(claim, verdict.next_free or at + _UNTIL_ASKED_AGAIN, verdict.answer)
    if verdict.answer in _WAITS:
        return _waits(claim, at + _UNTIL_ASKED_AGAIN, verdict.answer)
    return _TurnedAway(claim, MessageState.CANCELLED, None, FailureKind.POLICY, verdict.answer)


def _over(claim: Claim, verdict: GateVerdict, stopped: set[str], at: dt.datetime) -> str:
    """Why a message will never go, whatever the gate says; empty where nothing is in its way. A
    text is asked about here although its withdrawal cancels what waits, as with a stop."""
    if claim.origin in stopped:
        return Failure.CALLED_OFF
    if claim.is_withdrawn:
        return Failure.TEXT_WITHDRAWN
    is_held = not _PAUSED.isdisjoint((verdict.answer, claim.held_by))
    is_late = is_held and rules.is_out_of_date(claim.queued_at, at)
    return Failure.OUT_OF_DATE if is_late else ""


def _waits(claim: Claim, not_before: dt.datetime, answer: str) -> _TurnedAway:
    return _TurnedAway(claim, MessageState.QUEUED, not_before, FailureKind.POLICY, answer)


def _turn_away(turned: list[_TurnedAway], at: dt.datetime) -> None:
    if not turned:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _TURN_AWAY,
            [
                [one.claim.message_id for one in turned],
                [one.state for one in turned],
                [one.not_before for one in turned],
                [one.failure_kind for one in turned],
                [one.failure for one in turned],
            ],
        )
    over = [(one.claim.customer_id, one.claim.dedup_key) for one in turned if one.is_over]
    contact.release_contacts(causes=over, at=at)
    for one in turned:
        if one.not_before is not None:
            # The place under the cap moves along with the message.
            contact.move_contacts(
                causes=[(one.claim.customer_id, one.claim.dedup_key)], at=one.not_before
            )


def _take(going: list[Claim], lease_until: dt.datetime, at: dt.datetime) -> None:
    if not going:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [lease_until, [claim.message_id for claim in going]])
    causes = [(claim.customer_id, claim.dedup_key) for claim in going]
    contact.move_contacts(causes=causes, at=at)
