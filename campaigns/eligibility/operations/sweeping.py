"""Finding what was left unfinished."""

import datetime as dt

from django.db import transaction

from campaigns.eligibility import queries, rules
from campaigns.eligibility.models import RunChunk
from campaigns.eligibility.operations.closing import close_if_finished
from campaigns.eligibility.operations.starting import ask_workers


def sweep_runs(*, at: dt.datetime) -> int:
    """This will ask again for chunks that were asked for a while ago and that nobody holds: the
    worker died, or the queue was lost. Returns how many."""
    for run_id in queries.runs_without_chunks_to_do():
        close_if_finished(run_id=run_id, at=at)
    return len(_ask_again(at))


@transaction.atomic
def _ask_again(at: dt.datetime) -> list[int]:
    ready = queries.chunks_ready(asked_before=at - rules.STALE_AFTER, without=queries.held_back())
    chunk_ids = list(
        RunChunk.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=ready)
        .order_by("enqueued_at", "id")
        .values_list("id", flat=True)
    )
    RunChunk.objects.filter(pk__in=chunk_ids).update(enqueued_at=at)
    transaction.on_commit(lambda: ask_workers(chunk_ids))
    return chunk_ids
