"""What a version means for everyone who is inside its campaign already."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db.models import Exists, OuterRef

from campaigns.eligibility import queries as eligibility
from campaigns.eligibility.enums import Outcome
from campaigns.eligibility.models import Decision, Run
from campaigns.planning import queries as planning
from campaigns.planning.models import CampaignVersion
from campaigns.rewards import queries as rewards
from campaigns.touches import queries as touches
from journeys.outreach import queries as outreach


def inside_of(version: CampaignVersion, run: Run, *, on: dt.date) -> dict[str, Any]:
    """This will count the fates of those inside, by a dry run of the version, as plain values;
    nothing where no version of the campaign was ever approved.

    `holders` have a reward (worth `amount`) and keep it, `without` of them do not meet the new
    rule; `waiting` messages go out as they were written. Of those who qualified in the last live
    run (as of `live_on`, None where there was none) `staying` qualify still, `leaving` do not, and
    `joining` are new.
    """
    if planning.last_approved(version.campaign) is None:
        return {}
    now = Decision.objects.filter(run=run, outcome=Outcome.QUALIFIED)
    holders, amount = rewards.holders_of(version.campaign_id)
    return {
        "holders": holders,
        "amount": str(amount),
        "without": _without(version, now),
        "waiting": outreach.count_open(origins=planning.origins_of(version.campaign)),
        **_moved(version, now),
        **_touched(version, on),
    }


def _without(version: CampaignVersion, now: Any) -> int:
    grants = rewards.grants().filter(campaign=version.campaign_id).order_by()
    still = now.filter(customer=OuterRef("customer"))
    return int(grants.filter(~Exists(still)).values("customer").distinct().count())


def _touched(version: CampaignVersion, on: dt.date) -> dict[str, Any]:
    fates = touches.fates_of(touches.coming_of(version), on=on)
    return {} if fates is None else {"touched": asdict(fates)}


def _moved(version: CampaignVersion, now: Any) -> dict[str, Any]:
    last = eligibility.last_live_run_of(version.campaign_id)
    if last is None:
        return {"live_on": None}
    before = eligibility.standing(last).filter(outcome=Outcome.QUALIFIED)
    staying = before.filter(Exists(now.filter(customer=OuterRef("customer")))).count()
    return {
        "live_on": last.on_date.isoformat(),
        "staying": staying,
        "leaving": before.count() - staying,
        "joining": now.count() - staying,
    }
