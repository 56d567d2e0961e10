"""What becomes of a message at its turn: plain decisions on what was found about it."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from journeys.contact.enums import Channel, GateAnswer, Purpose
from journeys.contact.rules import GateVerdict
from journeys.outreach import rules
from journeys.outreach.enums import Failure, FailureKind, HaltKind, MessageState
from portal.kit.outgoing import Unsent

# What holds a message back until a person changes it, and how long it waits until it is asked
# about again.
_WAITS = frozenset(
    {
        GateAnswer.NO_RULE,
        GateAnswer.NO_HOURS,
        GateAnswer.NO_CALENDAR,
        GateAnswer.COMPLAINT_OPEN,
        GateAnswer.CASE_OPEN,
        GateAnswer.PEACE,
    }
)
_PAUSED = {GateAnswer.COMPLAINT_OPEN, GateAnswer.CASE_OPEN, GateAnswer.PEACE}
_UNTIL_ASKED_AGAIN = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process holds until `lease_until`; the gate was asked at `asked_at`.
    `address` is sealed."""

    message_id: int
    customer_id: int
    channel: str
    purpose: str
    dedup_key: str
    origin: str
    attempts: int
    template_id: int
    subject: str
    body: str
    context: str
    address: bytes
    queued_at: dt.datetime
    held_by: str
    is_withdrawn: bool
    valid_until: dt.datetime | None
    asked_at: dt.datetime
    lease_until: dt.datetime

    @property
    def cause(self) -> tuple[int, str]:
        return self.customer_id, self.dedup_key


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """What becomes of a message that may not be sent now; `is_over` where it never will be."""

    claim: Claim
    state: str
    not_before: dt.datetime | None
    failure_kind: str
    failure: str

    @property
    def is_over(self) -> bool:
        return self.state in {MessageState.CANCELLED, MessageState.FAILED}

    @property
    def unsent(self) -> Unsent:
        """The message, told to whoever had it written."""
        claim = self.claim
        return Unsent(
            claim.customer_id, claim.dedup_key, claim.channel, self.failure_kind, self.failure
        )


def before_the_gate(
    claim: Claim,
    halted: Mapping[str, str],
    called_off: Collection[str],
    left: Mapping[tuple[int, str], str],
    gone: Collection[str] = (),
) -> TurnedAway | None:
    """This will tell what is not sent whatever the gate says; None where nothing is in its way. A
    stop and a text are asked about here although either cancels what waits: what was in a worker's
    hands at that moment may have come back since. `gone` are the names that no SMS may be sent
    under any more: a service message waits for the name, or for its text to be withdrawn."""
    if claim.origin in called_off or halted.get(claim.origin) == HaltKind.STOP:
        return _cancelled(claim, Failure.CALLED_OFF)
    if claim.is_withdrawn:
        return _cancelled(claim, Failure.TEXT_WITHDRAWN)
    if claim.cause in left:
        return _cancelled(claim, Failure(left[claim.cause]))
    if gone and claim.channel == Channel.SMS and rules.sender_of(claim.body) in gone:
        if claim.purpose == Purpose.SERVICE:
            return _waits(claim, claim.asked_at + _UNTIL_ASKED_AGAIN, Failure.SENDER_GONE)
        return _cancelled(claim, Failure.SENDER_GONE)
    if claim.valid_until is not None and claim.asked_at >= claim.valid_until:
        return _cancelled(claim, Failure.TOO_LATE)
    if claim.origin in halted:
        return TurnedAway(claim, MessageState.HELD, None, "", claim.held_by)
    return None


def weigh(*, claim: Claim, verdict: GateVerdict, at: dt.datetime) -> TurnedAway | None:
    """This will tell what follows from the gate's answer. None: it goes now."""
    is_held = not _PAUSED.isdisjoint((verdict.answer, claim.held_by))
    if is_held and rules.is_out_of_date(claim.queued_at, at):
        return _cancelled(claim, Failure.OUT_OF_DATE)
    if verdict.is_open:
        if verdict.not_before == at:
            return None
        return TurnedAway(claim, MessageState.QUEUED, verdict.not_before, "", "")
    if verdict.answer == GateAnswer.NO_ADDRESS:
        return TurnedAway(claim, MessageState.FAILED, None, FailureKind.ADDRESS, Failure.NO_ADDRESS)
    if verdict.answer == GateAnswer.CAP_REACHED:
        # It takes the first free place. Were it to try again and again, late messages of one
        # person would each hold the others' place for ever.
        return _waits(claim, verdict.next_free or at + _UNTIL_ASKED_AGAIN, verdict.answer)
    if verdict.answer in _WAITS:
        return _waits(claim, at + _UNTIL_ASKED_AGAIN, verdict.answer)
    return _cancelled(claim, verdict.answer)


def _cancelled(claim: Claim, why: str) -> TurnedAway:
    return TurnedAway(claim, MessageState.CANCELLED, None, FailureKind.POLICY, why)


def _waits(claim: Claim, not_before: dt.datetime, answer: str) -> TurnedAway:
    return TurnedAway(claim, MessageState.QUEUED, not_before, FailureKind.POLICY, answer)
