"""Questions about what was submitted and decided."""

from django.db.models import QuerySet

from portal.approvals.enums import SubmissionState
from portal.approvals.models import Submission, SubmissionDecision
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
    return (
        kind is not None
        and submission.state == SubmissionState.PENDING
        and submission.maker_id != staff.pk
        and staff.may(kind.permission)
        and not submission.decisions.filter(checker=staff).exists()
    )
