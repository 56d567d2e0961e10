"""What the home page shows of runs."""

from typing import Any

from django.http import HttpRequest

from campaigns.eligibility import queries
from portal.staff.access import staff_of
from portal.staff.enums import Permission

_SHOWN = 5


def running_runs(request: HttpRequest) -> dict[str, Any]:
    """This will show those who start runs what is going on and what ended last."""
    return {"runs": queries.latest_runs(_SHOWN)}


def run_figures(request: HttpRequest) -> dict[str, Any] | None:
    """This will show the others who see campaigns the figures of the latest runs."""
    if staff_of(request).may(Permission.RUN_CAMPAIGNS):
        return None
    return {"runs": queries.latest_runs(_SHOWN)}
