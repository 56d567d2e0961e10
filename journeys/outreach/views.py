"""The pages of the outbox."""

import contextlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from journeys.contact import operations as addresses
from journeys.contact import queries as contact
from journeys.outreach import access, panels, queries, rules
from journeys.outreach import operations as outreach
from journeys.outreach.enums import Result
from journeys.outreach.forms import NoteForm, OriginForm, OutboxFilter, RateForm, SettleForm
from journeys.outreach.models import Message
from portal.kit import clock, parts, tables
from portal.staff.access import Scope, requires, scope_of, staff_of
from portal.staff.enums import Permission

# Kept in the ledger of consents, for readers of both languages.
_EVIDENCE = "客户点击邮件中的退订链接 (link in a mail)"
_MINUTES, _ORIGINS = 15, 12


@requires(Permission.VIEW_OUTBOX)
def outbox_page(request: HttpRequest) -> HttpResponse:
    """This will show how the outbox stands, and its messages; a wrong filter is left out."""
    form, scope = OutboxFilter(request.GET), scope_of(staff_of(request))
    form.is_valid()
    rows = queries.list_messages(scope=scope, **form.cleaned_data)
    page = tables.page_of(request, rows)
    queries.name_origins(page.rows)
    context = {
        "form": form,
        "page": page,
        "is_filtered": any(form.cleaned_data.values()),
        "may_halt": staff_of(request).may(Permission.HALT_OUTBOX),
        **_figures(scope),
        **_standing(scope),
    }
    return render(request, "journeys/outreach/outbox_page.html", context)


@requires(Permission.VIEW_OUTBOX)
@parts.part_of("outbox_page")
def outbox_figures(request: HttpRequest) -> HttpResponse:
    """This will give the figures alone, for the page that asks for them again and again."""
    context = _figures(scope_of(staff_of(request)))
    return render(request, "journeys/outreach/_figures.html", context)


@requires(Permission.VIEW_OUTBOX)
@parts.part_of("outbox_page")
def outbox_standing(request: HttpRequest) -> HttpResponse:
    """This will give what is being sent and what did not go, for the page that asks again and
    again."""
    context = _standing(scope_of(staff_of(request)))
    return render(request, "journeys/outreach/_standing.html", context)


def _figures(scope: Scope) -> dict[str, Any]:
    at = clock.now()
    counts = queries.sent_by_minute(scope=scope, at=at, minutes=_MINUTES)
    return {
        "figures": queries.figures(scope=scope, at=at),
        "picture": panels.picture_of_minutes(counts, at=at, minutes=_MINUTES),
        "rates": panels.rates_of_channels(counts, at=at),
    }


def _standing(scope: Scope) -> dict[str, Any]:
    return {
        "origins": queries.origins_at_work(scope=scope, at=clock.now(), most=_ORIGINS),
        "causes": queries.causes_of_failure(scope=scope),
    }


@requires(Permission.VIEW_OUTBOX)
def origin_page(request: HttpRequest, origin: str) -> HttpResponse:
    """This will show how the messages of an origin stand, and let them be paused, resumed and
    stopped."""
    return _show_origin(request, origin, OriginForm())


@requires(Permission.VIEW_OUTBOX)
@parts.part_of("origin_page", "origin")
def origin_standing(request: HttpRequest, origin: str) -> HttpResponse:
    """This will give how an origin stands, for the page that asks again and again."""
    return render(request, "journeys/outreach/_origin.html", _of_origin(request, origin))


@require_POST
@requires(Permission.HALT_OUTBOX)
def change_origin(request: HttpRequest, origin: str) -> HttpResponse:
    """This will pause, resume or stop an origin, or send again what was set aside of it."""
    _of_origin(request, origin)
    form, staff = OriginForm(request.POST), staff_of(request)
    if not form.is_valid():
        return _show_origin(request, origin, form, status=422)
    way, reason = form.cleaned_data["way"], form.cleaned_data["reason"]
    if way == "send_again" and not staff.may(Permission.SETTLE_OUTBOX):
        raise PermissionDenied
    ways: dict[str, Callable[..., Any]] = {
        "pause": outreach.pause_origin, "resume": outreach.resume_origin,
        "stop": outreach.stop_origin, "send_again": outreach.send_all_again,
    }  # fmt: skip
    try:
        ways[way](origin=origin, reason=reason, actor=staff, at=clock.now())
        messages.success(request, _("Done. The audit trail keeps your reason."))
    except outreach.NotHaltable as refusal:
        messages.error(request, str(refusal))
    return redirect("origin_page", origin)


