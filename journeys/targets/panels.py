"""Home panels of the own targets, and of those of the branch."""

from typing import Any

from django.http import HttpRequest

from journeys.targets import queries
from portal.kit import clock
from portal.staff.access import staff_of
from portal.staff.enums import Role

_FIRST = 6


def own_targets(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a person how far the own targets are; nothing where there are none."""
    staff, on = staff_of(request), clock.today()
    found = queries.standings_of(queries.person_nodes(staff, on=on)[:_FIRST], on=on)
    return {"standings": found, "on": on} if found else None


def branch_targets(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a branch manager how far the branch is; nothing where it has no targets."""
    staff, on = staff_of(request), clock.today()
    if staff.role != Role.BRANCH_MANAGER:
        return None
    found = queries.standings_of(queries.branch_nodes(staff.branch, on=on)[:_FIRST], on=on)
    return {"standings": found, "on": on, "branch": staff.branch} if found else None
