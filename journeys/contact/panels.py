"""What the home page tells those who keep the rules of contact."""

from typing import Any

from django.http import HttpRequest

from journeys.contact import queries
from portal.kit import clock


def calendar_missing(_request: HttpRequest) -> dict[str, Any] | None:
    """This will warn of a year whose calendar must be entered: nothing is planned into it, or
    only by an assumption."""
    years = queries.years_to_enter(on=clock.today())
    return {"years": list(years.items())} if years else None
