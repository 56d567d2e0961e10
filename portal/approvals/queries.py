"""Questions about what was submitted and decided."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Max, QuerySet

from portal.approvals import rules
from portal.approvals.enums import SubmissionState
from portal.approvals.models import ApprovalLevel, Submission, SubmissionDecision
from portal.kit.registry import registry
from portal.staff.access import Scope
from portal.staff.models import Staff


def submissions(*, scope: Scope) -> QuerySet[Submission]:
    """This will return the submissions made within the scope, the newest first."""
    return (
        Submission.objects.filter(scope.branches("maker__branch"))
        .select_related("maker")
        .order_by("-submitted_at", "-id")
    )


class LevelsMissing(Exception):
    """Raised where a kind of thing is measured and no levels of approval are in force."""


def approvals_for(*, kind: str, measured: Mapping[str, Decimal], on: dt.date) -> int:
    """This will return how many approvals a thing needs that measures so much, by the levels in
    force on a day. What was not measured counts as without bounds. Raises LevelsMissing."""
    levels = ApprovalLevel.objects.filter(kind=kind, effective_date__lte=on)
    day = levels.aggregate(latest=Max("effective_date"))["latest"]
    if day is None:
        raise LevelsMissing(kind)
    in_force = levels.filter(effective_date=day)
    asked = [
        level.approvals
        for level in in_force
        if measured.get(level.measure, rules.BOUNDLESS) >= level.at_least
    ]
    return max(asked, default=1)


def kinds_for(staff: Staff) -> list[str]:
    """This will return the codes of the kinds of submission that the person's role may decide."""
    return [kind.code for kind in registry.approval_kinds.values() if staff.may(kind.permission)]


def waiting_for(staff: Staff, *, scope: Scope) -> QuerySet[Submission]:
    """This will return what `staff` may decide now, the oldest first: of a kind that the role
    may approve, not the own work, not yet decided by the same person."""
    return (
        submissions(scope=scope)
        .filter(state=SubmissionState.PENDING, kind__in=kinds_for(staff))
        .exclude(maker=staff)
        .exclude(decisions__checker=staff)
        .order_by("submitted_at", "id")
    )


def made_by(staff: Staff, *, scope: Scope) -> QuerySet[Submission]:
    """This will return what `staff` submitted, the newest first."""
    return submissions(scope=scope).filter(maker=staff)


def closed(*, scope: Scope) -> QuerySet[Submission]:
    """This will return what was decided, withdrawn or void, the latest first."""
    return (
        submissions(scope=scope)
        .exclude(state=SubmissionState.PENDING)
        .order_by("-closed_at", "-id")
    )


def decisions_of(submission: Submission) -> QuerySet[SubmissionDecision]:
    """This will return what checkers decided about a submission, in order."""
    return submission.decisions.select_related("checker").order_by("at", "id")


def may_decide(staff: Staff, submission: Submission) -> bool:
    """This will tell whether `staff` may approve or return the submission now."""
    kind = registry.approval_kinds.get(submission.kind)
    return kind is not None and _may(staff, submission, kind.permission)


def may_veto(staff: Staff, submission: Submission) -> bool:
    """This will tell whether `staff` may end the submission for good now."""
    kind = registry.approval_kinds.get(submission.kind)
    return kind is not None and _may(staff, submission, kind.veto_permission)


def _may(staff: Staff, submission: Submission, permission: str) -> bool:
    return (
        bool(permission)
        and submission.state == SubmissionState.PENDING
        and submission.maker_id != staff.pk
        and staff.may(permission)
        and not submission.decisions.filter(checker=staff).exists()
    )
