"""Lists of active and sleeping cards, and what makes one more row on each."""

import datetime as dt
from typing import Any

from journeys.models import ActivityCount
from portal.kit import clock
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories.journeys import ProductFactory
from tests.factories.portal import BranchFactory
from tests.project.listing import Listing, a_row
from tests.project.making import INSTANT, code
from tests.project.rows import row_of


def branch_day(staff: Staff, _arguments: dict[str, Any]) -> None:
    """The figures of a branch more, of a product of its own; more cards sleep than may."""
    day = clock.today() - dt.timedelta(days=1)
    ActivityCount.objects.get_or_create(kind="day", day=day, defaults={"counted_at": INSTANT})
    branch, product = BranchFactory(parent=staff.branch), ProductFactory(code=code())
    row_of("journeys.SleepDay", branch=branch, product=product, day=day)
    row_of("journeys.ActivityDay", branch=branch, product=product, day=day,
           definition=row_of("journeys.ActiveDefinition"))  # fmt: skip
    row_of("journeys.CohortMonth", branch=branch, product=product, month=day.replace(day=1))


def _counted(staff: Staff) -> dict[str, Any]:
    day = clock.today() - dt.timedelta(days=1)
    row_of("journeys.ActivityCount", day=day)
    row_of("journeys.ActivityProof", day=day, at=INSTANT)
    return {}


def _rule(_staff: Staff, _arguments: dict[str, Any]) -> None:
    row_of("journeys.ActiveDefinition")
    row_of("journeys.SleepRule")


def _resting(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """A card that will be asleep in ten days or so."""
    row_of("journeys.CardRest", since=clock.today() - dt.timedelta(days=540))


def _snapshot(_staff: Staff, _arguments: dict[str, Any]) -> None:
    row_of("journeys.ActivitySnapshot", product=ProductFactory(code=code()))


LISTS: dict[str, Listing] = {
    "activity_page": Listing(Role.COMPLIANCE, branch_day, _counted),
    "sleeping_list": Listing(Role.COMPLIANCE, _resting),
    "activity_snapshots": Listing(Role.COMPLIANCE, _snapshot),
    "activity_proofs": Listing(Role.COMPLIANCE, a_row("journeys.ActivityProof")),
    "activity_rules": Listing(Role.COMPLIANCE, _rule),
}
