"""The home panel about people and signing in."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kit import clock
from portal.kit.todo import Todo
from portal.staff import queries


def people(request: HttpRequest) -> dict[str, Any]:
    """This will show administrators how many may enter, and who could not."""
    entry = queries.entry_figures(at=clock.now())
    failing = entry.failing_names
    line = Todo(
        label=_("Look who cannot sign in"),
        brief=ngettext(
            "{count} name with failed sign-ins", "{count} names with failed sign-ins", failing
        ),
        count=failing,
        url=reverse("admin:axes_accessattempt_changelist"),
    )
    return {"entry": entry, "todo": [line]}
