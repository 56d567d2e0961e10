"""Taking chunks in hand, counting attempts, and what becomes of one that fails or whose campaign
was stopped meanwhile."""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from campaigns.eligibility import queries, rules
from campaigns.eligibility.enums import ChunkState, RunState
from campaigns.eligibility.models import Run, RunChunk
from campaigns.eligibility.operations import closing
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from portal.kit import clock, logs

logger = logging.getLogger(__name__)
_ATTEMPTS = {ChunkState.PENDING: "attempts", ChunkState.DECIDED: "settle_attempts"}


class StoppedMeanwhile(Exception):
    """Raised to roll a chunk back whose campaign was stopped, or whose days are over."""

    def __init__(self, run_id: int, reason: str = "") -> None:
        super().__init__(run_id, reason)
        self.run_id = run_id
        self.reason = reason


def refuse_stopped(run: Run, *, plan: plans.Plan, at: dt.datetime, lock: bool = False) -> None:
    """This will end the work on a live run of a campaign that is stopped, or whose days are over on
    that of `at`, or of a version that is not approved any more, or as of a day that is too long
    past by now. With `lock`, neither a stop nor a veto comes between this and the end of the
    caller's transaction. Raises StoppedMeanwhile."""
    if not run.is_live:
        return
    if planning.gives_nothing(run.version_id, lock=lock):
        is_stopped = planning.is_stopped(run.version.campaign_id)
        raise StoppedMeanwhile(run.pk, "" if is_stopped else why_not_approved(run))
    today = clock.bank_day(at)
    if not plan.works_on(today):
        raise StoppedMeanwhile(run.pk, rules.DAYS_OVER)
    if run.on_date < today - rules.MOST_BEHIND_AT_WORK:
        raise StoppedMeanwhile(run.pk, rules.DAY_PAST)


def why_not_approved(run: Run) -> str:
    """This will tell why the version of a run is not approved any more: a message text of it was
    withdrawn, or something else."""
    return rules.TEXT_WITHDRAWN if queries.texts_withdrawn(run.version) else rules.NOT_APPROVED


def refuse_without_texts(run: Run) -> None:
    """This will end the work on a live run of which a message text that was approved is not there
    any more, or says something else. Raises StoppedMeanwhile."""
    if run.is_live and not planning.messages_stand(run.texts or []):
        raise StoppedMeanwhile(run.pk, rules.TEXT_WITHDRAWN)


def take(chunk_id: int, state: ChunkState) -> RunChunk | None:
    """This will return a chunk in this state with its run, locked; None where it is further, given
    up, in other hands, or where an earlier evening of its back-test is not settled yet."""
    return _chunks(chunk_id, state).select_related("run__version__campaign").first()


def _chunks(chunk_id: int, state: ChunkState) -> QuerySet[RunChunk]:
    """The one chunk, locked once it is read, or none."""
    earlier = RunChunk.objects.filter(
        run=OuterRef("run"),
        on_date__lt=OuterRef("on_date"),
        state__in=[ChunkState.PENDING, ChunkState.DECIDED],
    )
    return (
        RunChunk.objects.select_for_update(skip_locked=True, of=("self",))
        .defer("customer_ids")  # read where it is needed, and never written again
        .filter(~Exists(earlier), pk=chunk_id, state=state, run__state=RunState.RUNNING)
    )


def attempt(
    *,
    chunk_id: int,
    state: ChunkState,
    work: Callable[[int, Callable[[], dt.datetime]], None],
    now: Callable[[], dt.datetime],
) -> None:
    """This will do one piece of work with a chunk in this state, unless it failed three times. A
    stop met on the way ends the run; a failure is noted, and the work goes back as a whole."""
    if not _begin(chunk_id=chunk_id, state=state, at=now()):
        return
    try:
        work(chunk_id, now)
    except StoppedMeanwhile as stopped:
        closing.stop(run_id=stopped.run_id, reason=stopped.reason, at=now())
    except Exception as error:
        at = now()
        if not _ends_stopped(chunk_id, at):
            logger.exception("Chunk %s failed (%s)", chunk_id, state)
            _note(chunk_id=chunk_id, state=state, error=error, at=at)


def _ends_stopped(chunk_id: int, at: dt.datetime) -> bool:
    """Whether what failed was of a run that may give nothing any more, as where the approval went
    in the middle of a part and the database refused its grants: the run then ends."""
    chunk = RunChunk.objects.select_related("run__version__campaign").get(pk=chunk_id)
    try:
        refuse_stopped(chunk.run, plan=planning.plan_of(chunk.run.version), at=at)
    except StoppedMeanwhile as stopped:
        closing.stop(run_id=stopped.run_id, reason=stopped.reason, at=at)
        return True
    return False


@transaction.atomic
def _begin(*, chunk_id: int, state: ChunkState, at: dt.datetime) -> bool:
    """This will count an attempt, in a transaction of its own, so that it is counted even where the
    worker dies of the chunk; False where there is nothing to do."""
    chunk = _chunks(chunk_id, state).first()
    if chunk is None:
        return False
    name = _ATTEMPTS[state]
    if getattr(chunk, name) >= rules.MOST_ATTEMPTS:
        _give_up(chunk, chunk.failure or rules.WORKER_LOST, at)
        return False
    setattr(chunk, name, getattr(chunk, name) + 1)
    chunk.started_at = at
    chunk.save(update_fields=[name, "started_at"])
    return True


@transaction.atomic
def _note(*, chunk_id: int, state: ChunkState, error: Exception, at: dt.datetime) -> None:
    """This will note that an attempt failed; after the third the chunk is given up, and the run
    goes on without it."""
    chunk = _chunks(chunk_id, state).first()
    if chunk is None:
        return
    reason = logs.safe_text(f"{type(error).__name__}: {error}")[:500]
    if getattr(chunk, _ATTEMPTS[state]) >= rules.MOST_ATTEMPTS:
        _give_up(chunk, reason, at)
    else:
        chunk.failure = reason
        chunk.save(update_fields=["failure"])


def _give_up(chunk: RunChunk, reason: str, at: dt.datetime) -> None:
    chunk.state, chunk.failure, chunk.finished_at = ChunkState.FAILED, reason, at
    chunk.save(update_fields=["state", "failure", "finished_at"])
