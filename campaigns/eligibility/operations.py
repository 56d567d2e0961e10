"""Starting runs, working off their chunks, finding what was left unfinished."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueDown

from campaigns.conditions.rules import statement
from campaigns.eligibility import queries, rules
from campaigns.eligibility.enums import ChunkState, RunKind, RunState
from campaigns.eligibility.models import Run, RunChunk
from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from campaigns.planning.rules import naming, plans
from campaigns.rewards import operations as rewards
from campaigns.rewards.enums import AwardAnswer
from campaigns.rewards.rules import Book
from journeys.contact import queries as contact
from journeys.contact.enums import Purpose
from journeys.contact.rules import GateVerdict
from journeys.outreach import operations as outreach
from portal.audit import operations as audit
from portal.celery import app as queue
from portal.kit import clock, logs
from portal.staff.models import Staff

logger = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.2

_DECIDE = """
WITH written AS (
    INSERT INTO campaigns_decision
        (run_id, customer_id, card_id, outcome, failed_at, facts, gate, channel)
    SELECT %(run_id)s, decided.customer_id, decided.card_id, decided.outcome, decided.failed_at,
           decided.facts, '', ''
    FROM ({decisions}) AS decided ORDER BY decided.customer_id
    ON CONFLICT (run_id, customer_id) DO NOTHING
    RETURNING outcome
)
SELECT count(*), count(*) FILTER (WHERE outcome = 'qualified') FROM written
"""
_ANSWER = """
UPDATE campaigns_decision decision SET gate = answered.answer, channel = answered.channel
FROM unnest(%(customers)s::bigint[], %(answers)s::text[], %(channels)s::text[])
    AS answered(customer_id, answer, channel)
