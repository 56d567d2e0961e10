"""Between deciding and settling: a live run is held against what was approved, once, before it
gives anything."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from campaigns.eligibility import queries, rules
from campaigns.eligibility.enums import RunKind, RunState
from campaigns.eligibility.models import Run
from campaigns.eligibility.operations import closing, failing
from campaigns.planning import operations as approving
from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from portal.kit import clock


def clear(run_id: int, now: Callable[[], dt.datetime]) -> bool:
    """This will tell whether a run whose chunks are all decided may be settled.

    A live run that reaches more, or less, than the bounds allow is stopped here: nothing is granted
    or queued, and the approval of its version is void. What was found is kept with the run, so
    that after a worker's death the next one goes on from here.
    """
    if not Run.objects.filter(pk=run_id, kind=RunKind.LIVE, cleared_at=None).exists():
        return True
    return _clear(run_id, now())


@transaction.atomic
def _clear(run_id: int, at: dt.datetime) -> bool:
    run = (
        Run.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version__campaign", "base")
        .get(pk=run_id)
    )
    if run.state != RunState.RUNNING:
        return False
    if run.version.state != VersionState.APPROVED:
        closing.stop(run_id=run_id, reason=failing.why_not_approved(run), at=at)
        return False
    found = queries.measured(run)
    moved = planning.drifts_of(
        run.version,
        found,
        on=clock.bank_day(run.started_at),
        is_whole=queries.is_whole(run),
    )
    if moved:
        data = [one.as_data() for one in moved]
        closing.stop(run_id=run_id, reason=rules.DRIFTED, at=at, drift=data)
        approving.void_approval(version_id=run.version_id, drifts=moved, at=at)
        return False
    # What is edited from now on is not what was approved: it waits for the next approval.
    run.cleared_at, run.texts = at, planning.approved_messages(run.version)
    run.figures = {"measured": found.as_data()}  # for the runs that will stand on it
    run.save(update_fields=["cleared_at", "texts", "figures"])
    return True
