"""The live runs of an evening, started together, by a person or by the clock: they take turns by
priority."""

import datetime as dt
import logging
from dataclasses import dataclass, field

from django.db import transaction

from campaigns.eligibility import queries
from campaigns.eligibility.models import Run
from campaigns.eligibility.operations.starting import RunNotAllowed, start_run
from campaigns.planning import queries as planning
from portal.kit import clock
from portal.staff.models import Staff

logger = logging.getLogger(__name__)


@dataclass
class Evening:
    """What came of starting an evening: the runs in the order of their turns, and of the campaigns
    that could not be started the sentences that say why."""

    runs: list[Run] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def start_evening(*, on: dt.date, started_by: Staff | None, at: dt.datetime) -> Evening:
    """This will start the live runs of all campaigns in force that run as of `on` and have not run
    as of it yet, as one round: the higher priority settles first, of equal ones the campaign code
    that comes first.

    They are seen all at once, so that none is settled before all are there. What may not be started
    is left out, and said.
    """
    queries.wait_to_start()
    found = Evening()
    today, rivals = clock.bank_day(at), planning.in_order()
    last = queries.last_live_days({one.version.campaign_id for one in rivals})
    for one in rivals:
        campaign = one.version.campaign
        if not one.may_run(on=on, today=today) or last.get(campaign.pk, dt.date.min) >= on:
            continue
        try:
            with transaction.atomic():
                run = start_run(
                    version_id=one.version.pk,
                    kind="live",
                    on=on,
                    started_by=started_by,
                    at=at,
                    together_with=found.runs[0] if found.runs else None,
                )
        except RunNotAllowed as refused:
            found.refused.append((campaign.label, str(refused)))
        else:
            found.runs.append(run)
    return found


def start_due_evening(*, begins: dt.time | None, at: dt.datetime) -> Evening | None:
    """This will start what has not run yet as of today, from the time of day `begins` (the bank's)
    on; None where it is earlier, or nothing begins by itself. Safe to repeat: what comes in force
    later that day is a round of its own."""
    today = clock.bank_day(at)
    if begins is None or at < clock.start_of(today).replace(hour=begins.hour, minute=begins.minute):
        return None
    found = start_evening(on=today, started_by=None, at=at)
    for name, sentence in found.refused:
        logger.warning("Not started this evening: %s: %s", name, sentence)
    return found
