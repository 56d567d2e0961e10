"""The first half of sending: a batch is taken, asked about once more, and committed as taken.

All that is due of a person is decided in one claim, one after another in the order of priority
(decision 0125), under the lock of the person: so it makes no difference how many workers claim.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import Channel, GateAnswer
from journeys.contact.rules import GateVerdict
from journeys.outreach.operations import addressing, ending, halting, placing, weighing
from journeys.outreach.operations.weighing import Claim, TurnedAway
from portal.kit import clock
from portal.kit.outgoing import Unsent
from portal.kit.registry import registry

# The first of each channel. A message whose customer is held by a reservation or a statement of
# the person is left for the next round.
_PICK = """
WITH due AS (
    SELECT one.customer_id
    FROM unnest(%(channels)s::text[], %(sizes)s::int[]) AS each(channel, size)
    CROSS JOIN LATERAL (
        SELECT customer_id FROM journeys_message
        WHERE state = 'queued' AND channel = each.channel AND not_before <= %(at)s
        ORDER BY priority, not_before, id LIMIT each.size FOR UPDATE SKIP LOCKED
    ) AS one
)
SELECT id FROM journeys_customer WHERE id IN (SELECT customer_id FROM due)
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
# All of these people that is due, and then all that could be locked: of whom something is missing,
# another worker has it in hand for a moment. The state is written so that the index of what is next
# is no way to it: with statistics from before a run queued a million, each claim would walk it.
_DUE = """
SELECT id, customer_id FROM journeys_message
WHERE customer_id = ANY(%(customers)s) AND state || '' = 'queued' AND not_before <= %(at)s
  AND channel = ANY(%(channels)s)
"""
_LOCK_DUE = f"{_DUE} ORDER BY id FOR UPDATE SKIP LOCKED"
_READ = f"""
SELECT message.id, message.customer_id, message.channel, message.purpose, message.dedup_key,
       message.origin, message.attempts + 1, template.id, template.subject, template.body,
       message.context,
       {addressing.ADDRESS_SQL},
       message.queued_at, message.failure, withdrawn.id IS NOT NULL, message.valid_until
FROM journeys_message AS message
JOIN journeys_messagetemplate AS template ON template.id = message.template_id
LEFT JOIN journeys_textwithdrawal AS withdrawn ON withdrawn.template_id = template.id
JOIN journeys_customer AS customer ON customer.id = message.customer_id
WHERE message.id = ANY(%s) ORDER BY message.priority, message.not_before, message.id
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


@dataclass(slots=True)
class _Batch:
    """What is being decided: the people's messages, what room each channel has left, and what
    was decided so far."""

    at: dt.datetime
    lease_until: dt.datetime
    room: Counter[str]
    claims: list[Claim]
    halted: Mapping[str, str]
    called_off: set[str]
    left: Mapping[tuple[int, str], str]
    senders_gone: Collection[str]
    over: list[Unsent] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return [claim.message_id for claim in self.claims]


@transaction.atomic
def claim_batch(
    *, sizes: Mapping[str, int], at: dt.datetime, open_channels: Collection[str] = ()
) -> tuple[list[Claim], bool]:
    """This will take up to `sizes` due messages of each channel, ask the gate about each at the
    instant of sending, and mark those that may go as being sent. The second value tells whether
    anybody was taken up at all; where nobody was, nothing is due that is free.

    The customers are locked until the commit: a withdrawal recorded before it is seen here, and
    the instants of two contacts of one person cannot pass each other under a cap. What is due of
    the same people on `open_channels`, which get none just now, is weighed along: it may come
    first.
    """
    batch = _take_up(Counter(dict.fromkeys(open_channels, 0) | dict(sizes)), at)
    if batch is None:
        return [], False
    going: list[Claim] = []
    for claims in _in_turn(batch.claims):
        going += _decide(claims, batch)
    ending.tell(over=batch.over, at=at)
    halting.set_aside([origin for origin, kind in batch.halted.items() if kind == "pause"])
    return going, True


def _take_up(room: Counter[str], at: dt.datetime) -> _Batch | None:
    """Nobody is waited for here, so that claims can never wait in a ring."""
    asked: dict[str, Any] = {"at": at, "channels": list(room), "sizes": list(room.values())}
    with connection.cursor() as cursor:
        cursor.execute(_PICK, asked)
        customers = [row[0] for row in cursor.fetchall()]
        if not customers:
            return None
        cursor.execute(_LOCK_DUE, asked | {"customers": customers})
        locked = dict(cursor.fetchall())
        cursor.execute(_DUE, asked | {"customers": customers})
        missing = {owner for message, owner in cursor.fetchall() if message not in locked}
        ids = [message for message, owner in locked.items() if owner not in missing]
        lease_until = at + dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        cursor.execute(_READ, [ids])
        claims = [Claim(*(*row, at, lease_until)) for row in cursor.fetchall()]
    origins = {claim.origin for claim in claims}
    return _Batch(
        at, lease_until, room, claims, halting.halted_among(origins), halting.called_off(origins),
        _left(claims), _senders_gone(claims, at),
    )  # fmt: skip


def _in_turn(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The first message of everybody, then the second of those who have one, and so on."""
    turns: list[list[Claim]] = []
    seen: Counter[int] = Counter()
    for claim in claims:
        if seen[claim.customer_id] == len(turns):
            turns.append([])
        turns[seen[claim.customer_id]].append(claim)
        seen[claim.customer_id] += 1
    return turns


