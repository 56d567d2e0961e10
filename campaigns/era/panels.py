"""The home panel of the own era."""

import itertools
from typing import Any

from django.http import HttpRequest

from campaigns.era import queries
from portal.kit import clock
from portal.staff.access import staff_of
from portal.staff.enums import Role


def own_era(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a branch manager in which era the own branch stands, and what it lacks for
    the next; nothing where no rule says how that is told."""
    staff, on = staff_of(request), clock.today()
    rule = queries.rule_on(on)
    if staff.role != Role.BRANCH_MANAGER or rule is None:
        return None
    [era] = queries.eras_of(branches=[staff.branch], rule=rule, on=on)
    higher = list(itertools.takewhile(lambda step: not step.is_met, era.standing.steps))
    return {"era": era, "next_step": higher[-1] if higher else None}
