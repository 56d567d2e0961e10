"""Handing over: a line of threads for each channel, each thread with a connection of its own."""

import collections
import contextlib
import datetime as dt
import functools
import json
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import connections

from journeys.outreach import channels, rules
from journeys.outreach.channels.protocol import Gateway, Outcome
from journeys.outreach.enums import Failure, Result
from journeys.outreach.operations import addressing
from journeys.outreach.operations.weighing import Claim
from portal.kit import masking, sealed

# A line is given as much as it hands over in this time.
_AHEAD_SECONDS = 1.5
FIRST_SIZE, _FEWEST = 200, 20
_LONGEST_WORDS = 120


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a claimed message, and when."""

    claim: Claim
    step: rules.NextStep
    failure: str
    reference: str
    at: dt.datetime

    @property
    def is_given_back(self) -> bool:
        return self.step is rules.GIVEN_BACK


def given_back(*, claim: Claim, at: dt.datetime) -> Done:
    """This will let a message be as if it had not been claimed."""
    return Done(claim, rules.GIVEN_BACK, "", "", at)


def hand_over(*, gateway: Gateway, claim: Claim, at: Callable[[], dt.datetime]) -> Done:
    """This will fill in the text, open the address and hand a message over."""
    outcome, failure = _handed_over(gateway, claim)
    longest = dt.timedelta(seconds=settings.OUTBOX_HAND_OVER_SECONDS)
    step = rules.next_step(outcome.result, claim.attempts, longest)
    if outcome.result == Result.SENT:
        return Done(claim, step, "", outcome.reference, at())
    code = failure or Failure(outcome.result)
    words = f"{code.value}: {outcome.detail}" if outcome.detail else code.value
    return Done(claim, step, words[:200], "", at())


def _handed_over(gateway: Gateway, claim: Claim) -> tuple[Outcome, Failure | None]:
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
        valid_until=claim.valid_until,
    )
    return as_kept(gateway.hand_over(parcel), destination), None


def as_kept(outcome: Outcome, destination: str) -> Outcome:
    """This will mask the words of a gateway: replies often repeat the address, which must not be
    stored or shown in clear. Others in them may be longer under their mask. What no row can hold is
    taken out: one reply would keep the results of all its batch from being written down."""
    detail, reference = (
        _masked(rules.plain(words).replace(destination, "***"))[:_LONGEST_WORDS]
        for words in (outcome.detail, outcome.reference)
    )
    return Outcome(outcome.result, detail, reference)


@functools.lru_cache(maxsize=256)
def _masked(words: str) -> str:
    """A gateway says the same over and over."""
    return masking.mask_text(words)


class Line:
    """The hand-overs of one channel. A gateway that cannot be reached closes the line for the rest
    of the run; what was not begun then, or was claimed too long ago, is given back."""

    def __init__(
        self, channel: str, clock: Callable[[], dt.datetime], most: int, changed: threading.Event
    ) -> None:
        self._channel, self._clock, self._most, self._changed = channel, clock, most, changed
        self._lock = threading.Condition()
        self._waiting: collections.deque[Claim] = collections.deque()
        self._in_hand = 0
        self._done: list[Done] = []
        self._threads: list[threading.Thread] = []
        self._error: BaseException | None = None
        self._is_ending = False
        self._since = time.monotonic()
        self._size = min(FIRST_SIZE, most)
        self.is_open = True

    @property
    def room(self) -> int:
        """How many messages it wants; none while half of them still wait."""
        waiting = len(self._waiting)
        return 0 if not self.is_open or waiting * 2 > self._size else self._size - waiting

    @property
    def origins(self) -> set[str]:
        """Where the messages come from that wait here."""
        with self._lock:
            return {claim.origin for claim in self._waiting}

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits or is in hand."""
        with self._lock:
            return not self._waiting and not self._in_hand and not self._done

    def add(self, claims: Collection[Claim]) -> None:
        """This will let messages be handed over."""
        if not claims:
            return
        with self._lock:
            self._waiting.extend(claims)
            self._lock.notify_all()
        for _missing in range(settings.OUTBOX_CONNECTIONS - len(self._threads)):
            thread = threading.Thread(target=self._work, daemon=True, name=f"to {self._channel}")
            self._threads.append(thread)
            thread.start()

    def drop(self, origins: Collection[str]) -> None:
        """This will give back what waits of these origins."""
        with self._lock:
            kept = [claim for claim in self._waiting if claim.origin not in origins]
            gone = [claim for claim in self._waiting if claim.origin in origins]
            self._waiting = collections.deque(kept)
            self._done += [given_back(claim=claim, at=self._clock()) for claim in gone]

    def collect(self) -> list[Done]:
        """This will return what is done with since the last time."""
        with self._lock:
            done, self._done = self._done, []
            passed, self._since = time.monotonic() - self._since, time.monotonic()
        if done and passed > 0.01:
            ahead = int(len(done) / passed * _AHEAD_SECONDS)
            self._size = max(min(_FEWEST, self._most), min(ahead, self._size * 2, self._most))
        return done

    def raise_error(self) -> None:
        """This will raise what a hand-over raised that must not raise: its message stays taken
        until its lease is over."""
        if self._error is not None:
            raise self._error

    def close(self) -> list[Done]:
        """This will let no more be begun, wait for what is in hand, and return what is done with
        and what was given back."""
        with self._lock:
            self._is_ending = True
            self._done += [given_back(claim=claim, at=self._clock()) for claim in self._waiting]
            self._waiting.clear()
            self._lock.notify_all()
        for thread in self._threads:
            thread.join(settings.OUTBOX_HAND_OVER_SECONDS)
        return self.collect()

    def _work(self) -> None:
        with contextlib.closing(channels.kind_of(self._channel).gateway()) as gateway:
            try:
                while (claim := self._next()) is not None:
                    self._finish(self._hand_over(gateway, claim))
            except BaseException as error:
                self._error = error
                self._finish(None)
            finally:
                connections.close_all()

    def _next(self) -> Claim | None:
        with self._lock:
            while not self._waiting and not self._is_ending:
                self._lock.wait()
            if self._is_ending:
                return None
            self._in_hand += 1
            return self._waiting.popleft()

    def _hand_over(self, gateway: Gateway, claim: Claim) -> Done:
        at = self._clock()
        fresh = claim.asked_at + dt.timedelta(seconds=settings.OUTBOX_FRESH_SECONDS)
        if at >= min(fresh, claim.lease_until) or not self.is_open:
            return given_back(claim=claim, at=at)
        done = hand_over(gateway=gateway, claim=claim, at=self._clock)
        if done.failure.startswith(Failure.UNREACHABLE):
            self.is_open = False
        return done

    def _finish(self, done: Done | None) -> None:
        with self._lock:
            self._in_hand -= 1
            if done is not None:
                self._done.append(done)
            wants_more = len(self._waiting) * 2 <= self._size
        if wants_more or done is None:
            self._changed.set()
