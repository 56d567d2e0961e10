"""Working off the chunks of a run."""

import datetime as dt
import time
from collections.abc import Callable

from django.db import transaction

from campaigns.eligibility import queries
from campaigns.eligibility.enums import ChunkState
from campaigns.eligibility.operations import closing, failing
from campaigns.eligibility.operations.deciding import decide
from campaigns.eligibility.operations.settling import settle_run
from campaigns.eligibility.operations.starting import ask_workers
from campaigns.planning import queries as planning

_PAUSE_SECONDS = 0.2


def work_chunk(*, chunk_id: int, now: Callable[[], dt.datetime]) -> None:
    """This will decide about the customers of one chunk, in one transaction, and then settle what
    of its run is decided and has its turn: rewards, and in a live run messages.

    Safe to repeat and to run twice at once: a chunk that is decided, or in other hands, is left
    alone. After three failed attempts the chunk is given up, and the run goes on without it.
    `now` gives the present instant, asked anew at the end because the work takes its time. A chunk
    of a live run that waits for others is left alone too: workers are asked again when its turn
    comes (`queries.turns`).
    """
    run_id = queries.run_of_chunk(chunk_id)
    if run_id is None or run_id in queries.held_back():
        return
    failing.attempt(chunk_id=chunk_id, state=ChunkState.PENDING, work=decide_chunk, now=now)
    settle_run(run_id, now)
    closing.close_if_finished(run_id=run_id, at=now())
    ask_workers(queries.chunks_next(run_id))


@transaction.atomic
def decide_chunk(chunk_id: int, now: Callable[[], dt.datetime]) -> None:
    """This will decide about the customers of one chunk, in one transaction."""
    chunk, at = failing.take(chunk_id, ChunkState.PENDING), now()
    if chunk is None:
        return
    plan = planning.plan_of(chunk.run.version)
    failing.refuse_stopped(chunk.run, plan=plan, at=at)
    decide(chunk, plan)
    ended = now()
    chunk.failure, chunk.enqueued_at = "", ended
    chunk.finished_at = ended if chunk.state == ChunkState.DONE else None
    chunk.save()


def work_run(*, run_id: int, now: Callable[[], dt.datetime]) -> None:
    """This will work off what is left of a run in this process, a chunk after the other, with the
    runs for which it waits; chunks that workers hold at that moment are left to them."""
    while chunk_ids := queries.chunks_to_do(run_id):
        for other in queries.waited_for(run_id):
            for chunk_id in queries.chunks_to_do(other):
                work_chunk(chunk_id=chunk_id, now=now)
        for chunk_id in chunk_ids:
            work_chunk(chunk_id=chunk_id, now=now)
        if queries.chunks_to_do(run_id) == chunk_ids:
            time.sleep(_PAUSE_SECONDS)
    closing.close_if_finished(run_id=run_id, at=now())
