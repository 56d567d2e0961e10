"""Pages of early warning: the inbox, an alert, and the word of whom one concerns."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.warnings import operations, panels, queries
from campaigns.warnings.forms import UPHELD, AlertFilter, DecideForm, MoveForm, WordForm
from campaigns.warnings.models import Alert
from portal.kit import clock, parts
from portal.kit.tables import page_of
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission as P


@require_safe
@requires(P.VIEW_WARNINGS)
def alert_list(request: HttpRequest) -> HttpResponse:
    """This will list the alerts that a person may see: the own ones that wait, unless others are
    asked for."""
    reader = staff_of(request)
    scope, form = scope_of(reader), AlertFilter(request.GET or None)
    page = page_of(request, queries.list_alerts(scope=scope, reader=reader, **form.asked()))
    context = {
        "form": form,
        "page": page,
        "lines": queries.lines_of(page.rows),
        "appeals": queries.waiting_appeals(scope=scope, reader=reader),
        "about_me": queries.about(reader).exists(),
        "precision": queries.precision(scope=scope, reader=reader),
        "may_export": reader.may(P.EXPORT_DATA),
    }
    return render(request, "campaigns/warnings/list.html", context)


def _load(request: HttpRequest, alert_id: int) -> Alert:
    reader = staff_of(request)
    found = queries.one_alert(scope=scope_of(reader), reader=reader, alert_id=alert_id)
    if found is None:
        raise Http404
    return found


@require_safe
@requires(P.VIEW_WARNINGS)
def alert_page(request: HttpRequest, alert_id: int) -> HttpResponse:
    """This will show an alert with what was seen, what may be done, and what was done."""
    alert = _load(request, alert_id)
    return _page(request, alert, MoveForm(open_to=panels.moves_for(alert, staff_of(request))))


def _page(request: HttpRequest, alert: Alert, form: MoveForm, status: int = 200) -> HttpResponse:
    context = panels.page_of_alert(alert, staff_of(request), clock.today())
    context |= {"form": form, "decide_form": DecideForm()}
    return render(request, "campaigns/warnings/page.html", context, status=status)


@require_POST
@requires(P.VIEW_WARNINGS)
def alert_move(request: HttpRequest, alert_id: int) -> HttpResponse:
    """This will move an alert to another state."""
    alert = _load(request, alert_id)
    form = MoveForm(request.POST, open_to=panels.moves_for(alert, staff_of(request)))
    if not form.is_valid():
        return _page(request, alert, form, status=422)
    try:
        operations.move_alert(
            alert_id=alert.pk, to=form.cleaned_data["to"], actor=staff_of(request),
            reason=form.cleaned_data["reason"], at=clock.now(),
        )  # fmt: skip
    except operations.MoveNotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("alert_page", alert.pk)


@require_POST
@requires(P.VIEW_WARNINGS)
def alert_decide(request: HttpRequest, alert_id: int) -> HttpResponse:
    """This will decide about the word of whom an alert concerns."""
    alert = _load(request, alert_id)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a decision, and give its reason."))
        return redirect("alert_page", alert.pk)
    try:
        operations.decide_appeal(
            alert_id=alert.pk, actor=staff_of(request),
            is_upheld=form.cleaned_data["verdict"] == UPHELD,
            reason=form.cleaned_data["reason"], at=clock.now(),
        )  # fmt: skip
    except operations.AppealNotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("alert_page", alert.pk)


@require_safe
@requires(P.VIEW_WARNINGS)
@parts.part_of("campaign_page", "code")
def campaign_alerts(request: HttpRequest, code: str) -> HttpResponse:
    """This will tell on a campaign's page how many warnings about it wait."""
    reader = staff_of(request)
    rows = queries.alerts_of_campaign(code=code, scope=scope_of(reader), reader=reader)
    context: dict[str, Any] = {"code": code, "alerts": list(rows[: panels.MOST])}
    return render(request, "campaigns/warnings/_campaign.html", context)


@require_safe
@requires(P.VIEW_HOME)
def alerts_about_me(request: HttpRequest) -> HttpResponse:
    """This will show a person the confirmed warnings about him, and what he said to them."""
    page = page_of(request, queries.about(staff_of(request)))
    context = {"page": page, "lines": panels.own_lines(page.rows)}
    return render(request, "campaigns/warnings/about_me.html", context)


@require_POST
@requires(P.VIEW_HOME)
def alert_word(request: HttpRequest, alert_id: int) -> HttpResponse:
    """This will keep what a person says to a warning about him."""
    reader = staff_of(request)
    if not queries.about(reader).filter(pk=alert_id).exists():
        raise Http404
    form = WordForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in your own words what is wrong about it."))
        return redirect("alerts_about_me")
    try:
        operations.say_word(
            alert_id=alert_id, actor=reader, words=form.cleaned_data["words"], at=clock.now()
        )
    except operations.AppealNotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("alerts_about_me")
