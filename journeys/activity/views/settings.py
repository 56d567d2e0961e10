"""What figures of activity mean, and the limit of sleeping cards."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.activity import operations, queries
from journeys.activity.forms import DefinitionForm, SleepRuleForm
from journeys.contact import queries as contact
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_STAGES)
def activity_rules(request: HttpRequest) -> HttpResponse:
    """This will show all versions of the definitions and limits, with their days and sources."""
    on = clock.today()
    context = {
        "definitions": contact.dated(queries.definitions(), lambda row: row.code, on),
        "limits": contact.dated(queries.sleep_rules(), lambda _row: (), on),
        "usual": queries.limits_of(None),
        "may_edit": staff_of(request).may(Permission.KEEP_ACTIVITY),
    }
    return render(request, "journeys/activity/activity_rules.html", context)


@requires(Permission.KEEP_ACTIVITY)
def active_definition_new(request: HttpRequest) -> HttpResponse:
    """This will add a version of a definition from a day on."""
    form = DefinitionForm(request.POST or None, initial={"effective_date": clock.today()})
    if form.is_valid():
        try:
            row = operations.set_definition(
                actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.SettingNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return _set(request, row.effective_date)
    return _form_page(request, form, _("Define active cards"), _("A definition is never changed; a "
        "later one of the same code takes its place from its day on. Figures say by which version "
        "they were counted."))  # fmt: skip


@requires(Permission.KEEP_ACTIVITY)
def sleep_rule_new(request: HttpRequest) -> HttpResponse:
    """This will set the limit of sleeping cards from a day on."""
    form = SleepRuleForm(request.POST or None, initial={"effective_date": clock.today()})
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = operations.set_sleep_rule(
                effective_date=given["effective_date"], limits=form.limits,
                source=given["source"], actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.SettingNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return _set(request, row.effective_date)
    return _form_page(request, form, _("Set the limit of sleeping cards"),
        _("A rule is never changed; a later one takes its place from its day on."))  # fmt: skip


def _set(request: HttpRequest, day: Any) -> HttpResponse:
    messages.success(request, _("Set, in force from {day}.").format(day=day))
    return redirect("activity_rules")


def _form_page(request: HttpRequest, form: forms.Form, title: str, lead: str) -> HttpResponse:
    context = {
        "form": form, "title": title, "lead": lead, "submit": _("Set"),
        "confirm": _("It cannot be changed afterwards, only replaced by a later one. Set it?"),
        "back": reverse("activity_rules"),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)
