"""The home panel about people and signing in."""

from typing import Any

from django.http import HttpRequest

from portal.kit import clock
from portal.staff import queries


def people(request: HttpRequest) -> dict[str, Any]:
    """This will show administrators how many may enter, and who could not."""
    return {"entry": queries.entry_figures(at=clock.now())}
