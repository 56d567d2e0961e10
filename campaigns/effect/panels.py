"""The home panel: running campaigns, and whether they work."""

from typing import Any

from django.http import HttpRequest

from campaigns.effect import queries
from campaigns.planning import queries as planning
from portal.kit import clock
from portal.staff.access import staff_of
from portal.staff.enums import Role

_SHOWN = 6
# Who is asked what campaigns bring; the others read it on the campaign's page.
_ROLES = {Role.CAMPAIGN_MANAGER, Role.APPROVER, Role.ANALYST}


def running_effects(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell of running campaigns whether they work; nothing where none is measured."""
    if staff_of(request).role not in _ROLES:
        return None
    running = planning.running_on(clock.today())
    plans = list(queries.fixed([row.campaign_id for row, _plan in running])[: _SHOWN + 1])
    if not plans:
        return None
    effects = queries.effects_of(plans[:_SHOWN])
    lines = [{"effect": one, "sentence": queries.verdict_of(one)} for one in effects.values()]
    return {"lines": lines, "has_more": len(plans) > _SHOWN}
