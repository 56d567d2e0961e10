"""Questions about what was submitted and decided."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from portal.approvals import rules
from portal.approvals.enums import SubmissionState, Verdict
from portal.approvals.models import (
    ApprovalLevel,
    Submission,
    SubmissionAuthor,
    SubmissionDecision,
)
from portal.kit.registry import registry
from portal.staff import queries as people
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Role
from portal.staff.models import Staff
from portal.staff.rules import roles_that_may

MOST_NAMED = 5


def submissions(*, scope: Scope) -> QuerySet[Submission]:
    """This will return the submissions made within the scope with the number of those who approved
    (`approved`), the newest first."""
    return _with_approvals(Submission.objects.filter(scope.branches("maker__branch")))


def _with_approvals(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    decisions = SubmissionDecision.objects.select_related("checker__branch").order_by("at", "id")
    co_authors = SubmissionAuthor.objects.select_related("staff").order_by("id")
    return (
        rows.select_related("maker__branch", "author")
        .prefetch_related(Prefetch("decisions", decisions), Prefetch("co_authors", co_authors))
        .annotate(approved=Count("decisions", filter=Q(decisions__verdict=Verdict.APPROVE)))
        .order_by("-submitted_at", "-id")
    )


def latest_about(*, kind: str, target_keys: Sequence[str]) -> dict[str, Submission]:
    """This will return the latest submission of each of these things that was ever submitted, by
    its key, with the number of those who approved (`approved`)."""
    rows = Submission.objects.filter(kind=kind, target_key__in=target_keys)
    latest = rows.order_by("target_key", "-id").distinct("target_key").values("id")
    return {
        row.target_key: row for row in _with_approvals(Submission.objects.filter(pk__in=latest))
    }


def history_of(*, kind: str, target_key: str) -> QuerySet[Submission]:
    """This will return all submissions of a thing with their decisions, the newest first."""
    return _with_approvals(Submission.objects.filter(kind=kind, target_key=target_key))


def not_settled(*, kind: str) -> QuerySet[Submission]:
    """This will list what was submitted last of each thing of a kind and waits for approval, or
    came back and was not submitted again; the newest first."""
    rows = Submission.objects.filter(kind=kind)
    latest = rows.order_by("target_key", "-id").distinct("target_key").values("id")
    back = [SubmissionState.PENDING, SubmissionState.RETURNED, SubmissionState.VOIDED]
    return _with_approvals(Submission.objects.filter(pk__in=latest, state__in=back))


def approved_snapshot(*, kind: str, target_key: str) -> Mapping[str, object] | None:
    """This will return what was approved of a thing; None where no approval is in force."""
    return _snapshot(kind, target_key, SubmissionState.APPROVED)


def pending_snapshot(*, kind: str, target_key: str) -> Mapping[str, object] | None:
    """This will return what waits for approval of a thing; None where nothing does."""
    return _snapshot(kind, target_key, SubmissionState.PENDING)


def last_snapshot(*, kind: str, target_key: str) -> Mapping[str, object] | None:
    """This will return what was submitted last of a thing, however it was decided; None where
    nothing ever was."""
    return _latest_of(Submission.objects.filter(kind=kind, target_key=target_key))


def _snapshot(kind: str, target_key: str, state: str) -> Mapping[str, object] | None:
    return _latest_of(Submission.objects.filter(kind=kind, target_key=target_key, state=state))


def _latest_of(rows: QuerySet[Submission]) -> Mapping[str, object] | None:
    return rows.order_by("-id").values_list("snapshot", flat=True).first()


@dataclass(frozen=True)
class Missing:
    """How many people still have to approve a submission, of how many (`needed`), which roles they
    may have, and who they can be: the first few of `possible`. Where these are too few, it can
    never be approved. `approved` have approved it and still might; `lost` did, and might not any
    more, so that they count no longer."""

    count: int
    needed: int
    roles: list[str]
    people: list[Staff]
    possible: int
    approved: int
    lost: list[Staff]

    @property
    def is_hopeless(self) -> bool:
        return self.possible < self.count

    @property
    def others(self) -> int:
        """How many there are besides those who are named."""
        return self.possible - len(self.people)


def missing_of(rows: Iterable[Submission], *, on: dt.date) -> dict[int, Missing]:
    """This will tell for those of `rows` (from the lists here) that wait who still has to approve
    on a day, by the submission's id."""
    waiting = [
        (row, registry.approval_kinds[row.kind].permission)
        for row in rows
        if row.state == SubmissionState.PENDING and row.kind in registry.approval_kinds
    ]
    roles = {permission: roles_that_may(permission) for _row, permission in waiting}
    asked = sorted({role for named in roles.values() for role in named})
    known = people.active_in_roles(asked) if asked else []
    needed = needed_on([row for row, _permission in waiting], on=on)
    return {
        row.pk: _missing(row, roles[permission], known, needed[row.pk])
        for row, permission in waiting
    }