def _of_origin(request: HttpRequest, origin: str) -> dict[str, Any]:
    """Messages of an origin are the whole bank's: whoever sees a part of it alone finds none."""
    staff = staff_of(request)
    scope = scope_of(staff)
    standing = queries.origin_standing(scope=scope, at=clock.now(), origin=origin)
    if standing is None or scope.branch_path:
        raise Http404
    return {
        "standing": standing,
        "causes": queries.causes_of_failure(scope=scope, origin=origin),
        "may_open": bool(standing.url) and staff.may(Permission.VIEW_CAMPAIGNS),
    }


def _show_origin(
    request: HttpRequest, origin: str, form: OriginForm, status: int = 200
) -> HttpResponse:
    staff = staff_of(request)
    context = {
        **_of_origin(request, origin),
        "form": form,
        "halts": queries.halts_of(origin),
        "may_halt": staff.may(Permission.HALT_OUTBOX),
        "may_send_again": staff.may(Permission.SETTLE_OUTBOX),
    }
    return render(request, "journeys/outreach/origin_page.html", context, status=status)


@requires(Permission.HALT_OUTBOX)
def outbox_rates(request: HttpRequest) -> HttpResponse:
    """This will show how fast the gateways may be given messages, and let a rate be set."""
    form = RateForm(request.POST or None, initial={"effective_date": clock.today()})
    if form.is_valid():
        try:
            outreach.set_sending_rate(**form.cleaned_data, actor=staff_of(request), at=clock.now())
        except outreach.RateNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The rate is set."))
            return redirect("outbox_rates")
    status = 422 if form.is_bound else 200
    context = {"form": form, "rates": queries.rates()}
    return render(request, "journeys/outreach/rates_page.html", context, status=status)


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
    queries.name_origins([message])
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


@requires(Permission.EDIT_CAMPAIGNS)
def own_addresses_page(request: HttpRequest) -> HttpResponse:
    """This will show where this person has wordings sent as tests, and take another address."""
    staff = staff_of(request)
    own = queries.own_addresses(staff.pk)
    context = {
        "lines": [(code.value, code.label, own.get(code.value)) for code in rules.OWN_CHANNELS],
        "email": staff.email,
    }
    return render(request, "journeys/outreach/own_addresses.html", context)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def own_address_ask(request: HttpRequest, channel: str) -> HttpResponse:
    """This will send a code to what this person typed as the own address."""
    return _own(request, channel, _ask_own)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def own_address_confirm(request: HttpRequest, channel: str) -> HttpResponse:
    """This will confirm the own address by its code."""
    return _own(request, channel, _confirm_own)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def own_address_end(request: HttpRequest, channel: str) -> HttpResponse:
    """This will forget the own address."""
    return _own(request, channel, _end_own)


def _own(
    request: HttpRequest, channel: str, change: Callable[[HttpRequest, str], None]
) -> HttpResponse:
    if channel not in rules.OWN_CHANNELS:
        raise Http404
    try:
        change(request, channel)
    except outreach.OwnAddressRefused as refused:
        messages.error(request, str(refused))
    return redirect("own_addresses_page")


def _ask_own(request: HttpRequest, channel: str) -> None:
    result = outreach.ask_own_address(
        channel=channel, typed=request.POST.get("address", "")[:60], actor=staff_of(request),
        at=clock.now(),
    )  # fmt: skip
    told = messages.success if result == Result.SENT else messages.warning
    told(request, outreach.words_of(result))


def _confirm_own(request: HttpRequest, channel: str) -> None:
    outreach.confirm_own_address(
        channel=channel, code=request.POST.get("code", "")[:20], actor=staff_of(request),
        at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("Confirmed: tests by this channel come to you now."))


def _end_own(request: HttpRequest, channel: str) -> None:
    outreach.end_own_address(channel=channel, actor=staff_of(request), at=clock.now())
    messages.success(request, _("Forgotten; no test goes there any more."))


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
