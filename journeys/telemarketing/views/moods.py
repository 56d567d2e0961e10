"""How callers dealt with moods, and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.telemarketing import queries
from portal.kit import fewest
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_LEADS)
def mood_move_list(request: HttpRequest) -> HttpResponse:
    """This will show what was done for each mood, and how often it ended well."""
    moods = queries.moves_at_work(scope=scope_of(staff_of(request)))
    context = {"moods": moods, "fewest": fewest.FEWEST}
    return render(request, "journeys/telemarketing/mood_move_list.html", context)
