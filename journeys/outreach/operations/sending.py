"""Draining the outbox: claim, hand over, write down what became of it."""

import contextlib
import datetime as dt
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from journeys.contact import operations as contact
from journeys.outreach import channels, rules
from journeys.outreach.channels.protocol import Gateway, Outcome
from journeys.outreach.enums import Failure, Found, Result
from journeys.outreach.operations import addressing, receiving
from journeys.outreach.operations.claiming import Claim, claim_batch
from journeys.outreach.operations.settling import expire_leases, settle_in_doubt
from portal.kit import masking, sealed

logger = logging.getLogger(__name__)

BATCH_SIZE = 20

# Only the holder of the lease writes: a process that comes back late changes nothing.
_WRITE_DOWN = """
UPDATE journeys_message AS message
SET state = done.state, lease_until = NULL, not_before = done.not_before,
    sent_at = CASE WHEN done.state = 'sent' THEN done.at END,
    attempts = message.attempts - done.uncounted, failure_kind = done.failure_kind,
    failure = done.failure, gateway_reference = done.reference
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::timestamptz[],
            %s::int[], %s::text[], %s::text[], %s::text[])
     AS done(id, lease_until, state, at, not_before, uncounted, failure_kind, failure, reference)
WHERE message.id = done.id AND message.state = 'sending'
  AND message.lease_until = done.lease_until
RETURNING message.customer_id, message.dedup_key, message.state
"""


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a claimed message, and when."""

    claim: Claim
    step: rules.NextStep
    failure: str
    reference: str
    at: dt.datetime


class _Run:
    """The gateways of one batch run, each opened at first use; one that cannot be reached is left
    alone for the rest of the run."""

    def __init__(self) -> None:
        self._gateways: dict[str, Gateway] = {}
        self.open_channels = set(channels.kinds())

    def hand_over(self, claim: Claim) -> tuple[Outcome, Failure | None]:
        """This will fill in the text, open the address and hand the message over."""
        try:
            context = json.loads(claim.context)
            subject = " ".join(rules.render(claim.subject, context).split())
            body = rules.render(claim.body, context)
        except (rules.BadTemplate, rules.VariableMissing) as error:
            return Outcome(Result.REFUSED, str(error)), Failure.BAD_TEXT
        try:
            destination = addressing.open_address(claim.channel, claim.address)
        except sealed.SealBroken:
            return Outcome(Result.BAD_ADDRESS), Failure.BAD_SEAL
        parcel = addressing.parcel_of(
            message_id=claim.message_id,
            customer_id=claim.customer_id,
            channel=claim.channel,
            purpose=claim.purpose,
            dedup_key=claim.dedup_key,
            destination=destination,
            subject=subject,
            body=body,
        )
        outcome = self.gateway(claim.channel).hand_over(parcel)
        if outcome.result == Result.UNREACHABLE:
            self.open_channels.discard(claim.channel)
        # Replies often repeat the address, which must not be stored or shown in clear.
        detail = masking.mask_text(outcome.detail.replace(destination, "***"))
        reference = masking.mask_text(outcome.reference.replace(destination, "***"))
        return Outcome(outcome.result, detail, reference), None

    def find(self, channel: str, key: str) -> Found:
        """This will ask the receipts, then the gateway, what became of a message."""
        return receiving.found_by_receipt(key) or self.gateway(channel).find(key)

    def gateway(self, channel: str) -> Gateway:
        """This will return the one gateway of a channel."""
        if channel not in self._gateways:
            self._gateways[channel] = channels.kind_of(channel).gateway()
        return self._gateways[channel]

    def close(self) -> None:
        """This will let all connections go."""
        for gateway in self._gateways.values():
            gateway.close()


def send_due_messages(
    *, clock: Callable[[], dt.datetime], seconds: float, batch_size: int = BATCH_SIZE
) -> int:
    """This will send what is due until nothing is, or `seconds` have passed, and say how many
    messages were handed over. As many processes do so at the same time as OUTBOX_SENDERS says;
    for one more there is nothing to do.

    `clock` gives the present instant: it is asked anew for every hand-over, because a run takes
    long. Before that, messages whose worker was lost are looked after.
    """
    with _place_among_senders() as has_place:
        return _drain(clock, seconds, batch_size) if has_place else 0


@contextlib.contextmanager
def _place_among_senders() -> Iterator[bool]:
    """The lock belongs to the database session: a killed sender's place is free at once."""
    place = None
    with connection.cursor() as cursor:
        for number in range(settings.OUTBOX_SENDERS):
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('outbox'), %s)", [number])
            if cursor.fetchone()[0]:
                place = number
                break
        try:
            yield place is not None
        finally:
            if place is not None:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('outbox'), %s)", [place])


def _drain(clock: Callable[[], dt.datetime], seconds: float, batch_size: int) -> int:
    started, handed_over, run = clock(), 0, _Run()
    try:
        expire_leases(at=started)
        settle_in_doubt(find=run.find, at=started)
        while (clock() - started).total_seconds() < seconds and run.open_channels:
            claims, is_more = claim_batch(
                channels=sorted(run.open_channels), size=batch_size, at=clock()
            )
            if not is_more:
                break
            handed_over += _hand_over(run, claims, clock)
    finally:
        run.close()
    return handed_over


def _hand_over(run: _Run, claims: list[Claim], clock: Callable[[], dt.datetime]) -> int:
    """What was not begun is given back untouched, also when this process is told to stop; what was
    begun without a result stays taken until its lease is over, and is then in doubt."""
    done: list[_Done] = []
    waiting = list(claims)
    try:
        while waiting:
            claim = waiting[0]
            if clock() >= claim.lease_until or claim.channel not in run.open_channels:
                break
            waiting.pop(0)
            outcome, failure = run.hand_over(claim)
            done.append(_done(claim, outcome, failure, clock()))
        handed_over = len(done)
    finally:
        for claim in waiting:
            done.append(_given_back(claim, clock()))
        _write_down(done)
    return handed_over


def _done(claim: Claim, outcome: Outcome, failure: Failure | None, at: dt.datetime) -> _Done:
    longest = dt.timedelta(seconds=settings.OUTBOX_HAND_OVER_SECONDS)
    step = rules.next_step(outcome.result, claim.attempts, longest)
    if outcome.result == Result.SENT:
        return _Done(claim, step, "", outcome.reference, at)
    code = failure or Failure(outcome.result)
    words = f"{code.value}: {outcome.detail}" if outcome.detail else code.value
    return _Done(claim, step, words[:200], "", at)


def _given_back(claim: Claim, at: dt.datetime) -> _Done:
    return _Done(claim, rules.GIVEN_BACK, "", "", at)


@transaction.atomic
def _write_down(done: list[_Done]) -> None:
    if not done:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE_DOWN,
            [
                [one.claim.message_id for one in done],
                [one.claim.lease_until for one in done],
                [one.step.state for one in done],
                [one.at for one in done],
                [one.at + one.step.wait for one in done],
                [0 if one.step.counts else 1 for one in done],
                [one.step.failure_kind for one in done],
                [one.failure for one in done],
                [one.reference for one in done],
            ],
        )
        written = cursor.fetchall()
    failed = [(customer_id, key) for customer_id, key, state in written if state == "failed"]
    contact.release_contacts(causes=failed, at=done[0].at)
    if len(written) < len(done):
        logger.warning("Results that came after the lease: %s", len(done) - len(written))
