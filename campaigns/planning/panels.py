"""The home panel about campaigns."""

from typing import Any

from django.http import HttpRequest

from campaigns.planning import queries

_SHOWN = 5


def campaigns(request: HttpRequest) -> dict[str, Any]:
    """This will show the newest campaigns, how far each is, and when it last ran."""
    found = list(queries.campaigns()[: _SHOWN + 1])
    return {"campaigns": found[:_SHOWN], "has_more": len(found) > _SHOWN}
