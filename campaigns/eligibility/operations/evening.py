"""The live runs of an evening, started together, by a person or by the clock: they take turns by
priority."""

import datetime as dt
import logging
from dataclasses import dataclass, field

from django.db import transaction

from campaigns.eligibility import queries
from campaigns.eligibility.enums import Hindrance
from campaigns.eligibility.models import NotStarted, Run
from campaigns.eligibility.operations.starting import (
    AlreadyRunning,
    OutOfTurn,
    RunNotAllowed,
    TextWithdrawn,
    start_run,
)
from campaigns.planning import queries as planning
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff

logger = logging.getLogger(__name__)
_WHY = {
    TextWithdrawn: Hindrance.TEXT, OutOfTurn: Hindrance.TURN, AlreadyRunning: Hindrance.GOING,
}  # fmt: skip


@dataclass
class Evening:
    """What came of starting an evening: the runs in the order of their turns, of the campaigns
    that could not be started the sentences that say why, and what was left out for a reason that
    was not noted before."""

    runs: list[Run] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    noted: list[NotStarted] = field(default_factory=list)


@transaction.atomic
def start_evening(
    *,
    on: dt.date,
    started_by: Staff | None,
    at: dt.datetime,
    is_repeated: bool = False,
    is_closing: bool = False,
) -> Evening:
    """This will start the live runs of all campaigns in force that run as of `on` and have not run
    as of it yet, as one round: the higher priority settles first, of equal ones the campaign code
    that comes first. Whose last day is `on` runs as of it once more on the day after, when all that
    posted on it is known; `is_closing`: these alone.

    They are seen all at once, so that none is settled before all are there. What may not be started
    is left out, and said; each cause is noted once, and its owner sees it. Where the evening
    `is_repeated` by the clock, what no waiting changes is not tried again before something about it
    changed.
    """
    queries.wait_to_start()
    found = Evening()
    today = clock.bank_day(at)
    due = [one.version for one in _due(on, today) if not is_closing or one.ends_before(today)]
    passed = queries.lacking_texts(due) if is_repeated else set()
    left_out = [] if is_closing else queries.out_of_force(on=on, today=today)
    for version in due:
        if version.pk in passed:
            continue
        try:
            with transaction.atomic():
                run = start_run(
                    version_id=version.pk,
                    kind="live",
                    on=on,
                    started_by=started_by,
                    at=at,
                    together_with=found.runs[0] if found.runs else None,
                )
        except RunNotAllowed as refused:
            found.refused.append((version.campaign.label, str(refused)))
            why = _WHY.get(type(refused), Hindrance.OTHER)
            left_out.append(queries.LeftOut(version, why, queries.since_of(version, why, on=on)))
        else:
            found.runs.append(run)
    found.noted = [row for one in left_out if (row := _note(one, on, at)) is not None]
    return found


def _due(on: dt.date, today: dt.date) -> list[planning.Rival]:
    """The campaigns in force, in their order, that may run as of a day today and have not; whose
    last day it was, have not since it ended."""
    rivals = [one for one in planning.in_order() if one.may_run(on=on, today=today)]
    campaigns = {one.version.campaign_id for one in rivals}
    last = queries.last_live_days(campaigns)
    closed = queries.began_since(campaigns, on=on, since=clock.start_of(today))
    return [
        one
        for one in rivals
        if last.get(one.version.campaign_id, dt.date.min) < on
        or (one.ends_before(today) and one.version.campaign_id not in closed)
    ]


def _note(one: queries.LeftOut, on: dt.date, at: dt.datetime) -> NotStarted | None:
    """What was new about it; None where this was noted before."""
    row, is_new = NotStarted.objects.get_or_create(
        version=one.version, why=one.why, since=one.since, defaults={"on_date": on, "at": at}
    )
    if not is_new:
        return None
    audit.record(
        action="run.not_started", actor=None, at=at, target=one.version,
        changes={"on": on.isoformat(), "why": one.why.value},
    )  # fmt: skip
    return row


def start_due_evening(*, begins: dt.time | None, at: dt.datetime) -> Evening | None:
    """This will start what has not run yet as of today, from the time of day `begins` (the bank's)
    on; None where it is earlier, or nothing begins by itself. Safe to repeat: what comes in force
    later that day is a round of its own, and what could not be started is said once for each
    cause. Campaigns whose last day was yesterday are worked off first."""
    today = clock.bank_day(at)
    if begins is None or at < clock.start_of(today).replace(hour=begins.hour, minute=begins.minute):
        return None
    found = start_evening(
        on=today - dt.timedelta(days=1), started_by=None, at=at, is_repeated=True, is_closing=True
    )
    evening = start_evening(on=today, started_by=None, at=at, is_repeated=True)
    found.runs += evening.runs
    found.refused += evening.refused
    found.noted += evening.noted
    for row in found.noted:
        logger.warning("Not started this evening: %s: %s", row.version, row.hindrance.label)
    return found
