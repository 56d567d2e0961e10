"""The home panels of active and sleeping cards."""

from typing import Any

from django.http import HttpRequest

from journeys.activity import queries
from portal.kit import clock
from portal.staff.access import scope_of, staff_of


def activity(request: HttpRequest) -> dict[str, Any] | None:
    """This will show the rate of active cards by each definition, and the share that sleeps, of
    the latest day; nothing before figures were counted."""
    asked = queries.Asked(scope_of(staff_of(request)))
    standing = queries.standing(asked=asked)
    if standing is None or not standing.ratio.whole:
        return None
    day = standing.day
    found = queries.active_on(asked=asked, on=day)
    rates = [(one, found[one.pk]) for one in queries.definitions_on(day) if one.pk in found]
    return {"standing": standing, "rates": rates}


def sleep_near(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a person that the share of sleeping cards of the bank, or of the own branches,
    nears the ceiling, and what to do; nothing while it does not."""
    scope = scope_of(staff_of(request))
    standing = queries.standing(asked=queries.Asked(scope))
    if standing is None or not (standing.is_near or standing.will_be_over):
        return None
    return {
        "standing": standing,
        "is_whole": not scope.branch_path,
        "stopped": queries.why_no_cards(clock.today()),
    }
