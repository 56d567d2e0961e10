"""The home panel of daily figures."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from journeys.kpis import queries
from journeys.kpis.enums import Dimension
from portal.kit import clock
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Permission, Role

_READERS = {Role.BRANCH_MANAGER, Role.CAMPAIGN_MANAGER, Role.ANALYST}
_DAYS_SHOWN = 7


def sales_figures(request: HttpRequest) -> dict[str, Any] | None:
    """This will give managers what yesterday came to, and its month."""
    staff = staff_of(request)
    if staff.role not in _READERS:
        return None
    day = clock.today() - dt.timedelta(days=1)
    report = queries.report_of(scope=scope_of(staff), day=day, by=Dimension.BRANCH)
    proof = queries.newest_proof()
    return {
        "report": report,
        "latest": list(report.month)[-_DAYS_SHOWN:],
        "differs": proof is not None and not proof.holds,
        "may_keep": staff.may(Permission.KEEP_FIGURES),
    }
