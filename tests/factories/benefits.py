"""Member benefits in customers' hands."""

import datetime as dt
from typing import Any

from campaigns.benefits import operations as benefits
from campaigns.models import Benefit, BenefitEntry, CampaignVersion
from journeys.models import Card
from portal.models import Staff
from portal.staff.access import Scope
from tests.factories.rewards import AT, ON, ask, candidate, tier, used_card, version_with

ALL = Scope(branch_path="")
USES, DAYS = 3, 30
LAST = ON + dt.timedelta(days=DAYS)
DAY = dt.timedelta(days=1)


def lounge(**more: Any) -> dict[str, Any]:
    """A tier that gives three visits of a lounge, within thirty days."""
    terms = {"uses": USES, "days": DAYS}
    return tier("lounge", "90.00", kind="benefit", name="贵宾厅", benefit=terms, **more)


def version_of_lounge(**changes: Any) -> CampaignVersion:
    """An approved version with that tier alone."""
    return version_with(lounge(), **changes)


def given(version: CampaignVersion | None = None, card: Card | None = None) -> Benefit:
    """A benefit that was granted to somebody at the end of June."""
    card = card or used_card()
    (award,) = ask(version or version_of_lounge(), [candidate(card)])
    assert award.answer == "granted"
    return Benefit.objects.get(customer=card.customer_id)


def use(row: Benefit, actor: Staff, **more: Any) -> BenefitEntry:
    """A use on the day of the grant."""
    values: dict[str, Any] = {"used_date": ON, "scope": ALL, "at": AT} | more
    return benefits.record_use(benefit_id=row.pk, actor=actor, **values)
