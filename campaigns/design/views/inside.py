"""What becomes of each person inside a campaign if an edit of it comes in force: for who writes it,
and for who approves it."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.design import forms
from campaigns.design.queries import inside
from campaigns.touches import queries as touches
from portal.kit import clock, parts, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


def _asked(request: HttpRequest) -> tuple[forms.InsideFilter, inside.Edit | None]:
    """The filter, and what it asks about; nothing where nobody is inside anything."""
    with_drafts = staff_of(request).may(Permission.EDIT_CAMPAIGNS)
    named = inside.edits(with_drafts=with_drafts, key=request.GET.get("of", ""))
    form = forms.InsideFilter(request.GET, named=named)
    return form, inside.find_edit(form.asked["of"], with_drafts=with_drafts)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def inside_list(request: HttpRequest) -> HttpResponse:
    """This will list what becomes of those inside whom the person may see, by customer; who may not
    see customers is told it by the number of the stay."""
    form, edit = _asked(request)
    staff = staff_of(request)
    context: dict[str, Any] = {
        "form": form, "edit": edit, "query": request.GET.urlencode(),
        "may_see_customers": staff.may(Permission.VIEW_CUSTOMERS),
    }  # fmt: skip
    if edit is not None:
        on = clock.today()
        found = inside.fated(edit, scope=scope_of(staff), fate=form.asked["fate"], on=on)
        page = tables.page_in(request, found)
        # The next step is asked for those alone who are shown.
        context["page"] = replace(page, rows=list(inside.lines_of(edit, page.rows, on=on)))
    return render(request, "campaigns/design/inside.html", context)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
@parts.part_of("inside_list")
def inside_counts(request: HttpRequest) -> HttpResponse:
    """This will count what becomes of all inside whom the person may see, as a part of the page."""
    _form, edit = _asked(request)
    fates = None
    if edit is not None and edit.coming is not None:
        scope = scope_of(staff_of(request))
        fates = touches.fates_of(edit.coming, on=clock.today(), scope=scope)
    context = {"fates": fates, "edit": edit}
    return render(request, "campaigns/design/_inside_counts.html", context)
