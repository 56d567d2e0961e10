"""Starting runs: what may run, and the chunks that it is cut into."""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueDown

from campaigns.eligibility import queries, rules
from campaigns.eligibility.enums import RunKind
from campaigns.eligibility.models import Run, RunChunk
from campaigns.eligibility.operations.closing import close_if_finished
from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from campaigns.planning.rules import issuing
from portal.audit import operations as audit
from portal.celery import app as queue
from portal.kit import clock
from portal.staff.access import scope_of
from portal.staff.models import Staff

logger = logging.getLogger(__name__)


class RunNotAllowed(Exception):
    """Raised when a run may not be started; its text is a sentence for a person."""


class NotApproved(RunNotAllowed):
    """Raised when a live run is asked of a version that is not approved."""


class NotInForce(RunNotAllowed):
    """Raised when a live run is asked of a version after which another was approved."""


class TextWithdrawn(RunNotAllowed):
    """Raised when a live run is asked of a version with which a message text was approved that was
    withdrawn since."""


class CampaignStopped(RunNotAllowed):
    """Raised when a live run is asked of a campaign that is stopped."""


class CardsNotAllowed(RunNotAllowed):
    """Raised when a live run is asked of a campaign that brings new cards while the bank may issue
    none."""


class AlreadyRunning(RunNotAllowed):
    """Raised when a live run of the same campaign has not ended yet."""


class DayAhead(RunNotAllowed):
    """Raised when a run is asked as of a day that has not come."""


class DayPast(RunNotAllowed):
    """Raised when a live run is asked as of a day that is too long past: what was true then may not
    be any more, and it would be acted upon."""


class OutsideDays(RunNotAllowed):
    """Raised when a live run is asked on a day on which the campaign does not run, or as of one."""


class OutOfScope(RunNotAllowed):
    """Raised when somebody asks for a live run about customers of branches of others."""


class OutOfTurn(RunNotAllowed):
    """Raised when a live run is asked of a campaign while another of its exclusive group, which
    comes first, has not run as of the day."""


class SpanNotAllowed(RunNotAllowed):
    """Raised when a back-test is asked of a span of days that cannot be tested."""


@transaction.atomic
def start_run(
    *,
    version_id: int,
    kind: str,
    on: dt.date,
    started_by: Staff | None,
    at: dt.datetime,
    first: dt.date | None = None,
    together_with: Run | None = None,
) -> Run:
    """This will start the evaluation of a version over all customers, as of the end of `on`; a
    back-test as of the end of each day from `first`, or of `on` alone, to it. A live run takes
    turns with those that were started before it, or `together_with` it.

    The chunks stand as rows; workers are told after the commit, and where the queue does not
    answer, the sweeper finds them. Raises RunNotAllowed.
    """
    version = planning.version(version_id)
    days = _days(kind, first, on)
    if on > clock.bank_day(at):
        raise DayAhead(_("{day} has not come yet; choose today or an earlier day.").format(day=on))
    if kind == RunKind.LIVE:
        queries.wait_to_start()
        _refuse_live(version, clock.bank_day(at), on)
        _refuse_others_branches(version, started_by)
    run = _new_run(version, kind, days, started_by, at, together_with)
    changed = _stand_on_another(run, at) if kind == RunKind.LIVE else ()
    chunks = _cut(run, days, changed, at)
    changes = {"run": run.pk, "kind": kind, "on": on.isoformat(), "chunks": len(chunks)}
    if run.first_date:
        changes["first"] = run.first_date.isoformat()
    audit.record(action="run.started", actor=started_by, at=at, target=version, changes=changes)
    if not chunks:
        close_if_finished(run_id=run.pk, at=at)
        run.refresh_from_db()
    first_day = [chunk.pk for chunk in chunks if chunk.day == days[0]]
    transaction.on_commit(lambda: ask_workers(first_day))
    return run


def _days(kind: str, first: dt.date | None, on: dt.date) -> list[dt.date]:
    if kind != RunKind.BACK_TEST or first is None:
        return [on]
    if first > on:
        raise SpanNotAllowed(_("The first day must not come after the last."))
    if (on - first).days >= rules.MOST_DAYS:
        raise SpanNotAllowed(
            _("A back-test covers at most {most} days; choose a later first day.").format(
                most=rules.MOST_DAYS
            )
        )
    return rules.days_of(first, on)


def _refuse_live(version: Any, today: dt.date, on: dt.date) -> None:
    # Locked first: no version is approved from here until the run stands.
    is_stopped = planning.is_stopped(version.campaign_id, lock=True)
    version.refresh_from_db(fields=["state"])
    _refuse_version(version)
    if is_stopped:
        raise CampaignStopped(
            _("{campaign} is stopped; the stop must be lifted before a live run.").format(
                campaign=version.campaign.label
            )
        )
    if issuing.brings_cards(planning.plan_of(version)) and (why := planning.why_no_cards(today)):
        raise CardsNotAllowed(why)
    _refuse_days(version, today, on)
    _refuse_turn(version, today, on)


