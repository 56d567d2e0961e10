"""Deciding about the customers of a chunk: one statement, and where its rows go."""

import datetime as dt
from typing import Any

from django.db import connection

from campaigns.eligibility import queries, rules
from campaigns.eligibility.enums import ChunkState, RunKind
from campaigns.eligibility.models import RunChunk
from campaigns.planning.rules import plans
from portal.kit import clock

_COLUMNS = """run_id, customer_id, card_id, outcome, failed_at, facts, reached, award, gate,
           channel, issued_date, filed_date, activated_date, gap, deadline"""
_DECIDED = """%(run_id)s, decided.customer_id, decided.card_id, decided.outcome, decided.failed_at,
           decided.facts, decided.reached, '', '', '', decided.issued_date, decided.filed_date,
           decided.activated_date, decided.gap, decided.deadline"""

# A preview counts, and writes nothing down.
_COUNT = """
SELECT outcome, failed_at, count(*) FROM ({decisions}) AS decided GROUP BY outcome, failed_at
"""
_WRITE = f"""
WITH written AS (
    INSERT INTO campaigns_decision ({_COLUMNS}{{more}})
    SELECT {_DECIDED}{{more}}
    FROM ({{decisions}}) AS decided ORDER BY decided.customer_id
    RETURNING outcome, failed_at
)
SELECT outcome, failed_at, count(*) FROM written GROUP BY outcome, failed_at
"""
# An evening of a back-test: those who qualify; on the last evening everybody. Who has the reward
# keeps the decision of the evening that gave it. Who came to qualify on a day had come by the last
# posting of that day; those of the first evening count as there from the start. Who reaches a
# further tier has come anew, to what is reached now.
_WRITE_EVENING = f"""
WITH written AS (
    INSERT INTO campaigns_decision AS before ({_COLUMNS}, decided_date, came_at)
    SELECT {_DECIDED}, %(on)s,
        CASE WHEN decided.outcome <> 'qualified' THEN NULL WHEN %(is_first)s THEN %(starts)s
             ELSE LEAST(%(ends)s, COALESCE((
                 SELECT max(posted.posted_at) FROM journeys_transaction posted
                 WHERE posted.card_id = decided.card_id AND posted.posted_date = %(on)s
                   AND posted.amount > 0), %(ends)s)) END
    FROM ({{decisions}}) AS decided
    WHERE (decided.outcome = 'qualified' OR %(is_last)s) AND NOT EXISTS (
        SELECT FROM campaigns_decision had WHERE had.run_id = %(run_id)s
          AND had.customer_id = decided.customer_id AND had.award = 'granted')
    ORDER BY decided.customer_id
    ON CONFLICT (run_id, customer_id) DO UPDATE SET
        card_id = EXCLUDED.card_id, outcome = EXCLUDED.outcome, failed_at = EXCLUDED.failed_at,
        facts = EXCLUDED.facts, reached = EXCLUDED.reached, award = '', awarded = NULL, gate = '',
        channel = '', other_id = NULL, issued_date = EXCLUDED.issued_date,
        filed_date = EXCLUDED.filed_date, activated_date = EXCLUDED.activated_date,
        gap = EXCLUDED.gap,
        deadline = EXCLUDED.deadline, decided_date = EXCLUDED.decided_date,
        came_at = CASE WHEN before.reached @> EXCLUDED.reached
            THEN COALESCE(before.came_at, EXCLUDED.came_at) ELSE EXCLUDED.came_at END
)
SELECT NULL LIMIT 0
"""
_COUNT_WRITTEN = """
SELECT outcome, failed_at, count(*) FROM campaigns_decision
WHERE run_id = %(run_id)s AND customer_id >= %(first)s AND customer_id < %(end)s
GROUP BY outcome, failed_at
"""
# Who is left out for comparison is given nothing, however much is spent: nobody tells them that
# little is missing.
_NEAR = """
SELECT customer_id FROM campaigns_decision
WHERE run_id = %(run_id)s AND customer_id >= %(first)s AND customer_id < %(end)s
  AND gap IS NOT NULL
"""
_FAR = """
UPDATE campaigns_decision SET gap = NULL, deadline = NULL
WHERE run_id = %(run_id)s AND customer_id = ANY(%(control)s)
"""
_FAR_BY_PERSON = f"""
UPDATE campaigns_decision decision SET gap = NULL, deadline = NULL
FROM journeys_customer customer
WHERE decision.run_id = %(run_id)s AND decision.customer_id >= %(first)s
  AND decision.customer_id < %(end)s AND decision.gap IS NOT NULL
  AND customer.id = decision.customer_id AND {queries.IS_HELD_OUT}
"""


