"""The page on which a partnership is handed over to another manager."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merchants.directory import queries as directory
from merchants.partnerships import operations, queries
from merchants.partnerships.access import load, may_hand_over
from merchants.partnerships.forms import HandOverForm
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_MERCHANTS)
def partnership_hand_over(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will give a partnership to another relationship manager, with a reason."""
    staff = staff_of(request)
    row = load(staff, partnership_id)
    if not may_hand_over(staff, row):
        raise PermissionDenied
    others = [
        one for one in directory.managers_for(merchant=row.merchant) if one.pk != row.manager_id
    ]
    form = HandOverForm(request.POST or None, people=others)
    if form.is_valid():
        try:
            operations.hand_over(
                partnership_id=row.pk, to=form.chosen, reason=form.cleaned_data["reason"],
                actor=staff, at=clock.now(),
            )  # fmt: skip
        except (operations.HandOverRefused, operations.PartnershipNotAllowed) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Handed over to {name}, with what is open.").format(name=form.chosen)
            )
            return redirect("partnership_page", row.pk)
    context = {
        "row": row,
        "form": form,
        "others": others,
        "tasks": [task for task in queries.tasks_of(row) if task.is_open],
        "suggestion": queries.suggestion_of(row),
    }
    status = 422 if request.method == "POST" else 200
    page = "merchants/partnerships/partnership_hand_over.html"
    return render(request, page, context, status=status)
