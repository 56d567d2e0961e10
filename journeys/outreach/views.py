"""The pages of the outbox."""

import contextlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from journeys.contact import operations as addresses
from journeys.contact import queries as contact
from journeys.outreach import access, queries
from journeys.outreach import operations as outreach
from journeys.outreach.forms import NoteForm, OutboxFilter, SettleForm
from journeys.outreach.models import Message
from portal.kit import clock, parts, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

# Kept in the ledger of consents, for readers of both languages.
_EVIDENCE = "客户点击邮件中的退订链接 (link in a mail)"


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
    context = {
        "message": message,
        "form": form,
        "may_settle": may_settle,
        "receipts": queries.receipts_of(message),
    }
    return render(request, "journeys/outreach/message_page.html", context, status=status)


@requires(Permission.VIEW_OUTBOX)
def answer_list(request: HttpRequest) -> HttpResponse:
    """This will show what people wrote back that somebody must look at, or all of it, and the
    calls of gateways that were refused."""
    scope, is_all = scope_of(staff_of(request)), request.GET.get("all") == "1"
    rows = queries.list_answers(scope=scope, is_open=not is_all)
    context = {
        "page": tables.page_of(request, rows),
        "is_all": is_all,
        "form": NoteForm(),
        "bad_calls": queries.bad_calls(at=clock.now()),
        "may_settle": staff_of(request).may(Permission.SETTLE_OUTBOX),
    }
    return render(request, "journeys/outreach/answer_list.html", context)


@require_POST
@requires(Permission.SETTLE_OUTBOX)
def answer_settle(request: HttpRequest, answer_id: int) -> HttpResponse:
    """This will note that this person looked at an answer, and what was done."""
    scope, form = scope_of(staff_of(request)), NoteForm(request.POST)
    answer = queries.answer_in(scope=scope, answer_id=answer_id)
    if answer is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Say what was done, in 2 to 200 characters."))
        return redirect("answer_list")
    try:
        outreach.settle_answer(
            answer_id=answer.pk,
            note=form.cleaned_data["note"],
            actor=staff_of(request),
            at=clock.now(),
        )
        messages.success(request, _("Done. The audit trail keeps what you wrote."))
    except outreach.AlreadySettled:
        messages.error(request, _("Somebody looked at this answer before you."))
    return redirect("answer_list")


@requires(Permission.VIEW_OUTBOX)
def bad_address_list(request: HttpRequest) -> HttpResponse:
    """This will show the mail addresses that are written to no more."""
    rows = contact.list_bad_addresses(scope=scope_of(staff_of(request)))
    context = {
        "page": tables.page_of(request, rows),
        "form": NoteForm(),
        "may_settle": staff_of(request).may(Permission.SETTLE_OUTBOX),
    }
    return render(request, "journeys/outreach/bad_address_list.html", context)


@require_POST
@requires(Permission.SETTLE_OUTBOX)
def bad_address_end(request: HttpRequest, bad_address_id: int) -> HttpResponse:
    """This will let mail go to an address again, on this person's word."""
    form = NoteForm(request.POST)
    rows = contact.list_bad_addresses(scope=scope_of(staff_of(request)))
    row = rows.filter(pk=bad_address_id).first()
    if row is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Say why, in 2 to 200 characters."))
        return redirect("bad_address_list")
    try:
        addresses.end_bad_address(
            bad_address_id=row.pk,
            reason=form.cleaned_data["note"],
            actor=staff_of(request),
            at=clock.now(),
        )
        messages.success(request, _("Mail goes to this address again."))
    except addresses.NotBad:
        messages.error(request, _("Mail goes to this address again already."))
    return redirect("bad_address_list")


@csrf_exempt
@cache_control(no_store=True)
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """This will take a consent back on the word of whoever holds the token of a mail, without
    signing in. Opening the page changes nothing: programmes that look into mail open every address
    in it. A POST does, be it of the page's button or of a mail programme (RFC 8058); the token is
    what it is believed by, so that there is no form to protect."""
    token = request.GET.get("t", "")
    context: dict[str, Any] = {"token": token, "asked": access.refusing_by(token)}
    if request.method == "POST":
        evidence = _EVIDENCE
        with contextlib.suppress(outreach.TokenNotOurs):
            outreach.take_refusal(token=token, evidence=evidence, at=clock.now())
            context["is_done"] = True
    status = 200 if context["asked"] else 404
    return render(request, "journeys/outreach/unsubscribe.html", context, status=status)
