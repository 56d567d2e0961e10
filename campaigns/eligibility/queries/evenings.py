"""Which campaigns an evening leaves out, and why."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.eligibility import rules
from campaigns.eligibility.enums import Hindrance
from campaigns.eligibility.models import NotStarted
from campaigns.eligibility.queries.turns import began_since, last_live_days
from campaigns.planning import queries as planning
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import naming
from portal.approvals import queries as approvals
from portal.kit import clock


@dataclass(frozen=True)
class LeftOut:
    """A version whose live run an evening does not start, why, and since when that is so."""

    version: CampaignVersion
    why: Hindrance
    since: dt.datetime


def out_of_force(*, on: dt.date, today: dt.date) -> list[LeftOut]:
    """This will list the campaigns that would run as of a day and have not, but that are stopped or
    whose approval is void, the one that would come first at the head."""
    rivals = [one for one in planning.out_of_force() if one.may_run(on=on, today=today)]
    last = last_live_days({one.version.campaign_id for one in rivals})
    rows = [one.version for one in rivals if last.get(one.version.campaign_id, dt.date.min) < on]
    keys = [str(row.pk) for row in rows]
    known = approvals.latest_about(kind=naming.APPROVAL_KIND, target_keys=keys)
    found = []
    for row in rows:
        if row.campaign.stopped_at is not None:
            found.append(LeftOut(row, Hindrance.STOPPED, row.campaign.stopped_at))
        elif not row.is_waiting:
            since = known[str(row.pk)].closed_at if str(row.pk) in known else None
            found.append(LeftOut(row, Hindrance.APPROVAL, since or row.created_at))
    return found


def to_close(*, today: dt.date) -> list[CampaignVersion]:
    """This will list the versions in force whose last day was yesterday and that were not run as
    of it since: what posted on it is worked off today, or never."""
    ended = planning.ended_before(today)
    campaigns = {row.campaign_id for row in ended}
    last = today - dt.timedelta(days=1)
    closed = began_since(campaigns, on=last, since=clock.start_of(today)) if ended else set()
    return [row for row in ended if row.campaign_id not in closed]


def lacking_texts(versions: Iterable[CampaignVersion]) -> set[int]:
    """This will tell, by their ids, which versions in force were found to lack a message text in an
    evening, and were not approved anew since."""
    rows = NotStarted.objects.filter(version__in=[one.pk for one in versions], why=Hindrance.TEXT)
    found = rows.values_list("version", "since", "version__approved_at")
    return {key for key, since, approved in found if since == approved}


def left_out_on(*, on: dt.date, today: dt.date) -> list[LeftOut]:
    """This will list what the evening of a day leaves out as things are now: what is out of force,
    and what it tried to start and could not."""
    rows = NotStarted.objects.filter(on_date=on).select_related("version__campaign")
    tried = [row for row in rows.order_by("id") if row.hindrance not in _SEEN]
    lasting = NotStarted.objects.filter(why=Hindrance.TEXT, on_date__lt=on)
    tried += lasting.select_related("version__campaign").order_by("id")
    return out_of_force(on=on, today=today) + [
        LeftOut(row.version, row.hindrance, row.since) for row in _standing(tried)
    ]


# What can be seen of a campaign by itself.
_SEEN = frozenset({Hindrance.STOPPED, Hindrance.APPROVAL})


def not_started_of(owner_id: int, *, today: dt.date) -> list[NotStarted]:
    """This will list what was not started in the evenings of yesterday and today and is still so,
    of the campaigns of an owner, the latest first. What may pass by waiting counts from midnight
    on, when it was waited for in vain."""
    rows = NotStarted.objects.filter(
        version__campaign__owner=owner_id, on_date__gte=today - rules.MOST_BEHIND
    ).select_related("version__campaign")
    found = [
        row
        for row in rows.order_by("-on_date", "-id")
        if row.hindrance.is_lasting or row.on_date < today
    ]
    return _standing(found)


def _standing(rows: Sequence[NotStarted]) -> list[NotStarted]:
    """Those of which nothing changed since."""
    last = last_live_days({row.version.campaign_id for row in rows})
    return [
        row
        for row in rows
        if last.get(row.version.campaign_id, dt.date.min) < row.on_date and _is_so(row)
    ]


def _is_so(row: NotStarted) -> bool:
    version = row.version
    match row.hindrance:
        case Hindrance.STOPPED:
            return version.campaign.stopped_at == row.since
        case Hindrance.APPROVAL:
            return not version.is_approved and not version.campaign.is_stopped
        case Hindrance.TEXT:
            return version.approved_at == row.since and not version.campaign.is_stopped
    return version.is_approved and not version.campaign.is_stopped


def since_of(version: CampaignVersion, why: Hindrance, *, on: dt.date) -> dt.datetime:
    """This will tell since when a version that is in force is kept from being started."""
    if why == Hindrance.TEXT and version.approved_at is not None:
        return version.approved_at
    return clock.start_of(on)
