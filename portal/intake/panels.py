"""The home panel about imports."""

from typing import Any

from django.http import HttpRequest

from portal.intake import queries
from portal.kit.registry import registry
from portal.staff.access import scope_of, staff_of

_SHOWN = 5


def latest_imports(request: HttpRequest) -> dict[str, Any]:
    """This will show the latest imports and whether rows were refused."""
    kinds = registry.import_kinds
    batches = list(queries.list_batches(scope=scope_of(staff_of(request)))[:_SHOWN])
    return {
        "batches": [
            (batch, kinds[batch.kind].label if batch.kind in kinds else batch.kind)
            for batch in batches
        ]
    }
