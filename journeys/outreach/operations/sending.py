"""Draining the outbox: claim, hand over, write down what became of it."""

import contextlib
import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.db import connection, transaction

from journeys.outreach import channels
from journeys.outreach.channels.protocol import Gateway
from journeys.outreach.enums import Found
from journeys.outreach.operations import ending, halting, receiving
from journeys.outreach.operations.claiming import claim_batch
from journeys.outreach.operations.handing import Done, Line
from journeys.outreach.operations.pacing import Pace
from journeys.outreach.operations.requesting import request_sending
from journeys.outreach.operations.settling import expire_leases, settle_in_doubt
from portal.kit.outgoing import Unsent

logger = logging.getLogger(__name__)

# What a channel is given at once at most; it gets as much as it hands over in about a second.
BATCH_SIZE = 1000
_HALTS_ASKED_SECONDS = 1.0
_LONGEST_WAIT = 0.1

# Only the holder of the lease writes: a process that comes back late changes nothing.
_WRITE_DOWN = """
UPDATE journeys_message AS message
SET state = done.state, lease_until = NULL, not_before = done.not_before,
    sent_at = CASE WHEN done.state = 'sent' THEN done.at END,
    attempts = message.attempts - done.uncounted, failure_kind = done.failure_kind,
    failure = done.failure, gateway_reference = done.reference
FROM jsonb_to_recordset(%s::jsonb)
     AS done(id bigint, lease_until timestamptz, state text, at timestamptz,
             not_before timestamptz, uncounted int, failure_kind text, failure text,
             reference text)
WHERE message.id = done.id AND message.state = 'sending'
  AND message.lease_until = done.lease_until
RETURNING message.state, message.customer_id, message.dedup_key, message.channel,
    message.failure_kind, message.failure
"""


def send_due_messages(
    *, clock: Callable[[], dt.datetime], seconds: float, batch_size: int = BATCH_SIZE
) -> int:
    """This will send what is due until nothing is, or `seconds` have passed, and say how many
    messages were handed over. As many processes do so at the same time as OUTBOX_SENDERS says;
    for one more there is nothing to do.

    `clock` gives the present instant: it is asked anew for every hand-over, because a run takes
    long. Before that, messages whose worker was lost are looked after. A channel is given at most
    `batch_size` messages ahead.
    """
    with _place_among_senders() as has_place:
        if not has_place:
            return 0
        _look_after_lost(clock())
        run = _Run(clock, seconds, batch_size)
        handed_over = run.drain()
    if run.has_more:
        # Not at the next tick: the place is free now.
        request_sending()
    return handed_over


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


def _look_after_lost(at: dt.datetime) -> None:
    gateways: dict[str, Gateway] = {}

    def find(channel: str, key: str) -> Found:
        if told := receiving.found_by_receipt(key):
            return told
        if channel not in gateways:
            gateways[channel] = channels.kind_of(channel).gateway()
        return gateways[channel].find(key)

    expire_leases(at=at)
    try:
        settle_in_doubt(find=find, at=at)
    finally:
        for gateway in gateways.values():
            gateway.close()


class _Run:
    """One drain of the outbox: while the lines hand over, the next messages are claimed and the
    results written down."""

    def __init__(self, clock: Callable[[], dt.datetime], seconds: float, most: int) -> None:
        self._clock, self._seconds = clock, seconds
        self._started, self._end = clock(), time.monotonic() + seconds
        self._changed = threading.Event()
        self._lines = {
            channel: Line(channel, clock, most, self._changed) for channel in channels.kinds()
        }
        self._pace = Pace(channels.kinds(), self._started)
        self._halts_asked = time.monotonic()
        self._origins: set[str] = set()
        self._handed_over = 0
        self.has_more = True

    def drain(self) -> int:
        """This will send what is due and return how many messages were handed over."""
        try:
            while self._has_time() and self._has_open_lines():
                self._changed.clear()
                is_more = self._claim()
                if not is_more and self._is_idle():
                    self.has_more = False
                    break
                self._changed.wait(_LONGEST_WAIT)
                self._write_down([done for line in self._lines.values() for done in line.collect()])
                for line in self._lines.values():
                    line.raise_error()
                self._ask_halts()
        finally:
            # What was not begun is given back untouched, also when this process is told to stop;
            # what was begun without a result stays taken until its lease is over, and is then in
            # doubt.
            self._write_down([done for line in self._lines.values() for done in line.close()])
        return self._handed_over

    def _has_open_lines(self) -> bool:
        """Where no gateway is reached, the next tick tries again."""
        is_any = any(line.is_open for line in self._lines.values())
        self.has_more = is_any
        return is_any

    def _has_time(self) -> bool:
        passed = (self._clock() - self._started).total_seconds()
        return passed < self._seconds and time.monotonic() < self._end

    def _is_idle(self) -> bool:
        return all(line.is_idle for line in self._lines.values())

    def _claim(self) -> bool:
        """Whether there may be more to do than what is in hand."""
        at = self._clock()
        wanted = {code: line.room for code, line in self._lines.items() if line.is_open}
        room = {
            code: self._pace.take(code, number, at) for code, number in wanted.items() if number
        }
        sizes = {code: number for code, number in room.items() if number}
        if not sizes:
            # Full, or held back by a rate.
            return bool(room) or not self._is_idle()
        claims, is_more = claim_batch(sizes=sizes, open_channels=list(wanted), at=at)
        for code, number in sizes.items():
            mine = [claim for claim in claims if claim.channel == code]
            self._pace.give_back(code, number - len(mine), at)
            self._lines[code].add(mine)
        self._origins |= {claim.origin for claim in claims}
        return is_more or len(sizes) < len(room)

    def _ask_halts(self) -> None:
        """A pause or stop reaches also what was claimed before it, within a second or so."""
        if time.monotonic() - self._halts_asked < _HALTS_ASKED_SECONDS:
            return
        self._halts_asked = time.monotonic()
        with transaction.atomic():
            halted = {*halting.halted_among(self._origins), *halting.called_off(self._origins)}
        self._origins.clear()
        for line in self._lines.values():
            self._origins |= line.origins
            if halted:
                line.drop(halted)

    def _write_down(self, done: Sequence[Done]) -> None:
        if done:
            self._handed_over += sum(not one.is_given_back for one in done)
            write_down(done)


@transaction.atomic
def write_down(done: Sequence[Done]) -> None:
    """This will write down what became of claimed messages, as far as this process still holds
    them."""
    with connection.cursor() as cursor:
        # One document: psycopg takes ten times as long to write down nine arrays.
        cursor.execute(_WRITE_DOWN, [json.dumps([_row_of(one) for one in done])])
        written = cursor.fetchall()
    failed = [
        Unsent(customer, key, channel, kind, ending.why_of(failure))
        for state, customer, key, channel, kind, failure in written
        if state == "failed"
    ]
    ending.end(over=failed, at=done[0].at)
    if len(written) < len(done):
        logger.warning("Results that came after the lease: %s", len(done) - len(written))


def _row_of(done: Done) -> dict[str, object]:
    return {
        "id": done.claim.message_id,
        "lease_until": done.claim.lease_until.isoformat(),
        "state": done.step.state,
        "at": done.at.isoformat(),
        "not_before": (done.at + done.step.wait).isoformat(),
        "uncounted": 0 if done.step.counts else 1,
        "failure_kind": done.step.failure_kind,
        "failure": done.failure,
        "reference": done.reference,
    }
