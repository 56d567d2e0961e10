"""What is done with a version on its way to approval: a dry run of it, and its submission; and the
pages of the message texts that are approved with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.planning import operations as planning
from campaigns.planning import queries as plans
from campaigns.planning.models import CampaignVersion
from campaigns.submission import operations, queries, rules
from campaigns.submission.forms import TextForm, WithdrawForm
from journeys.notices import operations as notices
from journeys.notices import rules as notices_rules
from journeys.outreach import operations as outreach
from journeys.outreach import queries as outbox
from portal.kit import clock
from portal.kit.tables import page_of
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _version(version_id: int) -> CampaignVersion:
    try:
        return plans.version(version_id)
    except CampaignVersion.DoesNotExist as missing:
        raise Http404 from missing


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will ask for a version's approval."""
    _version(version_id)
    try:
        operations.submit_version(version_id=version_id, maker=staff_of(request), at=clock.now())
    except (planning.VersionNotSubmittable, operations.NotReady) as refused:
        messages.error(request, str(refused))
    except operations.PlanNotFit as unfit:
        sentence = _("Not submitted: what has to be mended first: {count}. It is listed below.")
        messages.error(request, sentence.format(count=len(unfit.faults)))
    else:
        messages.success(request, _("Submitted; somebody else decides now."))
    return redirect("campaign_version", version_id)


@require_POST
@requires(Permission.RUN_CAMPAIGNS)
def dry_run(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will start a dry run of a version as of today."""
    _version(version_id)
    run = operations.start_dry_run(version_id=version_id, by=staff_of(request), at=clock.now())
    return redirect("run_page", run.pk)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def breaking(request: HttpRequest) -> HttpResponse:
    """This will list the campaigns that may run and break a rule that changed since."""
    context = {"found": queries.breaking(on=clock.today())}
    return render(request, "campaigns/submission/breaking.html", context)


# --- message texts -----------------------------------------------------------------------------
@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def text_list(request: HttpRequest) -> HttpResponse:
    """This will list the message texts, each in its latest version, with what it tells."""
    page = page_of(request, queries.texts())
    lines = [(text, queries.result_of(text)) for text in page.rows]
    context = {"page": page, "lines": lines}
    return render(request, "campaigns/submission/text_list.html", context)


def _text(text_id: int) -> Any:
    found = queries.find_text(text_id)
    if found is None:
        raise Http404
    return found


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def text_page(request: HttpRequest, text_id: int) -> HttpResponse:
    """This will show a wording, what was found in it, who sends it, and its other versions."""
    text, person = _text(text_id), staff_of(request)
    versions = queries.versions_of(text)
    result = queries.result_of(text)
    context = {
        "text": text,
        "pending": queries.wording_that_waits(text) if result else None,
        "may_see_approvals": person.may(Permission.VIEW_APPROVALS),
        "versions": versions,
        "is_latest": versions[0].text.pk == text.pk,
        "findings": queries.findings_in(text, on=clock.today()),
        "may_write": person.may(Permission.EDIT_CAMPAIGNS),
        "may_withdraw": person.may(Permission.WITHDRAW_TEXTS) and not text.is_withdrawn,
        **_use_of(text, staff_of(request)),
    }
    return render(request, "campaigns/submission/text_page.html", context)


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
    text = _text(text_id)
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
    return render(request, "campaigns/submission/text_withdraw.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def text_new(request: HttpRequest, text_id: int) -> HttpResponse:
    """This will write the next version of a text, beginning with the words of one it had; that of
    a result is put before another person."""
    text = _text(text_id)
    result = queries.result_of(text)
    form = TextForm(
        request.POST or None,
        has_subject=text.subject != "",
        variables=notices_rules.VARIABLES if result else rules.VARIABLES,
        initial={"subject": text.subject, "body": text.body},
    )
    if request.method == "POST" and form.is_valid():
        words = {"subject": "", **form.cleaned_data}
        write = _propose if result else _write
        try:
            return redirect("text_page", write(request, text_id, words))
        except (operations.TextNotWritable, notices.WordingRefused) as refused:
            form.add_error("body", str(refused))
    status = 422 if request.method == "POST" else 200
    context = {"text": text, "form": form, "result": result}
    return render(request, "campaigns/submission/text_new.html", context, status=status)


def _write(request: HttpRequest, text_id: int, words: dict[str, str]) -> int:
    written = operations.write_text(
        text_id=text_id, **words, actor=staff_of(request), at=clock.now()
    )
    sentence = _("Written as version {number}. It goes out with what is approved from now.")
    messages.success(request, sentence.format(number=written.version))
    return int(written.pk)


def _propose(request: HttpRequest, text_id: int, words: dict[str, str]) -> int:
    notices.propose_wording(text_id=text_id, **words, maker=staff_of(request), at=clock.now())
    messages.success(request, _("Submitted; it is sent once somebody else has approved it."))
    return text_id
