"""How a due step of one person is judged: plain values in, one verdict out."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from campaigns.planning.enums import Then
from campaigns.planning.rules.touches import Step
from campaigns.touches.enums import Left, StepAnswer, StepState
from journeys.contact.enums import GateAnswer
from journeys.contact.rules import GateVerdict

# A wait is looked at once a day, and at once where a day of the customer's card moves.
_LOOK_AGAIN = dt.timedelta(days=1)
# What a person of the bank ends is asked about again after this long.
_ASK_AGAIN = dt.timedelta(hours=6)
_MAY_END = frozenset(
    {
        GateAnswer.NO_RULE, GateAnswer.NO_HOURS, GateAnswer.NO_CALENDAR,
        GateAnswer.COMPLAINT_OPEN, GateAnswer.CASE_OPEN, GateAnswer.PEACE,
    }
)  # fmt: skip
SEND = "send"
EndsOf = Callable[[dt.datetime], dt.datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of one person and a step that is due. `goal`, `needs` and `until` say whether
    these trees hold; `exit` is the number of the first that does."""

    planned_at: dt.datetime
    entered_at: dt.datetime
    wait_until: dt.datetime | None
    valid_until: dt.datetime | None
    is_goal: bool = False
    exit: int | None = None
    has_needs: bool = True
    has_come: bool = False
    is_control: bool = False
    is_fillable: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a step: a StepState, or SEND where the gate is yet to be asked; the answer;
    where it waits when it is looked at again, and until when; where the person leaves, by what."""

    state: str
    answer: str = ""
    due_at: dt.datetime | None = None
    wait_until: dt.datetime | None = None
    valid_until: dt.datetime | None = None
    left: str = ""
    left_detail: int | None = None
    channel: str = ""
    next_free: dt.datetime | None = None


def judge(step: Step, asked: Asked, at: dt.datetime, ends_of: EndsOf) -> Verdict:
    """This will judge a step that is due at `at`; `ends_of` gives the end of validity of an
    instant, the end of the bank's day so many days after it."""
    if asked.is_goal:
        return _leaves(Left.GOAL, StepAnswer.GOAL)
    if asked.exit is not None:
        return replace(_leaves(Left.EXIT, StepAnswer.EXIT), left_detail=asked.exit)
    if step.wait is None:
        return _ready(asked, at, asked.valid_until or ends_of(asked.planned_at))
    if asked.valid_until is not None:  # the wait has ended before, and the gate said later
        return _ready(asked, at, asked.valid_until)
    return _waits(step, asked, at, ends_of)


def _leaves(left: Left, answer: StepAnswer) -> Verdict:
    return Verdict(StepState.LEFT, answer, left=left)


def _waits(step: Step, asked: Asked, at: dt.datetime, ends_of: EndsOf) -> Verdict:
    """A wait begins when the step is due and the person inside."""
    wait = step.wait
    if wait is None:
        return Verdict(SEND)
    begun = max(asked.planned_at, asked.entered_at)
    over = asked.wait_until or begun + dt.timedelta(days=wait.days)
    if not asked.has_come and at < over:
        return Verdict(
            StepState.WAITING, StepAnswer.AWAITS, due_at=min(at + _LOOK_AGAIN, over),
            wait_until=over,
        )  # fmt: skip
    then = wait.then if asked.has_come else wait.otherwise
    answer = StepAnswer.WAIT_MET if asked.has_come else StepAnswer.WAIT_OVER
    if then == Then.SKIP:
        return Verdict(StepState.SKIPPED, answer, wait_until=over)
    if then == Then.LEAVE:
        return Verdict(StepState.SKIPPED, answer, wait_until=over, left=Left.WAIT)
    return replace(_ready(asked, at, ends_of(at)), wait_until=over)


def _ready(asked: Asked, at: dt.datetime, valid_until: dt.datetime) -> Verdict:
    """A step that nothing waits for any more."""
    answer = ""
    if at >= valid_until:
        answer = StepAnswer.TOO_LATE
    elif not asked.has_needs:
        answer = StepAnswer.NEEDS
    elif asked.is_control:
        answer = StepAnswer.CONTROL
    elif not asked.is_fillable:
        answer = StepAnswer.NO_VALUE
    state = StepState.SKIPPED if answer else SEND
    return Verdict(state, answer, valid_until=valid_until)


def after_gate(ready: Verdict, gate: GateVerdict, at: dt.datetime) -> Verdict:
    """This will say what the gate's answer makes of a step that is ready to be sent."""
    valid_until = ready.valid_until or at
    if gate.is_open:
        if gate.not_before is not None and gate.not_before >= valid_until:
            return replace(
                ready, state=StepState.SKIPPED, answer=StepAnswer.TOO_LATE,
                next_free=gate.not_before,
            )  # fmt: skip
        return replace(
            ready, state=StepState.SENT, answer=StepAnswer.SENT, channel=gate.channel,
            next_free=gate.not_before,
        )  # fmt: skip
    later = gate.next_free
    if gate.answer in _MAY_END or (gate.answer == GateAnswer.CAP_REACHED and later is None):
        later = at + _ASK_AGAIN
    if later is not None and later < valid_until:
        return replace(
            ready, state=StepState.WAITING, answer=gate.answer, due_at=later,
            next_free=gate.next_free,
        )  # fmt: skip
    return replace(ready, state=StepState.SKIPPED, answer=gate.answer, next_free=gate.next_free)


def first_exit(held: Sequence[bool]) -> int | None:
    """This will return the number of the first of some exits that holds."""
    return next((number for number, one in enumerate(held) if one), None)