def _left(claims: Sequence[Claim]) -> dict[tuple[int, str], str]:
    """Whose people have no more use for them, and why."""
    causes = [(claim.customer_id, claim.dedup_key, claim.origin) for claim in claims]
    found: dict[tuple[int, str], str] = {}
    for asked in registry.asks_before_sending:
        found |= asked(causes)
    return found


def _senders_gone(claims: Sequence[Claim], at: dt.datetime) -> Collection[str]:
    """Under which names nothing is sent any more, where it is asked of anything here."""
    if registry.senders is None or all(claim.channel != Channel.SMS for claim in claims):
        return ()
    return registry.senders.withdrawn(clock.bank_day(at))


def _decide(claims: Sequence[Claim], batch: _Batch) -> list[Claim]:
    """One message of each person: what may go and has room is taken."""
    away, asked = [], []
    for claim in claims:
        over = weighing.before_the_gate(
            claim, batch.halted, batch.called_off, batch.left, batch.senders_gone
        )
        if over is None:
            asked.append(claim)
        else:
            away.append(over)
    verdicts, are_full = _ask(asked, batch.at)
    going = []
    for claim in asked:
        turned = weighing.weigh(
            claim=claim, verdict=verdicts[claim.customer_id, claim.dedup_key], at=batch.at
        )
        if turned is None:
            going.append(claim)
        else:
            away.append(turned)
    _turn_away(away, batch)
    taken = _take(going, batch)
    placing.place_anew(customer_ids=are_full, but=batch.ids, at=batch.at)
    return taken


def _ask(
    claims: Sequence[Claim], at: dt.datetime
) -> tuple[dict[tuple[int, str], GateVerdict], list[int]]:
    """The gate's answers, and the people whose caps are full: these were asked about once more, as
    if nothing waited behind."""
    if not claims:
        return {}, []
    answers = gate.ask_again(
        customer_ids=[claim.customer_id for claim in claims],
        purposes=[claim.purpose for claim in claims],
        channels=[claim.channel for claim in claims],
        dedup_keys=[claim.dedup_key for claim in claims],
        at=at,
    )
    full = [
        claim
        for claim in claims
        if answers[claim.customer_id, claim.dedup_key].answer == GateAnswer.CAP_REACHED
    ]
    if full:
        answers |= placing.ask_before_those_behind(full, start=at, at=at)
    return answers, [claim.customer_id for claim in full]


def _turn_away(turned: Sequence[TurnedAway], batch: _Batch) -> None:
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
    over = [one.unsent for one in turned if one.is_over]
    ending.release(over=over, at=batch.at)
    batch.over += over
    # The place under the cap moves along with the message.
    moved = [(one.claim.cause, one.not_before) for one in turned if one.not_before is not None]
    contact.place_contacts(
        causes=[cause for cause, _instant in moved], instants=[instant for _cause, instant in moved]
    )


def _take(going: Sequence[Claim], batch: _Batch) -> list[Claim]:
    """What its channel has no room for keeps its turn, and its place under the cap."""
    if not going:
        return []
    taken = []
    for claim in going:
        if batch.room[claim.channel] > 0:
            batch.room[claim.channel] -= 1
            taken.append(claim)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [batch.lease_until, [claim.message_id for claim in taken]])
    contact.move_contacts(causes=[claim.cause for claim in going], at=batch.at)
    return taken
