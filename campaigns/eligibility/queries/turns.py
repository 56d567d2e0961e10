"""Whose turn it is among live runs: what competes for one customer is settled in a declared order.

Live runs go by rounds. A round is a run that was started alone, or those that were started
together (`Run.together_with`), as those of an evening are. The rounds follow one another in the
order in which they were started; within a round everybody is decided about first, and then the runs
are settled one after another, by the priority of their plans and then by the code of their
campaigns. So neither the number of workers nor their speed decides who comes first. Those who start
live runs take a lock, so that a round that is seen has none before it that will be seen later.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, Max, OuterRef

from campaigns.eligibility.enums import ChunkState, RunKind, RunState
from campaigns.eligibility.models import Run, RunChunk
from campaigns.eligibility.queries.runs import next_to_settle
from campaigns.planning.rules import competing

_STARTS = "SELECT pg_advisory_xact_lock(hashtextextended('campaigns.live starts', 0))"


@dataclass(frozen=True)
class Turn:
    """A live run that is going: its round, its place in it, and whether it is decided."""

    run_id: int
    round: int
    rank: tuple[int, str]
    is_decided: bool


def wait_to_start() -> None:
    """This will wait, within the caller's transaction, until no live run is being started, and keep
    others waiting until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(_STARTS)


def going() -> list[Turn]:
    """This will list the live runs of which something is left to do, in the order in which they are
    settled."""
    chunks = RunChunk.objects.filter(run=OuterRef("pk"))
    pending = chunks.filter(state=ChunkState.PENDING)
    unfinished = chunks.filter(state__in=[ChunkState.PENDING, ChunkState.DECIDED])
    rows = (
        Run.objects.filter(Exists(unfinished), kind=RunKind.LIVE, state=RunState.RUNNING)
        .annotate(is_deciding=Exists(pending))
        .values_list(
            "id", "together_with", "version__content__priority", "campaign__code", "is_deciding"
        )
        .order_by("id")
    )
    turns = [
        Turn(run_id, together or run_id, competing.rank_of(priority, code), not is_deciding)
        for run_id, together, priority, code, is_deciding in rows
    ]
    return sorted(turns, key=lambda one: (one.round, one.rank))


def is_its_turn(run_id: int) -> bool:
    """This will tell whether a run may be settled: one that is not live always, a live one when it
    is the first that is going and all of its round are decided."""
    turns = going()
    own = next((one for one in turns if one.run_id == run_id), None)
    if own is None:
        return True
    return own == turns[0] and all(one.is_decided for one in turns if one.round == own.round)


def held_back() -> list[int]:
    """This will list the live runs that are not even decided yet because a round before theirs is
    going."""
    turns = going()
    return [one.run_id for one in turns if one.round > turns[0].round]


def waited_for(run_id: int) -> list[int]:
    """This will list the live runs for which a run waits, in their order."""
    turns = going()
    own = next((one for one in turns if one.run_id == run_id), None)
    if own is None:
        return []
    place = turns.index(own)
    mates = [one for one in turns[place + 1 :] if one.round == own.round and not one.is_decided]
    return [one.run_id for one in [*turns[:place], *mates]]


def runs_waited_for(run: Run) -> list[Run]:
    """This will list the live runs for which a run waits with their campaigns, in their order."""
    if not run.is_live or not run.is_running:
        return []
    ids = waited_for(run.pk)
    rows = Run.objects.select_related("version__campaign").in_bulk(ids)
    return [rows[one] for one in ids]


def chunks_next(run_id: int) -> list[int]:
    """This will list the chunks whose turn has come now that a live run was worked on: the first of
    the next run to settle, where everybody of its round is decided; where the run's own round is
    over, all of the next. Nothing while the run is the first itself."""
    turns = going()
    if not turns or turns[0].run_id == run_id or not _is_live(run_id):
        return []
    mates = [one for one in turns if one.round == turns[0].round]
    if all(one.is_decided for one in mates):
        first = next_to_settle(turns[0].run_id)
        return [] if first is None else [first]
    if any(one.run_id == run_id for one in turns):
        return []
    rows = RunChunk.objects.filter(run__in=[one.run_id for one in mates], state=ChunkState.PENDING)
    return list(rows.order_by("run", "number").values_list("id", flat=True))


def _is_live(run_id: int) -> bool:
    return Run.objects.filter(pk=run_id, kind=RunKind.LIVE).exists()


def last_live_days(campaign_ids: Collection[int]) -> dict[int, dt.date]:
    """This will tell as of which day each campaign's last live run was, those that are going
    included."""
    states = [RunState.RUNNING, RunState.DONE, RunState.FAILED]
    rows = Run.objects.filter(campaign__in=campaign_ids, kind=RunKind.LIVE, state__in=states)
    found = rows.values("campaign").annotate(day=Max("on_date"))
    return dict(found.order_by("campaign").values_list("campaign", "day"))


def began_since(campaign_ids: Collection[int], *, on: dt.date, since: dt.datetime) -> set[int]:
    """This will tell of which campaigns a live run as of a day began at an instant or later, those
    that are going included."""
    states = [RunState.RUNNING, RunState.DONE, RunState.FAILED]
    rows = Run.objects.filter(
        campaign__in=campaign_ids, kind=RunKind.LIVE, state__in=states, on_date=on,
        started_at__gte=since,
    )  # fmt: skip
    return set(rows.order_by("campaign").values_list("campaign", flat=True))
