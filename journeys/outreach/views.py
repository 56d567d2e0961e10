"""The pages of the outbox."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.outreach import operations as outreach
from journeys.outreach import queries
from journeys.outreach.forms import OutboxFilter, SettleForm
from journeys.outreach.models import Message
from portal.kit import clock, parts, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_OUTBOX)
def outbox_page(request: HttpRequest) -> HttpResponse:
    """This will show how the outbox stands, and its messages; a wrong filter is left out."""
    form, scope = OutboxFilter(request.GET), scope_of(staff_of(request))
    form.is_valid()
    rows = queries.list_messages(scope=scope, **form.cleaned_data)
    context = {
        "form": form,
        "page": tables.page_of(request, rows),
        "is_filtered": any(form.cleaned_data.values()),
        "figures": queries.figures(scope=scope, at=clock.now()),
    }
    return render(request, "journeys/outreach/outbox_page.html", context)


@requires(Permission.VIEW_OUTBOX)
@parts.part_of("outbox_page")
def outbox_figures(request: HttpRequest) -> HttpResponse:
    """This will give the figures alone, for the page that asks for them again and again."""
    figures = queries.figures(scope=scope_of(staff_of(request)), at=clock.now())
    return render(request, "journeys/outreach/_figures.html", {"figures": figures})


@requires(Permission.VIEW_OUTBOX)
def message_page(request: HttpRequest, message_id: int) -> HttpResponse:
    """This will show one message, and let it be settled where a person must."""
    message = _load(request, message_id)
    return _show(request, message, SettleForm())


@require_POST
@requires(Permission.SETTLE_OUTBOX)
def settle_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """This will settle a message in doubt or set aside, on this person's word."""
    message, form = _load(request, message_id), SettleForm(request.POST)
    if not form.is_valid():
        return _show(request, message, form, status=422)
    ways = {"mark_as_sent": outreach.mark_as_sent, "send_again": outreach.send_again}
    try:
        ways[form.cleaned_data["way"]](
            message_id=message.pk,
            actor=staff_of(request),
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        )
        messages.success(request, _("Done. The audit trail keeps your reason."))
    except outreach.NotSettleable:
        messages.error(request, _("This message changed meanwhile. Look at its state again."))
    return redirect("message_page", message.pk)


def _load(request: HttpRequest, message_id: int) -> Message:
    message = queries.message_in(scope=scope_of(staff_of(request)), message_id=message_id)
    if message is None:
        raise Http404
    return message


def _show(
    request: HttpRequest, message: Message, form: SettleForm, status: int = 200
) -> HttpResponse:
    may_settle = message.can_be_settled and staff_of(request).may(Permission.SETTLE_OUTBOX)
    context = {"message": message, "form": form, "may_settle": may_settle}
    return render(request, "journeys/outreach/message_page.html", context, status=status)
