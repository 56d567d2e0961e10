"""What whoever answers for a model is told on the home page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from journeys.scoring import queries
from portal.kit.todo import Todo
from portal.staff.access import staff_of


def models_moved(request: HttpRequest) -> dict[str, Any]:
    """This will tell which models no longer fit: calls or customers have moved beyond the limit
    since they learned from them."""
    calls, people = (len(found) for found in queries.moved_models(staff_of(request)))
    lines = [
        Todo(
            label=gettext("Look at the model of calls: calls have changed much since it learned"),
            brief=ngettext(
                "{count} model of calls to look at", "{count} models of calls to look at", calls
            ),
            count=calls,
            url=reverse("call_models"),
        ),
        Todo(
            label=gettext(
                "Look at the model of potential: customers have changed much since it learned"
            ),
            brief=ngettext(
                "{count} model of potential to look at", "{count} models of potential to look at",
                people,
            ),
            count=people,
            url=reverse("potential_models"),
        ),
    ]  # fmt: skip
    return {"todo": lines}