WHERE decision.run_id = %(run_id)s AND decision.customer_id = answered.customer_id
"""


class RunNotAllowed(Exception):
    """Raised when a run may not be started; its text is a sentence for a person."""


class NotApproved(RunNotAllowed):
    """Raised when a live run is asked of a version that is not approved."""


class CampaignStopped(RunNotAllowed):
    """Raised when a live run is asked of a campaign that is stopped."""


class AlreadyRunning(RunNotAllowed):
    """Raised when a live run of the same version has not ended yet."""


class DayAhead(RunNotAllowed):
    """Raised when a run is asked as of a day that has not come."""


@transaction.atomic
def start_run(
    *, version_id: int, kind: str, on: dt.date, started_by: Staff | None, at: dt.datetime
) -> Run:
    """This will start the evaluation of a version over all customers, as of the end of `on`.

    The chunks stand as rows; workers are told after the commit, and where the queue does not
    answer, the sweeper finds them. Raises RunNotAllowed.
    """
    version = planning.version(version_id)
    if on > clock.bank_day(at):
        raise DayAhead(_("{day} has not come yet; choose today or an earlier day.").format(day=on))
    if kind == RunKind.LIVE:
        _refuse_live(version)
    try:
        with transaction.atomic():
            run = Run.objects.create(
                version=version, kind=kind, on_date=on, started_by=started_by, started_at=at
            )
    except IntegrityError as second:
        raise AlreadyRunning(
            _("A live run of {version} is going on; wait until it ends.").format(version=version)
        ) from second
    spans = queries.customer_spans()
    chunks = RunChunk.objects.bulk_create(
        RunChunk(run=run, number=number, first_id=first, end_id=end, enqueued_at=at)
        for number, (first, end) in enumerate(spans, start=1)
    )
    audit.record(
        action="run.started",
        actor=started_by,
        at=at,
        target=version,
        changes={"run": run.pk, "kind": kind, "on": on.isoformat(), "chunks": len(chunks)},
    )
    if not chunks:
        _close_if_finished(run.pk, at)
        run.refresh_from_db()
    chunk_ids = [chunk.pk for chunk in chunks]
    transaction.on_commit(lambda: _ask_workers(chunk_ids))
    return run


def _refuse_live(version: Any) -> None:
    if version.state != VersionState.APPROVED:
        raise NotApproved(
            _("{version} is not approved; a live run needs an approved version.").format(
                version=version
            )
        )
    if planning.is_stopped(version.campaign_id, lock=True):
        raise CampaignStopped(
            _("{campaign} is stopped; the stop must be lifted before a live run.").format(
                campaign=version.campaign.label
            )
        )


def _ask_workers(chunk_ids: Sequence[int]) -> None:
    """A missing queue loses nothing: the rows stay pending, and the sweeper asks again."""
    try:
        for chunk_id in chunk_ids:
            queue.send_task("campaigns.evaluate_chunk", args=[chunk_id], retry=False)
    except QueueDown as down:
        logger.warning("The queue does not answer (%s); the sweeper will ask again.", down)


def work_chunk(*, chunk_id: int, now: Callable[[], dt.datetime]) -> None:
    """This will decide about the customers of one chunk, in one transaction; in a live run it
    also grants and queues messages.

    Safe to repeat and to run twice at once: a chunk that is done, or in other hands, is left
    alone. After three failed attempts the chunk is given up, and the run goes on without it.
    `now` gives the present instant, asked anew at the end because the work takes its time.
    """
    if not _begin(chunk_id, now()):
        return
    try:
        run_id = _work(chunk_id, now)
    except _StoppedMeanwhile as stopped:
        _stop(stopped.run_id, now())
    except Exception as error:
        logger.exception("Chunk %s failed", chunk_id)
        _note_failure(chunk_id, error, now())
    else:
        _close_if_finished(run_id, now())


class _StoppedMeanwhile(Exception):
    """Raised to roll a chunk back whose campaign was stopped."""

    def __init__(self, run_id: int) -> None:
        super().__init__(run_id)
        self.run_id = run_id


def _take(chunk_id: int) -> RunChunk | None:
    """The pending chunk, locked; None where it is done, given up or in other hands."""
    return (
        RunChunk.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("run__version__campaign")
        .filter(pk=chunk_id, state=ChunkState.PENDING, run__state=RunState.RUNNING)
        .first()
    )


@transaction.atomic
def _begin(chunk_id: int, at: dt.datetime) -> bool:
    """The attempt is counted in a transaction of its own, so that it is counted even where the
    worker dies of it."""
    chunk = _take(chunk_id)
    if chunk is None:
        return False
    if chunk.attempts >= rules.MOST_ATTEMPTS:
        _give_up(chunk, chunk.failure or rules.WORKER_LOST, at)
        return False
    chunk.attempts += 1
    chunk.started_at = at
    chunk.save(update_fields=["attempts", "started_at"])
    return True


@transaction.atomic
def _work(chunk_id: int, now: Callable[[], dt.datetime]) -> int | None:
    """Returns the id of the run; None where the chunk is in other hands."""
    chunk, at = _take(chunk_id), now()
    if chunk is None:
        return None
    run, campaign_id = chunk.run, chunk.run.version.campaign_id
    is_live = run.kind == RunKind.LIVE
    if is_live and planning.is_stopped(campaign_id):
        raise _StoppedMeanwhile(run.pk)
    chunk.decided, chunk.qualified = _decide(chunk)
    if is_live:
        chunk.granted = _grant(chunk, at)
    verdicts = _tell(chunk, at) if is_live else _ask(chunk, at)
    _write_answers(run.pk, verdicts)
    chunk.queued = sum(verdict.is_open for verdict in verdicts) if is_live else 0
    chunk.state, chunk.finished_at, chunk.failure = ChunkState.DONE, now(), ""
    chunk.save()
    # Asked at the very end, with a lock held until the commit: a stop waits for an instant, not
    # for the chunk, and what a stop has seen finished is finished.
    if is_live and planning.is_stopped(campaign_id, lock=True):
        raise _StoppedMeanwhile(run.pk)
    return run.pk


def _decide(chunk: RunChunk) -> tuple[int, int]:
    run = chunk.run
    plan = plans.plan_of(run.version.content)
    found = statement.decisions_of(plan.rule)
    values = found.parameters | {
        "run_id": run.pk,
        "first": chunk.first_id,
        "end": chunk.end_id,
        "products": list(plan.products),
        "issued_from": plan.issued_from,
        "issued_to": plan.issued_to,
        "on": run.on_date,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE.format(decisions=found.sql), values)
        decided, qualified = cursor.fetchone()
    return decided, qualified


def _grant(chunk: RunChunk, at: dt.datetime) -> int:
    run = chunk.run
    awards = rewards.award(
        book=Book(run.version.campaign_id, run.version_id, run.pk, is_live=True),
        plan=plans.plan_of(run.version.content),
        candidates=queries.candidates(chunk),
        on=run.on_date,
        granted_date=clock.bank_day(at),
        at=at,
    )
    return sum(one.answer == AwardAnswer.GRANTED for one in awards)


def _tell(chunk: RunChunk, at: dt.datetime) -> list[GateVerdict]:
    version, code = chunk.run.version, chunk.run.version.campaign.code
    plan = plans.plan_of(version.content)
    common = {"campaign": plan.facts.name, "campaign_en": plan.facts.name_en}
    people = queries.people_to_tell(chunk)
    if not people:
        return []
    return outreach.queue_messages(
        customer_ids=list(people),
        contexts={customer: common | own for customer, own in people.items()},
        purpose=Purpose.MARKETING,
        channels=list(plan.channels),
        template_code=plan.template,
        origin=naming.origin_of(code, version.number),
        dedup_key=naming.dedup_key_of(code),
        at=at,
    )


def _ask(chunk: RunChunk, at: dt.datetime) -> list[GateVerdict]:
    version = chunk.run.version
    customers = list(queries.people_to_tell(chunk))
    if not customers:
        return []
    return contact.ask_gate(
        customer_ids=customers,
        purpose=Purpose.MARKETING,
        channels=list(plans.plan_of(version.content).channels),
        dedup_key=naming.dedup_key_of(version.campaign.code),
        at=at,
    )


def _write_answers(run_id: int, verdicts: Sequence[GateVerdict]) -> None:
    if not verdicts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWER,
            {
                "run_id": run_id,
                "customers": [verdict.customer_id for verdict in verdicts],
                "answers": [verdict.answer for verdict in verdicts],
                "channels": [verdict.channel for verdict in verdicts],
            },
        )


@transaction.atomic
def _note_failure(chunk_id: int, error: Exception, at: dt.datetime) -> None:
    chunk = _take(chunk_id)
    if chunk is None:
        return
    reason = logs.safe_text(f"{type(error).__name__}: {error}")[:500]
    if chunk.attempts >= rules.MOST_ATTEMPTS:
        _give_up(chunk, reason, at)
    else:
        chunk.failure = reason
        chunk.save(update_fields=["failure"])


def _give_up(chunk: RunChunk, reason: str, at: dt.datetime) -> None:
    chunk.state, chunk.failure, chunk.finished_at = ChunkState.FAILED, reason, at
    chunk.save(update_fields=["state", "failure", "finished_at"])
    _close_if_finished(chunk.run_id, at)


@transaction.atomic
def _close_if_finished(run_id: int | None, at: dt.datetime) -> None:
    """This will end a run whose chunks are all done or given up.

    It comes after the commit of a chunk: the lock on the run then makes those that end at the same
    time look one after another, and the last one sees all others. Where the worker dies in between,
    the sweeper does it. No key: a plain lock would wait for the transactions that write decisions.
    """
    if run_id is None:
        return
    run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
    states = set(run.chunks.values_list("state", flat=True))
    if run.state != RunState.RUNNING or ChunkState.PENDING in states:
        return
    _close(run, RunState.FAILED if ChunkState.FAILED in states else RunState.DONE, at)


@transaction.atomic
def _stop(run_id: int, at: dt.datetime) -> None:
    run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state == RunState.RUNNING:
        _close(run, RunState.STOPPED, at)


def _close(run: Run, state: RunState, at: dt.datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])
    audit.record(
        action=f"run.{state.value}", actor=None, at=at, target=run.version, changes={"run": run.pk}
    )


def work_run(*, run_id: int, now: Callable[[], dt.datetime]) -> None:
    """This will work off what is left of a run in this process, a chunk after the other; chunks
    that workers hold at that moment are left to them."""
    while chunk_ids := queries.chunks_to_do(run_id):
        for chunk_id in chunk_ids:
            work_chunk(chunk_id=chunk_id, now=now)
        if queries.chunks_to_do(run_id) == chunk_ids:
            time.sleep(_PAUSE_SECONDS)
    _close_if_finished(run_id, now())


def sweep_runs(*, at: dt.datetime) -> int:
    """This will ask again for chunks that were asked for a while ago and that nobody holds: the
    worker died, or the queue was lost. Returns how many."""
    for run_id in queries.runs_without_chunks_to_do():
        _close_if_finished(run_id, at)
    return len(_ask_again(at))


@transaction.atomic
def _ask_again(at: dt.datetime) -> list[int]:
    chunks = list(
        RunChunk.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            state=ChunkState.PENDING,
            run__state=RunState.RUNNING,
            enqueued_at__lt=at - rules.STALE_AFTER,
        )
        .order_by("enqueued_at", "id")
    )
    chunk_ids = [chunk.pk for chunk in chunks]
    RunChunk.objects.filter(pk__in=chunk_ids).update(enqueued_at=at)
    transaction.on_commit(lambda: _ask_workers(chunk_ids))
    return chunk_ids
