"""What is read and by which form, as compliance sets it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from journeys.telemarketing import operations, queries
from journeys.telemarketing.forms import CriteriaForm, QualityPolicyForm
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.DECIDE_CALLS)
def quality_rules(request: HttpRequest) -> HttpResponse:
    """This will set how many calls of each branch's day are read."""
    on = clock.today()
    now = queries.quality_policy_on(on)
    names = operations.QualityFacts.__dataclass_fields__
    start = {name: getattr(now, name) for name in names} if now else {}
    form = QualityPolicyForm(request.POST or None, initial={**start, "effective_date": on})
    if form.is_valid():
        try:
            operations.set_quality_policy(
                facts=form.facts, effective_date=form.cleaned_data["effective_date"],
                source=form.cleaned_data["source"], actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.LeadRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("quality_rules")
    hint = _("What is drawn already stays as it is. In force now, from {day}: {source}").format(
        day=now.effective_date if now else "–", source=now.source if now else "–"
    )
    return _page(request, form, _("How many calls are read"), hint)


@requires(Permission.DECIDE_CALLS)
def quality_form(request: HttpRequest) -> HttpResponse:
    """This will set the form by which calls are read."""
    on = clock.today()
    now = queries.quality_form_on(on)
    start = {"effective_date": on, "criteria": CriteriaForm.written(now.criteria if now else [])}
    form = CriteriaForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            operations.set_quality_form(
                criteria=form.cleaned_data["criteria"], actor=staff_of(request), at=clock.now(),
                effective_date=form.cleaned_data["effective_date"],
                source=form.cleaned_data["source"],
            )  # fmt: skip
        except operations.LeadRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("quality_form")
    hint = _("Calls made from that day on are read by it; earlier ones by the form of their day.")
    return _page(request, form, _("Form of calls that are read"), hint)


def _page(request: HttpRequest, form: Any, title: str, hint: str) -> HttpResponse:
    context = {"form": form, "title": title, "hint": hint}
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/telemarketing/quality_rules.html", context, status=status)
