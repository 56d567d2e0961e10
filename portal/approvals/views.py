"""The inbox of submissions, and the page of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.approvals import forms, operations, queries, rules
from portal.approvals.enums import SubmissionState, Verdict
from portal.approvals.models import Submission
from portal.kit import clock
from portal.kit.registry import registry
from portal.kit.tables import page_of
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_APPROVALS)
def inbox(request: HttpRequest) -> HttpResponse:
    """This will list what waits for the person, what the person made, or what is decided."""
    staff = staff_of(request)
    scope = scope_of(staff)
    rows = {
        "waiting": queries.waiting_for(staff, scope=scope),
        "mine": queries.made_by(staff, scope=scope),
        "decided": queries.closed(scope=scope),
    }
    default = "waiting" if queries.kinds_for(staff) else "mine"
    shown = request.GET.get("show", default)
    shown = shown if shown in rows else default
    page = page_of(request, rows[shown])
    missing = queries.missing_of(page.rows, on=clock.today())
    lines = [
        (row, (found := missing.get(row.pk)), _needed(row, found), _approved(row, found))
        for row in page.rows
    ]
    context = {"page": page, "lines": lines, "shown": shown}
    return render(request, "portal/approvals/list.html", context)


@requires(Permission.VIEW_APPROVALS)
def submission_page(request: HttpRequest, submission_id: int) -> HttpResponse:
    """This will show a submission with its snapshot, its history and what may be done."""
    return _show(request, _load(request, submission_id), {})


@require_POST
@requires(Permission.VIEW_APPROVALS)
def decide(request: HttpRequest, submission_id: int, verdict: str) -> HttpResponse:
    """This will approve, return or veto the submission."""
    submission = _load(request, submission_id)
    form = forms.FORMS[verdict](request.POST)
    if not form.is_valid():
        return _show(request, submission, {f"{verdict}_form": form}, status=422)
    try:
        operations.decide(
            submission_id=submission.pk,
            checker=staff_of(request),
            verdict=verdict,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        )
        messages.success(request, _("Your decision is recorded."))
    except operations.ChangedSince as changed:
        sentence = _("It is no longer what was submitted, so it is void and went back.")
        messages.error(request, f"{sentence} {changed}")
    except operations.NotReady as lacking:
        sentence = _("Not approved; it waits on.")
        messages.error(request, f"{sentence} {lacking}")
    except operations.NotPending:
        messages.warning(request, _("Somebody was faster: this is no longer open."))
    except operations.NotAllowed as refused:
        raise PermissionDenied from refused
    return redirect("approval_page", submission.pk)


@require_POST
@requires(Permission.VIEW_APPROVALS)
def withdraw(request: HttpRequest, submission_id: int) -> HttpResponse:
    """This will take the submission back for the one who made it."""
    submission = _load(request, submission_id)
    try:
        operations.withdraw(submission_id=submission.pk, maker=staff_of(request), at=clock.now())
        messages.success(request, _("The submission is withdrawn."))
    except operations.NotPending:
        messages.warning(request, _("Somebody was faster: this is no longer open."))
    except operations.NotAllowed as refused:
        raise PermissionDenied from refused
    return redirect("approval_page", submission.pk)


def _load(request: HttpRequest, submission_id: int) -> Submission:
    scope = scope_of(staff_of(request))
    return get_object_or_404(queries.submissions(scope=scope), pk=submission_id)


def _show(
    request: HttpRequest, submission: Submission, bound: dict[str, Any], status: int = 200
) -> HttpResponse:
    staff = staff_of(request)
    kind = registry.approval_kinds.get(submission.kind)
    is_open = submission.state == SubmissionState.PENDING
    decisions = queries.decisions_of(submission)
    missing = queries.missing_of([submission], on=clock.today()).get(submission.pk)
    evidence = None
    if kind and kind.evidence:
        evidence = kind.evidence(request, submission.target_key, submission.snapshot)
    context = {
        "submission": submission,
        "missing": missing,
        "needed": _needed(submission, missing),
        "evidence": evidence,
        "evidence_template": kind.evidence_template if kind and evidence else "",
        "approved": _approved(submission, missing),
        "kind": kind,
        "target_url": _target_url(submission),
        "digest": kind.digest(submission.snapshot) if kind and kind.digest else None,
        "lines": rules.readable(submission.snapshot),
        "decisions": decisions,
        "may_decide": queries.may_decide(staff, submission),
        "is_own": submission.is_own_of(staff),
        "has_excused": staff in submission.excusers,
        "is_maker": submission.maker_id == staff.pk,
        "is_open": is_open,
        "may_veto": queries.may_veto(staff, submission),
        "approve_form": forms.ApproveForm(),
        "return_form": forms.ReturnForm(),
        "veto_form": forms.VetoForm(),
        **bound,
    }
    return render(request, "portal/approvals/page.html", context, status=status)


def _needed(submission: Submission, missing: queries.Missing | None) -> int:
    """How many people must approve what waits now; else how many had to when it was submitted."""
    return missing.needed if missing else submission.approvals_needed


def _approved(submission: Submission, missing: queries.Missing | None) -> int:
    """How many approvals count of what waits; else how many there are."""
    if missing:
        return missing.approved
    return sum(one.verdict == Verdict.APPROVE for one in submission.decisions.all())


def _target_url(submission: Submission) -> str:
    """The page of the thing itself; "" where its app has none or is not installed."""
    kind = registry.approval_kinds.get(submission.kind)
    try:
        return reverse(kind.url_name, args=[submission.target_key]) if kind else ""
    except NoReverseMatch:
        return ""
