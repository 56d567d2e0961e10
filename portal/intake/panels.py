"""The home panel about imports."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.intake import queries
from portal.intake.enums import ImportState
from portal.kit.registry import registry
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of

_SHOWN = 5


def latest_imports(request: HttpRequest) -> dict[str, Any]:
    """This will show the latest imports and whether rows were refused."""
    kinds = registry.import_kinds
    batches = list(queries.list_batches(scope=scope_of(staff_of(request)))[:_SHOWN])
    faulty = sum(one.rows_bad > 0 or one.state == ImportState.FAILED for one in batches)
    line = Todo(
        label=_("Look at the latest imports: rows were refused"),
        brief=ngettext(
            "{count} import with refused rows", "{count} imports with refused rows", faulty
        ),
        count=faulty,
        url=reverse("import_list"),
    )
    return {
        "todo": [line],
        "batches": [
            (batch, kinds[batch.kind].label if batch.kind in kinds else batch.kind)
            for batch in batches
        ],
    }
