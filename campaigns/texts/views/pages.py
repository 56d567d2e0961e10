"""The list of message texts, the page of one, one that was not approved yet, and a withdrawal."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.texts import operations, queries, rules
from campaigns.texts.forms import TextFilter, WithdrawForm
from campaigns.texts.views.shared import text_found
from journeys.outreach import operations as outreach
from journeys.outreach import queries as outbox
from portal.kit import clock
from portal.kit.tables import page_of
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def text_list(request: HttpRequest) -> HttpResponse:
    """This will list the message texts, each in its latest version, with what it tells, and the
    wordings that wait for approval or came back; a filter that is wrong is left out."""
    form = TextFilter(request.GET)
    form.is_valid()
    page = page_of(request, queries.texts(**form.asked))
    context = {
        "page": page,
        "form": form,
        "is_filtered": bool(form.asked),
        "lines": [(text, queries.result_of(text)) for text in page.rows],
        "on_their_way": queries.all_on_their_way(),
        "may_write": staff_of(request).may(Permission.EDIT_CAMPAIGNS),
    }
    return render(request, "campaigns/texts/list.html", context)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def text_page(request: HttpRequest, text_id: int) -> HttpResponse:
    """This will show a wording, what was found in it, who sends it, and its other versions."""
    text, person = text_found(text_id), staff_of(request)
    versions, key = queries.versions_of(text), rules.key_of(text)
    examined = queries.examine(key, subject=text.subject, body=text.body, on=clock.today())
    context = {
        "text": text,
        "way": queries.on_its_way(key),
        "may_see_approvals": person.may(Permission.VIEW_APPROVALS),
        "versions": versions,
        "is_latest": versions[0].text.pk == text.pk,
        "examined": examined,
        "may_write": person.may(Permission.EDIT_CAMPAIGNS),
        "may_withdraw": person.may(Permission.WITHDRAW_TEXTS) and not text.is_withdrawn,
        **_use_of(text, person),
    }
    return render(request, "campaigns/texts/page.html", context)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def text_of(request: HttpRequest, key: str) -> HttpResponse:
    """This will show the latest version of a text; where none was ever approved, the wording that
    is on its way."""
    asked = rules.read_key(key)
    if asked is None:
        raise Http404
    latest = queries.find_by_key(asked)
    if latest is not None:
        return redirect("text_page", latest.pk)
    way = queries.on_its_way(asked)
    if way is None:
        raise Http404
    person = staff_of(request)
    context = {
        "key": asked,
        "way": way,
        "is_waiting": queries.is_waiting(way),
        "may_write": person.may(Permission.EDIT_CAMPAIGNS),
        "may_see_approvals": person.may(Permission.VIEW_APPROVALS),
    }
    return render(request, "campaigns/texts/coming.html", context)


def _use_of(text: Any, person: Staff) -> dict[str, Any]:
    """Which versions send a wording or which result it tells, and how many messages wait with
    it."""
    return {
        "result": queries.result_of(text),
        "may_see_results": person.may(Permission.VIEW_CUSTOMERS),
        "used_by": queries.approved_with(text.pk),
        "waiting": outbox.count_waiting(text.pk),
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.WITHDRAW_TEXTS)
def text_withdraw(request: HttpRequest, text_id: int) -> HttpResponse:
    """This will say what the withdrawal of a wording does, ask for a reason, and withdraw it."""
    text = text_found(text_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            called_off = operations.withdraw_text(
                text_id=text_id, **form.cleaned_data, actor=staff_of(request), at=clock.now()
            )
        except outreach.TextNotWithdrawable as refused:
            messages.error(request, str(refused))
        else:
            sentence = _("Withdrawn. Messages that waited with it and were cancelled: {count}")
            messages.success(request, sentence.format(count=called_off))
        return redirect("text_page", text_id)
    context = {"text": text, "form": form, **_use_of(text, staff_of(request))}
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/texts/withdraw.html", context, status=status)
