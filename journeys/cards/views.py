"""The application clock: who waits how long for a card; and its limits."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.cards import operations, queries, rules
from journeys.cards.enums import Awaited, Clock
from journeys.cards.forms import ClockRuleForm, clock_filter
from journeys.cards.models import Application
from journeys.contact import queries as contact
from journeys.notices import queries as notices
from portal.kit import clock, tables
from portal.staff.access import Scope, requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CUSTOMERS)
def application_clock(request: HttpRequest) -> HttpResponse:
    """This will list the applications of the person's scope whose card is not issued, by days
    waiting; a filter that is wrong is left out."""
    scope, on = scope_of(staff_of(request)), clock.today()
    limits = queries.limits_on(on)
    form = clock_filter(request.GET, scope.branch_path)
    form.is_valid()
    rows = queries.open_applications(scope=scope, on=on, limits=limits, **form.asked)
    page = tables.page_of(request, rows)
    counts = queries.counts_by_clock(scope=scope, on=on, limits=limits)
    told = notices.told_before([row.pk for row in page.rows if row.awaits != Awaited.CARD])
    context = {
        "form": form,
        "page": page,
        "limits": limits,
        "counts": counts,
        "open_count": sum(counts[place] for place in Clock.values),
        "results": notices.counts(scope=scope, on=on),
        "waiting": [_waiting(row, on, limits, told.get(row.pk), scope) for row in page.rows],
    }
    return render(request, "journeys/cards/application_clock.html", context)


def _waiting(
    application: Application, on: dt.date, limits: rules.Limits, told: Any, scope: Scope
) -> dict[str, Any]:
    """`told` is the result that the customer was told before it was opened again, if any."""
    row = queries.clocked(application, on=on, limits=limits)
    return {
        "application": application,
        "days": row.days,
        "left": row.left,
        "clock": row.clock.label,
        "tone": row.tone,
        "awaits": row.awaits,
        "told": told,
        "is_reached": scope.reaches(application.customer.branch),
    }


@requires(Permission.VIEW_CUSTOMERS)
def clock_rules(request: HttpRequest) -> HttpResponse:
    """This will show the limits of approval with their days and sources."""
    context = {
        "rows": contact.dated(
            queries.clock_rules(), lambda _rule: (), clock.today(), "limit_days", "near_days"
        ),
        "may_edit": staff_of(request).may(Permission.EDIT_CLOCK_RULES),
    }
    return render(request, "journeys/cards/clock_rules.html", context)


@requires(Permission.EDIT_CLOCK_RULES)
def clock_rule_new(request: HttpRequest) -> HttpResponse:
    """This will set the limits of approval from a day on."""
    form = ClockRuleForm(request.POST or None, initial={"effective_date": clock.today()})
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.set_clock_rule(
                effective_date=given["effective_date"],
                limits=rules.Limits(given["limit_days"], given["near_days"]),
                source=given["source"],
                actor=staff_of(request),
                at=clock.now(),
            )
        except operations.RuleNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            day = given["effective_date"]
            messages.success(request, _("Set, in force from {day}.").format(day=day))
            return redirect("clock_rules")
    context = {
        "form": form,
        "title": _("Set the limit of approval"),
        "lead": _("A rule is never changed; a later one takes its place from its day on."),
        "submit": _("Set"),
        "confirm": _("It cannot be changed afterwards, only replaced by a later one. Set it?"),
        "back": reverse("clock_rules"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)
