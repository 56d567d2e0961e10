"""Working due steps off: a batch is taken, judged by set, passed through the gate, and answered, in
one transaction."""

import datetime as dt
import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

from campaigns.eligibility import queries as eligibility
from campaigns.planning import queries as planning
from campaigns.planning.enums import Anchor
from campaigns.planning.rules import naming as origins
from campaigns.planning.rules import plans
from campaigns.planning.rules.touches import Step
from campaigns.touches import queries
from campaigns.touches.enums import StepAnswer, StepState
from campaigns.touches.operations import leaving, placing
from campaigns.touches.queries import telling
from campaigns.touches.rules import judging, naming
from journeys.contact.enums import GateAnswer, Purpose
from journeys.contact.rules import GateVerdict
from journeys.outreach import operations as outreach
from journeys.outreach import queries as messages
from journeys.outreach.enums import Failure
from portal.kit import clock, instants

# What a batch costs whatever its size (planning the gate's statement, the version and its texts) is
# shared by so many; whoever records a word of one of them waits for the batch.
BATCH = 1_000
# Of each stay the step that is due first; the next one comes with the next batch. Nothing is waited
# for: a row, a stay or a customer that somebody else holds is left for the next round.
PICK = """
WITH due AS (
    SELECT * FROM campaigns_touchstep
    WHERE version_id = %(version_id)s AND state = 'waiting' AND due_at <= %(at)s
    ORDER BY due_at, id LIMIT %(size)s FOR NO KEY UPDATE SKIP LOCKED
), first AS (
    SELECT DISTINCT ON (enrolment_id) * FROM due ORDER BY enrolment_id, due_at, position
)
SELECT first.id, first.enrolment_id, first.customer_id, first.code, stay.rotation,
       {planned}, {entered}, {wait}, {valid}, first.tried
FROM first
JOIN campaigns_enrolment stay ON stay.id = first.enrolment_id AND stay.state = 'inside'
JOIN journeys_customer customer ON customer.id = first.customer_id
ORDER BY customer.id FOR NO KEY UPDATE OF stay, customer SKIP LOCKED
""".format(
    planned=instants.sql("first.planned_at"),
    entered=instants.sql("stay.entered_at"),
    wait=instants.sql("first.wait_until"),
    valid=instants.sql("first.valid_until"),
)
_ANSWER = """
UPDATE campaigns_touchstep step
SET state = said.state, answer = said.answer, channel = said.channel, due_at = said.due_at,
    wait_until = said.wait_until, valid_until = coalesce(said.valid_until, step.valid_until),
    variant = said.variant, next_free = said.next_free, reasons = said.reasons,
    answered_at = CASE WHEN said.state <> 'waiting' THEN %(at)s::timestamptz END
FROM jsonb_to_recordset(%(said)s::jsonb)
     AS said(id bigint, state text, answer text, channel text, due_at timestamptz,
             wait_until timestamptz, valid_until timestamptz, next_free timestamptz, variant text,
             reasons jsonb)
WHERE step.id = said.id
"""
_REMOVED = judging.Verdict(StepState.LEFT, StepAnswer.REMOVED)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due, as it was picked."""

    step_id: int
    enrolment_id: int
    customer_id: int
    code: str
    rotation: int
    planned_at: dt.datetime
    entered_at: dt.datetime
    wait_until: dt.datetime | None
    valid_until: dt.datetime | None
    tried: str = ""

    def channels_of(self, step: Step) -> tuple[str, ...]:
        """Those of the step that were not tried with this person."""
        return tuple(one for one in step.channels if one not in self.tried.split(","))


@dataclass(slots=True)
class _Answered:
    """What is answered to one of them, what its conditions found, and of a step with variants the
    one in which it is told, once nothing but the gate may stand against it."""

    due: Due
    verdict: judging.Verdict
    reasons: dict[str, Any]
    variant: str = ""


def work_due(*, version_id: int, at: dt.datetime, most: int | None = None) -> int:
    """This will work the due steps of a version off, `most` at most, and return how many were
    answered. Nothing is done where its campaign is stopped or its approval is void: what is due
    waits until that ends, and its days may be over then."""
    answered = 0
    while most is None or answered < most:
        done = _work_batch(version_id, at)
        answered += done
        if done == 0:
            break
    return answered


@transaction.atomic
def _work_batch(version_id: int, at: dt.datetime) -> int:
    # Held until the commit: a stop waits for a batch, and what it finds written it cancels.
    if planning.gives_nothing(version_id, lock=True):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(PICK, {"version_id": version_id, "at": at, "size": BATCH})
        rows = [_due(row) for row in cursor.fetchall()]
    if not rows:
        return 0
    version = planning.version(version_id)
    plan = plans.plan_of(version.content)
    picked, rows = len(rows), _still_due(version, plan, rows, at)
    by_code = sorted(rows, key=lambda one: (one.code, one.rotation, one.customer_id))
    answered = []
    for code, group in itertools.groupby(by_code, key=lambda one: one.code):
        step = plan.touches.step(code) if plan.touches else None
        people = list(group)
        if step is None:
            answered += [_Answered(one, _REMOVED, {}) for one in people]
        else:
            answered += _work_step(version, plan, step, people, at)
    _write(answered, at)
    leavers = [
        (one.due.enrolment_id, one.verdict.left, one.verdict.left_detail)
        for one in answered
        if one.verdict.left
    ]
    leaving.leave(leavers=leavers, at=at)
    leaving.finish(enrolment_ids=[one.due.enrolment_id for one in answered], at=at)
    return picked


def _due(row: Sequence[Any]) -> Due:
    step, stay, customer, code, rotation, planned, entered, wait, valid, tried = row
    return Due(
        step, stay, customer, code, rotation, instants.instant_of(planned),
        instants.instant_of(entered), instants.read(wait), instants.read(valid), tried,
    )  # fmt: skip


def _still_due(version: Any, plan: plans.Plan, rows: list[Due], at: dt.datetime) -> list[Due]:
    """Points are spent without a mark: before a step that is counted from their last day, that day
    is looked at once more."""
    moving = _codes_of(plan, Anchor.POINTS_EXPIRING)
    stays = sorted({one.enrolment_id for one in rows if one.code in moving})
    if not stays:
        return rows
    placing.place_steps(version=version, plan=plan, enrolment_ids=stays, on=clock.bank_day(at))
    left = queries.due_among([one.step_id for one in rows], at=at)
    return [one for one in rows if one.step_id in left]


def _codes_of(plan: plans.Plan, anchor: Anchor) -> set[str]:
    steps = plan.touches.steps if plan.touches else ()
    return {step.code for step in steps if step.anchor == anchor}


def _work_step(
    version: Any, plan: plans.Plan, step: Step, rows: Sequence[Due], at: dt.datetime
) -> list[_Answered]:
    """One step for many people: their conditions in one statement, the gate in one for each
    variant and number of stay."""
    texts = telling.texts_of(version, plan, step)
    drawn = queries.drawn(version.campaign.code, step, [one.customer_id for one in rows])
    contexts, found = _ask(version, plan, step, rows, (texts, drawn), at)
    control = eligibility.held_out(
        version.campaign, plan.control_percent, [one.customer_id for one in rows]
    )
    answered = [_judged(plan, step, one, found, contexts, control, at) for one in rows]
    ready = [one for one in answered if one.verdict.state == judging.SEND]
    for one in ready:
        one.variant = drawn[one.due.customer_id]
        if not texts[one.variant].is_whole:
            one.verdict = replace(one.verdict, state=StepState.SKIPPED, answer=StepAnswer.NO_TEXT)
        elif not one.due.channels_of(step):
            one.verdict = replace(
                one.verdict, state=StepState.SKIPPED, answer=GateAnswer.NO_ADDRESS
            )
    whole = [one for one in ready if one.verdict.state == judging.SEND]
    for (variant, _rotation, _tried), group in itertools.groupby(
        sorted(whole, key=_told_as), key=_told_as
    ):
        _send(version, step, texts[variant], list(group), contexts, at)
    return answered


def _told_as(one: _Answered) -> tuple[str, int, str]:
    return one.variant, one.due.rotation, one.due.tried


def _ask(
    version: Any,
    plan: plans.Plan,
    step: Step,
    rows: Sequence[Due],
    told: tuple[Mapping[str, telling.Texts], Mapping[int, str]],
    at: dt.datetime,
) -> tuple[dict[int, dict[str, str]], dict[int, queries.Found]]:
    (texts, drawn), on = told, clock.bank_day(at)
    counts = any(one.counts_down for one in texts.values())
    ids = [one.customer_id for one in rows]
    found = queries.find(plan, _trees(plan, step), ids, on=on, counts=counts)
    contexts: dict[int, dict[str, str]] = {}
    for variant, own in texts.items():
        people = {who: one for who, one in found.items() if drawn[who] == variant}
        if people:
            contexts |= telling.contexts_of(version, plan, people, own, on=on)
    return contexts, found


def _trees(plan: plans.Plan, step: Step) -> list[Any]:
    """What is asked of everybody whose step is due, in one order: the goal, what the step needs,
    what it waits for, the exits. What is not there holds; that it says nothing is known here."""
    touches = plan.touches
    if touches is None:
        return []
    return [touches.goal, step.needs, step.wait.until if step.wait else None, *touches.exits]


def _judged(
    plan: plans.Plan,
    step: Step,
    due: Due,
    found: Mapping[int, queries.Found],
    contexts: Mapping[int, Mapping[str, str]],
    control: Collection[int],
    at: dt.datetime,
) -> _Answered:
    one, touches = found[due.customer_id], plan.touches
    asked = judging.Asked(
        planned_at=due.planned_at,
        entered_at=due.entered_at,
        wait_until=due.wait_until,
        valid_until=due.valid_until,
        is_goal=touches is not None and touches.goal is not None and one.held[0],
        exit=judging.first_exit(one.held[3:]),
        has_needs=one.held[1],
        has_come=one.held[2],
        is_control=due.customer_id in control,
        is_fillable=due.customer_id in contexts,
    )
    verdict = judging.judge(step, asked, at, lambda begun: _ends_of(step, begun))
    named = {"goal": 0, "needs": 1, "until": 2}
    reasons = {name: one.facts[place] for name, place in named.items() if one.facts[place]}
    if asked.exit is not None:
        reasons["exit"] = [asked.exit, one.facts[3 + asked.exit]]
    return _Answered(due, verdict, reasons)


def _ends_of(step: Step, begun: dt.datetime) -> dt.datetime:
    return clock.start_of(clock.bank_day(begun) + dt.timedelta(days=step.valid_days + 1))


def _send(
    version: Any,
    step: Step,
    texts: telling.Texts,
    ready: Sequence[_Answered],
    contexts: Mapping[int, Mapping[str, str]],
    at: dt.datetime,
) -> None:
    """The gate is asked and messages are written; the answers are set on those who are ready, of
    one variant and number of stay, with whom the same channels were tried."""
    key = naming.dedup_key_of(version.campaign_id, step.code, ready[0].due.rotation)
    ids = [one.due.customer_id for one in ready]
    ends = {
        one.due.customer_id: one.verdict.valid_until for one in ready if one.verdict.valid_until
    }
    # What tells of rewards has a cause of its own for each time that it was called off, and what
    # goes by another channel one for each that reached nobody.
    turns = {key: ids}
    if step.anchor == Anchor.GRANT or ready[0].due.tried:
        turns = messages.causes_now(customer_ids=ids, dedup_key=key, counts_unreached=True)
    verdicts: dict[int, tuple[str, GateVerdict]] = {
        verdict.customer_id: (cause, verdict)
        for cause, people in turns.items()
        for verdict in outreach.queue_messages(
            customer_ids=people,
            contexts={customer: contexts[customer] for customer in people},
            purpose=Purpose.MARKETING,
            channels=list(ready[0].due.channels_of(step)),
            template_code=texts.code,
            text_ids=texts.ids,
            variant=ready[0].variant,
            origin=origins.origin_of(version.campaign.code, version.number),
            dedup_key=cause,
            priority=step.priority,
            valid_until=ends,
            at=at,
        )
    }
    late = []
    for one in ready:
        cause, gate = verdicts[one.due.customer_id]
        one.verdict = judging.after_gate(one.verdict, gate, at)
        one.reasons["gate"] = gate.answer
        if gate.answer == GateAnswer.OPEN and one.verdict.state != StepState.SENT:
            late.append((one.due.customer_id, cause))
    # Its hour comes after its days are over: the contact is given back, and its cause is used up.
    outreach.call_off(causes=late, failure=Failure.TOO_LATE, at=at)


def _write(answered: Sequence[_Answered], at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        # One document: psycopg takes ten times as long to write down ten arrays.
        said = json.dumps([_row_of(one) for one in answered])
        cursor.execute(_ANSWER, {"at": at, "said": said})


def _row_of(one: _Answered) -> dict[str, Any]:
    said = one.verdict
    return {
        "id": one.due.step_id, "state": said.state, "answer": said.answer,
        "channel": said.channel, "due_at": _iso(said.due_at), "wait_until": _iso(said.wait_until),
        "valid_until": _iso(said.valid_until), "next_free": _iso(said.next_free),
        "variant": one.variant, "reasons": one.reasons,
    }  # fmt: skip


def _iso(instant: dt.datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