def _refuse_turn(version: Any, today: dt.date, on: dt.date) -> None:
    """What of a group comes first must have run, or be going: what it would give is not there for
    those behind it."""
    plan, code = planning.plan_of(version), version.campaign.code
    before = planning.before_in_group(plan, code, on=on, today=today)
    last = queries.last_live_days({one.version.campaign_id for one in before})
    for first in before:
        if last.get(first.version.campaign_id, dt.date.min) < on:
            raise OutOfTurn(
                _(
                    "{first} is of the same group and comes first (priority {priority}); it has no "
                    "live run as of {day} yet. Start that one first, or all runs of the evening "
                    "together."
                ).format(first=first.version.campaign.label, priority=first.plan.priority, day=on)
            )


def _refuse_others_branches(version: Any, started_by: Staff | None) -> None:
    """Nobody gives anything to customers whom he may not see; what starts by itself may."""
    if started_by is not None and not planning.reaches(version, scope_of(started_by)):
        raise OutOfScope(
            _("{campaign} is for customers of branches that are not yours.").format(
                campaign=version.campaign.label
            )
        )


def _refuse_days(version: Any, today: dt.date, on: dt.date) -> None:
    plan, name = planning.plan_of(version), version.campaign.label
    if plan.runs_from and on < plan.runs_from:
        raise OutsideDays(
            _("{campaign} begins on {day}; a live run is possible as of that day.").format(
                campaign=name, day=plan.runs_from
            )
        )
    if not plan.works_on(today):
        raise OutsideDays(
            _("{campaign} ended on {day}; nothing is granted any more.").format(
                campaign=name, day=plan.last_day
            )
        )
    if plan.last_day and on > plan.last_day:
        raise OutsideDays(
            _("{campaign} ended on {day}; today a live run is possible as of that day.").format(
                campaign=name, day=plan.last_day
            )
        )
    if on < today - rules.MOST_BEHIND:
        raise DayPast(
            _(
                "A live run is as of today or yesterday: what was so on {day} may not be so any "
                "more. Choose a later day, or a dry run."
            ).format(day=on)
        )


def _refuse_version(version: Any) -> None:
    if lost := queries.texts_withdrawn(version):
        raise TextWithdrawn(
            _(
                "{text} was withdrawn after {version} had been approved with it. Write a new "
                "version of the text and submit the campaign again."
            ).format(text=lost[0], version=version)
        )
    if version.state != VersionState.APPROVED:
        raise NotApproved(
            _("{version} is not approved; a live run needs an approved version.").format(
                version=version
            )
        )
    later = planning.later_approved(version)
    if later is not None:
        raise NotInForce(
            _(
                "{later} was approved after {version}, which begins no live run any more. Submit "
                "{later} again where its approval is void, or make a new version of {version}."
            ).format(later=later, version=version)
        )


def _new_run(
    version: Any,
    kind: str,
    days: Sequence[dt.date],
    started_by: Staff | None,
    at: dt.datetime,
    together_with: Run | None,
) -> Run:
    try:
        with transaction.atomic():
            return Run.objects.create(
                version=version,
                campaign=version.campaign,
                kind=kind,
                first_date=days[0] if kind == RunKind.BACK_TEST else None,
                on_date=days[-1],
                started_by=started_by,
                started_at=at,
                together_with=together_with,
            )
    except IntegrityError as second:
        if "run_one_live_at_a_time" not in str(second):
            raise
        raise AlreadyRunning(
            _("A live run of {campaign} is going on; wait until it ends.").format(
                campaign=version.campaign.label
            )
        ) from second


def _stand_on_another(run: Run, at: dt.datetime) -> Sequence[int]:
    """A run that may stand on an earlier one decides about those alone who changed since, who are
    returned."""
    ground = queries.ground_of(run.version, on=run.on_date, at=at)
    run.base, run.whole_reason = ground.base, ground.whole_reason
    if run.base is None:
        run.mark = queries.mark_now()
    run.save(update_fields=["base", "whole_reason", "mark"])
    return ground.changed


def _spans(run: Run, changed: Sequence[int]) -> list[tuple[int, int, list[int] | None]]:
    """Spans of ids; of a run that stands on another with those in it whom it decides about."""
    if run.base is None:
        return [(*span, None) for span in queries.customer_spans()]
    size = rules.chunk_size(len(changed))
    lists = [list(changed[place : place + size]) for place in range(0, len(changed), size)]
    return [(ids[0], ids[-1] + 1, ids) for ids in lists]


def _cut(
    run: Run, days: Sequence[dt.date], changed: Sequence[int], at: dt.datetime
) -> list[RunChunk]:
    """The chunks in the order in which they are settled: day by day, the customers by id."""
    places = [(day, span) for day in days for span in _spans(run, changed)]
    return RunChunk.objects.bulk_create(
        RunChunk(
            run=run,
            number=number,
            first_id=first,
            end_id=end,
            customer_ids=ids,
            on_date=day if run.is_back_test else None,
            enqueued_at=at,
        )
        for number, (day, (first, end, ids)) in enumerate(places, start=1)
    )


def ask_workers(chunk_ids: Sequence[int]) -> None:
    """This will ask the workers for chunks. A missing queue loses nothing: the rows stay as they
    are, and the sweeper asks again."""
    try:
        for chunk_id in chunk_ids:
            queue.send_task("campaigns.evaluate_chunk", args=[chunk_id], retry=False)
    except QueueDown as down:
        logger.warning("The queue does not answer (%s); the sweeper will ask again.", down)
