"""Pages of the order of campaigns and of the groups that exclude one another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.eligibility import queries as eligibility
from campaigns.groups import operations, queries
from campaigns.groups.forms import GroupForm
from campaigns.planning import queries as planning
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def group_list(request: HttpRequest) -> HttpResponse:
    """This will show who competes with whom: the campaigns of each exclusive group, and all others,
    each in the order in which they come."""
    rivals = planning.in_order(with_waiting=True)
    last = eligibility.last_live_days({one.version.campaign_id for one in rivals})
    lines = [(one, last.get(one.version.campaign_id)) for one in rivals]
    groups = list(queries.groups())
    known = {group.code for group in groups}
    context = {
        "groups": [
            (group, [line for line in lines if line[0].plan.group == group.code])
            for group in groups
        ],
        "alone": [line for line in lines if line[0].plan.group not in known],
        "may_edit": staff_of(request).may(Permission.EDIT_GROUPS),
        "may_see_people": staff_of(request).may(Permission.VIEW_CUSTOMERS),
        "may_run": staff_of(request).may(Permission.RUN_CAMPAIGNS),
    }
    return render(request, "campaigns/groups/list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_GROUPS)
def group_new(request: HttpRequest) -> HttpResponse:
    """This will make a group that campaigns may name."""
    form = GroupForm(request.POST or None)
    if form.is_valid():
        try:
            operations.open_group(**form.cleaned_data, actor=staff_of(request), at=clock.now())
        except operations.GroupNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The group is there; campaigns can name it now."))
            return redirect("group_list")
    context = {
        "form": form,
        "title": _("New group"),
        "lead": _(
            "Published texts and approvals rest on a group, so it never changes; for another term "
            "make another one."
        ),
        "submit": _("Make the group"),
        "confirm": _("It cannot be changed afterwards. Make it?"),
        "back": reverse("group_list"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)
