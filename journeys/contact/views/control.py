"""The bank's control group: what is in force, what was, and the proposal of another one."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.forms import ControlForm
from portal.kit import clock, parts
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CONTACT_RULES)
def control_group_list(request: HttpRequest) -> HttpResponse:
    """This will show the control group in force, and all that were ever proposed."""
    today = clock.today()
    rows = queries.control_groups(on=today)
    context = {
        "now": queries.control_group_on(today),
        "rows": rows,
        "may_edit": staff_of(request).may(Permission.EDIT_CONTROL_GROUP),
        "is_waiting": any(one.state == "waiting" for one in rows),
    }
    return render(request, "journeys/contact/control_list.html", context)


@requires(Permission.VIEW_CONTACT_RULES)
@parts.part_of("control_group_list")
def control_group_size(request: HttpRequest) -> HttpResponse:
    """This will count whom the control group in force holds, as a part of its page: the whole table
    of customers is read for it."""
    now = queries.control_group_on(clock.today())
    held, whole = queries.count_held(now) if now else (0, 0)
    context = {"held": held, "whole": whole, "at": clock.now()}
    return render(request, "journeys/contact/_control_size.html", context)


@requires(Permission.VIEW_CONTACT_RULES)
def control_group_page(request: HttpRequest, group_id: int) -> HttpResponse:
    """This will show one control group: its days, its share, who proposed it and who decided."""
    shown = queries.control_group(group_id, on=clock.today())
    if shown is None:
        raise Http404
    return render(request, "journeys/contact/control_page.html", {"row": shown})


@requires(Permission.EDIT_CONTROL_GROUP)
def control_group_new(request: HttpRequest) -> HttpResponse:
    """This will put a control group before a second person."""
    today = clock.today()
    first = today + dt.timedelta(days=1)
    year = {"starts_date": first, "last_date": today + dt.timedelta(days=365), "percent": 2}
    form = ControlForm(request.POST or None, initial=year)
    if form.is_valid():
        try:
            contact.propose_control_group(**form.group, maker=staff_of(request), at=clock.now())
        except contact.ControlNotAllowed as refusal:
            field = "last_date" if refusal.field == "ends_date" else refusal.field
            form.add_error(field or None, str(refusal))
        else:
            done = _("Proposed. It comes in force once somebody else approves it.")
            messages.success(request, done)
            return redirect("control_group_list")
    context = {
        "form": form,
        "title": _("Propose a control group"),
        "lead": _(
            "A small share of all persons whom no marketing touches, so that the effect of all of "
            "it can be told. Another person must approve it."
        ),
        "note": _("It takes the place of the one in force on its first day.")
        if queries.control_group_on(first)
        else "",
        "submit": _("Propose"),
        "confirm": _("It cannot be changed afterwards, only replaced by a later one. Propose it?"),
        "back": reverse("control_group_list"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)
