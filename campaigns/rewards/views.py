"""The page of those who hold a reward twice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.rewards import panels, queries
from portal.kit import money
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_MOST = 100


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def given_twice(request: HttpRequest) -> HttpResponse:
    """This will list the persons who hold two rewards of one campaign, or of one exclusive group,
    because a file made two customer numbers one person later."""
    found = queries.given_twice(scope=scope_of(staff_of(request)), most=_MOST + 1)
    lines = [
        (
            one,
            [
                (held, panels.name_of(held.grant), money.show(held.grant.amount))
                for held in one.held
            ],
        )
        for one in found[:_MOST]
    ]
    context = {"lines": lines, "has_more": len(found) > _MOST, "most": _MOST}
    return render(request, "campaigns/rewards/twice.html", context)
