"""Runs and their chunks: how far they are, what is left to do and whose turn it is."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from campaigns.eligibility.enums import ChunkState, RunKind, RunState
from campaigns.eligibility.models import Run, RunChunk
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import naming
from journeys.outreach import queries as outreach
from portal.approvals import queries as approvals
from portal.kit import clock

_UNFINISHED = [ChunkState.PENDING, ChunkState.DECIDED]


def run_of_chunk(chunk_id: int) -> int | None:
    """This will return the run that a chunk belongs to; None where there is no such chunk."""
    return RunChunk.objects.filter(pk=chunk_id).values_list("run_id", flat=True).first()


def _workable() -> QuerySet[RunChunk]:
    """The chunks of going runs that can be worked on: not those of a back-test's evening before
    which another is unfinished."""
    earlier = RunChunk.objects.filter(
        run=OuterRef("run"), on_date__lt=OuterRef("on_date"), state__in=_UNFINISHED
    )
    return RunChunk.objects.filter(
        ~Exists(earlier), state__in=_UNFINISHED, run__state=RunState.RUNNING
    )


def chunks_to_do(run_id: int) -> list[int]:
    """This will list the chunks of a going run that can be decided or settled now."""
    return list(_workable().filter(run_id=run_id).order_by("number").values_list("id", flat=True))


def next_to_settle(run_id: int) -> int | None:
    """This will return the first unfinished chunk of a going run, if it is decided: its turn has
    come. None where it is not decided yet, or nothing is left. A live run gives nothing before
    all of it is decided and can be held against what was approved."""
    unfinished = RunChunk.objects.filter(
        run_id=run_id, run__state=RunState.RUNNING, state__in=_UNFINISHED
    )
    pending = RunChunk.objects.filter(run=run_id, state=ChunkState.PENDING)
    asked = unfinished.annotate(is_deciding=Exists(pending)).order_by("number")
    first = asked.values_list("id", "state", "run__kind", "is_deciding").first()
    if first is None or first[1] != ChunkState.DECIDED:
        return None
    return None if first[2] == RunKind.LIVE and first[3] else first[0]


def chunks_of_next_day(chunk: RunChunk) -> list[int]:
    """This will list the chunks of the evening after a chunk's, where the chunk is the last of its
    evening that is not settled."""
    rest = RunChunk.objects.filter(run_id=chunk.run_id, state__in=_UNFINISHED).exclude(pk=chunk.pk)
    first = rest.order_by("number").values_list("on_date", flat=True).first()
    if first is None or first == chunk.on_date:
        return []
    return list(rest.filter(on_date=first).order_by("number").values_list("id", flat=True))


def chunks_ready(*, asked_before: dt.datetime, without: Collection[int] = ()) -> list[int]:
    """This will list chunks that were last asked for before an instant and can be worked on: all
    that can be decided, and of each run the first that can be settled; `without` those of some
    runs."""
    stale = _workable().filter(enqueued_at__lt=asked_before).exclude(run__in=without)
    in_order = Window(RowNumber(), partition_by=[F("run"), F("state")], order_by="number")
    numbered = stale.annotate(place=in_order)
    ready = numbered.filter(Q(state=ChunkState.PENDING) | Q(state=ChunkState.DECIDED, place=1))
    return list(ready.values_list("id", flat=True))


def runs_without_chunks_to_do() -> list[int]:
    """This will list going runs of which nothing is left to do."""
    busy = RunChunk.objects.filter(state__in=_UNFINISHED).values("run_id")
    going = Run.objects.filter(state=RunState.RUNNING).exclude(pk__in=busy)
    return list(going.order_by("id").values_list("id", flat=True))


def newest_dry_run(version_id: int) -> Run | None:
    """This will return the dry run of a version that ended well and knows the latest day; of one
    day the last. An older day, reckoned once more, hides nothing that a later one found."""
    rows = Run.objects.select_related("version__campaign")
    rows = rows.filter(version=version_id, kind=RunKind.DRY_RUN, state=RunState.DONE)
    return rows.order_by("-on_date", "-id").first()


def newest_back_test(version_id: int) -> Run | None:
    """This will return the back-test of a version that ended well and knows the latest day; of one
    day that of the longest span."""
    rows = Run.objects.select_related("version__campaign")
    rows = rows.filter(version=version_id, kind=RunKind.BACK_TEST, state=RunState.DONE)
    return rows.order_by("-on_date", "first_date", "-id").first()


def first_live_day(version_id: int) -> dt.date | None:
    """This will tell on which day a version first gave something by a live run, or could have;
    None where none was found to be what was approved."""
    rows = Run.objects.filter(version=version_id, kind=RunKind.LIVE, cleared_at__isnull=False)
    cleared = rows.order_by("cleared_at").values_list("cleared_at", flat=True).first()
    return None if cleared is None else clock.bank_day(cleared)


def going_dry_run(version_id: int) -> Run | None:
    """This will return a dry run of a version that has not ended."""
    rows = Run.objects.filter(version=version_id, kind=RunKind.DRY_RUN, state=RunState.RUNNING)
    return rows.order_by("-id").first()


def runs() -> QuerySet[Run]:
    """This will list runs with their sums so far, the latest first."""
    return (
        Run.objects.select_related("version__campaign", "started_by")
        .annotate(
            decided=Sum("chunks__decided", default=0) + F("carried"),
            qualified=Sum("chunks__qualified", default=0) + F("carried_qualified"),
            queued=Sum("chunks__queued", default=0),
            granted=Sum("chunks__granted", default=0),
        )
        .order_by("-started_at", "-id")
    )


def runs_of(campaign_code: str) -> QuerySet[Run]:
    """This will list the runs of a campaign, the latest first."""
    return runs().filter(version__campaign__code=campaign_code)


def going_live_run(campaign_id: int) -> Run | None:
    """This will return the live run of a campaign that is going on."""
    return runs().filter(campaign=campaign_id, kind=RunKind.LIVE, state=RunState.RUNNING).first()


def last_live_run_of(campaign_id: int) -> Run | None:
    """This will return the live run of a campaign that ended well and knows the latest day."""
    rows = Run.objects.filter(campaign=campaign_id, kind=RunKind.LIVE, state=RunState.DONE)
    return rows.select_related("base").order_by("-on_date", "-id").first()


def latest_live_run() -> Run | None:
    """This will return the live run of all campaigns that ended last."""
    return runs().filter(kind=RunKind.LIVE).exclude(state=RunState.RUNNING).first()


def latest_runs(number: int) -> list[Run]:
    """This will return the latest runs of all campaigns, those that are going first."""
    going = list(runs().filter(state=RunState.RUNNING)[:number])
    ended = list(runs().exclude(state=RunState.RUNNING)[: number - len(going)])
    return [*going, *ended]


@dataclass(frozen=True)
class Progress:
    """How far a run is: its chunks, how many of them are done, decided and not settled yet, given
    up, begun at least once, and the sums of what they found."""

    chunks: int
    done: int
    decided_chunks: int
    failed: int
    started: int
    decided: int
    qualified: int
    queued: int
    granted: int

    @property
    def percent(self) -> int:
        """Deciding is counted as half of the work, settling as the other."""
        halves = 2 * (self.done + self.failed) + self.decided_chunks
        return 100 if not self.chunks else halves * 50 // self.chunks


def progress_of(run_id: int) -> Progress:
    """This will tell how far a run is."""
    return Progress(
        **RunChunk.objects.filter(run_id=run_id).aggregate(
            chunks=Count("id"),
            done=Count("id", filter=Q(state=ChunkState.DONE)),
            decided_chunks=Count("id", filter=Q(state=ChunkState.DECIDED)),
            failed=Count("id", filter=Q(state=ChunkState.FAILED)),
            started=Count("id", filter=Q(attempts__gt=0)),
            **{
                name: Sum(name, default=0) for name in ("decided", "qualified", "queued", "granted")
            },
        )
    )


def failed_chunks(run_id: int) -> QuerySet[RunChunk]:
    """This will list the chunks of a run that were given up."""
    return RunChunk.objects.filter(run_id=run_id, state=ChunkState.FAILED).order_by("number")


def find_run(run_id: int) -> Run | None:
    """This will find a run with its sums so far."""
    return runs().filter(pk=run_id).first()


def texts_withdrawn(version: CampaignVersion) -> list[str]:
    """This will name the message texts that a version was submitted with last and that were
    withdrawn since."""
    last: Any = approvals.last_snapshot(kind=naming.APPROVAL_KIND, target_key=str(version.pk))
    texts = last.get("messages", []) if last else []
    ids = [one["text"] for one in texts if "text" in one]
    return [text.label for text in outreach.withdrawn_among(ids)]
