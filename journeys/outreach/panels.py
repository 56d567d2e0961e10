"""The home panel about the outbox."""

from typing import Any

from django.http import HttpRequest

from journeys.outreach import queries
from portal.kit import clock
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role


def outbox(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a campaign manager how the outbox stands."""
    staff = staff_of(request)
    if staff.role != Role.CAMPAIGN_MANAGER:
        return None
    return {"figures": queries.figures(scope=scope_of(staff), at=clock.now())}