class ListMissing(Exception):
    """Raised where a part of a run on a base does not say about whom it decides."""


def decide(chunk: RunChunk, plan: plans.Plan) -> None:
    """This will decide about a chunk's customers within the caller's transaction, and set on the
    chunk what was found, unsaved."""
    found = queries.statement_of(
        plan,
        with_facts=not chunk.run.is_preview,
        with_turns=chunk.run.is_live,
        among=chunk.run.base_id is not None,
    )
    values = found.parameters | queries.frame_of(plan) | {
        "run_id": chunk.run_id, "first": chunk.first_id, "end": chunk.end_id, "on": chunk.day,
    }  # fmt: skip
    if chunk.run.base_id is not None:
        values["among"] = _listed(chunk)
    sink = _SINKS[RunKind(chunk.run.kind)]
    tally = rules.Tally()
    with connection.cursor() as cursor:
        if chunk.run.is_back_test:
            cursor.execute(sink.format(decisions=found.sql), values | _evening(chunk))
            sink = _COUNT_WRITTEN if chunk.is_of_last_day else "SELECT 1, 1, 1 LIMIT 0"
            cursor.execute(sink, values)
        else:
            more = ", again_date" if chunk.run.is_live else ""
            cursor.execute(sink.format(decisions=found.sql, more=more), values)
        for outcome, failed_at, count in cursor.fetchall():
            tally.add("outcome", rules.outcome_key(outcome, failed_at), count)
        if plan.control_percent and not chunk.run.is_preview:
            _leave_out_control(cursor, chunk, plan, values)
    chunk.counts = tally.as_data()
    chunk.decided = sum(tally.counts("outcome").values())
    chunk.qualified = tally.counts("outcome").get("qualified", 0)
    chunk.state = ChunkState.DONE if chunk.run.is_preview else ChunkState.DECIDED


def _leave_out_control(
    cursor: Any, chunk: RunChunk, plan: plans.Plan, values: dict[str, Any]
) -> None:
    """Nobody of the control group is near."""
    campaign, percent = chunk.run.version.campaign, plan.control_percent
    if queries.is_by_person(campaign):
        cursor.execute(_FAR_BY_PERSON, values | queries.control_values(campaign, percent))
        return
    cursor.execute(_NEAR, values)
    control = queries.held_out(campaign, percent, [who for (who,) in cursor.fetchall()])
    if control:
        cursor.execute(_FAR, values | {"control": list(control)})


def _listed(chunk: RunChunk) -> list[int]:
    found = queries.changed_of(chunk.pk)
    if found is None:
        raise ListMissing("It began before lists of customers were kept. Start the run again.")
    return found


_SINKS = {
    RunKind.PREVIEW: _COUNT,
    RunKind.DRY_RUN: _WRITE,
    RunKind.BACK_TEST: _WRITE_EVENING,
    RunKind.LIVE: _WRITE,
}


def _evening(chunk: RunChunk) -> dict[str, Any]:
    starts = clock.start_of(chunk.day)
    return {
        "is_first": chunk.day == chunk.run.first_date,
        "is_last": chunk.is_of_last_day,
        "starts": starts,
        "ends": starts + dt.timedelta(days=1),
    }
