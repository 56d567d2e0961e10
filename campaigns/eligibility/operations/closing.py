"""Ending runs, and writing down what came of them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from campaigns.eligibility import queries
from campaigns.eligibility.enums import ChunkState, RunState
from campaigns.eligibility.models import Run
from portal.audit import operations as audit

_UNFINISHED = {ChunkState.PENDING, ChunkState.DECIDED}


@transaction.atomic
def close_if_finished(*, run_id: int | None, at: dt.datetime) -> None:
    """This will end a run whose chunks are all done or given up.

    It comes after the commit of a chunk: the lock on the run then makes those that end at the same
    time look one after another, and the last one sees all others. Where the worker dies in between,
    the sweeper does it. No key: a plain lock would wait for the transactions that write decisions.
    """
    if run_id is None:
        return
    run = _locked(run_id)
    states = set(run.chunks.values_list("state", flat=True).distinct())
    if run.state != RunState.RUNNING or _UNFINISHED & states:
        return
    _close(run, RunState.FAILED if ChunkState.FAILED in states else RunState.DONE, at)


@transaction.atomic
def stop(
    *, run_id: int, reason: str, at: dt.datetime, drift: Sequence[dict[str, Any]] = ()
) -> None:
    """This will end a run whose campaign was stopped, or is over, while it was going on, or that
    is not what was approved (`drift`)."""
    run = _locked(run_id)
    if run.state == RunState.RUNNING:
        run.failure = reason
        _close(run, RunState.STOPPED, at, {"drift": list(drift)} if drift else {})


def _locked(run_id: int) -> Run:
    """The run with all that its end asks for."""
    rows = Run.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("version__campaign", "base").get(pk=run_id)


def _close(
    run: Run, state: RunState, at: dt.datetime, besides: dict[str, Any] | None = None
) -> None:
    run.state, run.finished_at = state, at
    # How many decisions of the run's base stand in it; in one that did not come to its end too.
    carried = queries.carried_tally(run)
    outcomes = carried.counts("outcome")
    run.carried, run.carried_qualified = sum(outcomes.values()), outcomes.get("qualified", 0)
    run.figures = (run.figures or {}) | queries.add_up(run, carried) | (besides or {})
    run.save(
        update_fields=[
            "state", "finished_at", "failure", "figures", "carried", "carried_qualified",
        ]
    )  # fmt: skip
    audit.record(
        action=f"run.{state.value}",
        actor=None,
        at=at,
        target=run.version,
        changes={"run": run.pk, **(besides or {})},
    )
