"""Hours and limits of contact: what is in force, what is coming, what was."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.forms import CapsForm, HoursForm
from portal.kit import clock
from portal.staff import queries as staff
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CONTACT_RULES)
def contact_rules(request: HttpRequest) -> HttpResponse:
    """This will show caps and hours with their days and sources; past ones where asked for."""
    today, with_past = clock.today(), "past" in request.GET
    context = {
        "caps": _wanted(queries.caps(on=today), with_past),
        "hours": _placed(_wanted(queries.hours(on=today), with_past)),
        "with_past": with_past,
        "may_edit": staff_of(request).may(Permission.EDIT_CONTACT_RULES),
    }
    return render(request, "journeys/contact/rules.html", context)


def _wanted(rows: list[Any], with_past: bool) -> list[Any]:
    return [row for row in rows if with_past or row.state != "past"]


def _placed(rows: list[Any]) -> list[tuple[Any, list[Any]]]:
    """The rows with the branches that lie in their place: a code alone says little."""
    prefixes = {row.rule.division_prefix for row in rows if row.rule.division_prefix}
    branches = staff.branches_of_divisions(prefixes) if prefixes else {}
    return [(row, branches.get(row.rule.division_prefix, [])) for row in rows]


@requires(Permission.EDIT_CONTACT_RULES)
def caps_new(request: HttpRequest) -> HttpResponse:
    """This will set caps from a day on."""
    form = CapsForm(request.POST or None, initial={"effective_date": clock.today()})
    if form.is_valid():
        try:
            contact.set_contact_rule(**form.cleaned_data, actor=staff_of(request), at=clock.now())
        except contact.RuleNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return _set(request, form.cleaned_data["effective_date"])
    return _show(request, form, _("Set limits of contact"))


@requires(Permission.EDIT_CONTACT_RULES)
def hours_new(request: HttpRequest) -> HttpResponse:
    """This will set hours from a day on."""
    form = HoursForm(request.POST or None, initial={"effective_date": clock.today()})
    if form.is_valid():
        given = form.cleaned_data
        try:
            contact.set_contact_hours(
                effective_date=given["effective_date"],
                channels=given["channels"],
                day_kinds=given["day_kinds"],
                division_prefix=given["division_prefix"],
                hours=given["hours"],
                source=given["source"],
                actor=staff_of(request),
                at=clock.now(),
            )
        except contact.RuleNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return _set(request, given["effective_date"])
    return _show(request, form, _("Set hours of contact"))


def _set(request: HttpRequest, day: dt.date) -> HttpResponse:
    messages.success(request, _("Set, in force from {day}.").format(day=day))
    return redirect("contact_rules")


def _show(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": _("A rule is never changed; a later one takes its place from its day on."),
        "submit": _("Set"),
        "confirm": _("It cannot be changed afterwards, only replaced by a later one. Set it?"),
        "back": reverse("contact_rules"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)