def _missing(row: Submission, roles: list[str], known: list[Staff], needed: int) -> Missing:
    decisions = list(row.decisions.all())
    decided = {decision.checker_id for decision in decisions}
    can = [
        one
        for one in known
        if one.role in roles
        and one.pk not in decided
        and not row.is_own_of(one)
        and scope_of(one).reaches(row.maker.branch)
    ]
    approvals = [one for one in decisions if one.verdict == Verdict.APPROVE]
    lost = [one.checker for one in approvals if not stands(one, row)]
    approved = len(approvals) - len(lost)
    # Levels that fell again, or somebody who came back, may leave nobody missing: one more approval
    # settles it then.
    count = max(1, needed - approved)
    labels = [str(Role(role).label) for role in roles]
    return Missing(count, needed, labels, can[:MOST_NAMED], len(can), approved, lost)


def stands(decision: SubmissionDecision, row: Submission) -> bool:
    """This will tell whether an approval of what waits counts: only as long as who gave it is at
    work, in a role that may approve it, and of a branch that reaches its maker's."""
    kind, checker = registry.approval_kinds.get(row.kind), decision.checker
    return (
        kind is not None
        and decision.verdict == Verdict.APPROVE
        and checker.may(kind.permission)
        and scope_of(checker).reaches(row.maker.branch)
    )


def standing_approvals(row: Submission) -> int:
    """This will count those who approved what waits and whose approval counts."""
    return sum(stands(one, row) for one in row.decisions.select_related("checker__branch"))


def needed_on(rows: Sequence[Submission], *, on: dt.date) -> dict[int, int]:
    """This will tell how many people must approve each of `rows` on a day, by the submission's id:
    as many as it was submitted to, or more, where the levels of the day ask for more."""
    levels: dict[str, list[ApprovalLevel]] = {}
    found = {}
    for row in rows:
        kind = registry.approval_kinds.get(row.kind)
        asked = 1
        if kind is not None and kind.measured is not None:
            if row.kind not in levels:
                levels[row.kind] = _levels_if_any(row.kind, on)
            asked = needed_by(levels[row.kind], kind.measured(row.snapshot))
        found[row.pk] = max(row.approvals_needed, asked)
    return found


def _levels_if_any(kind: str, on: dt.date) -> list[ApprovalLevel]:
    try:
        return levels_on(kind=kind, on=on)
    except LevelsMissing:
        return []


class LevelsMissing(Exception):
    """Raised where a kind of thing is measured and no levels of approval are in force."""


def levels_on(*, kind: str, on: dt.date) -> list[ApprovalLevel]:
    """This will list the levels of approval of a kind of thing that are in force on a day. Raises
    LevelsMissing."""
    levels = ApprovalLevel.objects.filter(kind=kind, effective_date__lte=on)
    day = levels.aggregate(latest=Max("effective_date"))["latest"]
    if day is None:
        raise LevelsMissing(kind)
    return list(levels.filter(effective_date=day))


def needed_by(levels: Sequence[ApprovalLevel], measured: Mapping[str, Decimal]) -> int:
    """This will return how many approvals a thing needs by levels that measures so much. What was
    not measured counts as without bounds."""
    asked = [
        level.approvals
        for level in levels
        if measured.get(level.measure, rules.BOUNDLESS) >= level.at_least
    ]
    return max(asked, default=1)


def approvals_for(*, kind: str, measured: Mapping[str, Decimal], on: dt.date) -> int:
    """This will return how many approvals a thing needs that measures so much, by the levels in
    force on a day. Raises LevelsMissing."""
    return needed_by(levels_on(kind=kind, on=on), measured)


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
        .exclude(author=staff)
        .exclude(pk__in=SubmissionAuthor.objects.filter(staff=staff).values("submission"))
        .exclude(pk__in=SubmissionDecision.objects.filter(checker=staff).values("submission"))
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
        and _may(staff, submission, kind.permission)
        and submission.state == SubmissionState.PENDING
        and not submission.decisions.filter(checker=staff).exists()
    )


def may_veto(staff: Staff, submission: Submission) -> bool:
    """This will tell whether `staff` may end the submission for good now."""
    kind = registry.approval_kinds.get(submission.kind)
    return (
        kind is not None
        and _may(staff, submission, kind.veto_permission, to_veto=True)
        and submission.state in {SubmissionState.PENDING, SubmissionState.APPROVED}
    )


def _may(
    staff: Staff, submission: Submission, permission: str, *, to_veto: bool = False
) -> bool:  # fmt: skip
    may = bool(permission) and staff.may(permission)
    return may and not submission.is_own_of(staff, to_veto=to_veto)
