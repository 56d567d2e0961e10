"""Maker and checker: submit, decide, withdraw. Nobody checks the own work, whatever the role."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.approvals import queries, rules
from portal.approvals.enums import Part, SubmissionState, Verdict
from portal.approvals.models import (
    ApprovalLevel,
    Submission,
    SubmissionAuthor,
    SubmissionDecision,
)
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.kit.registry import ApprovalKind, registry
from portal.staff.access import scope_of
from portal.staff.models import Staff

_ACTIONS = {
    Verdict.APPROVE: "approval.approved",
    Verdict.RETURN: "approval.returned",
    Verdict.VETO: "approval.vetoed",
}


class UnknownKind(Exception):
    """Raised where no app registered the kind of submission."""


class AlreadyPending(Exception):
    """Raised where the same thing already waits for approval."""


class NotPending(Exception):
    """Raised where the submission was decided, withdrawn or voided before."""


class NotAllowed(Exception):
    """Raised where the person's role may not decide, or not withdraw, this submission."""


class OwnWork(NotAllowed):
    """Raised where the maker, or one of the authors of what another person submitted, would check
    the own work."""


class AlreadyDecided(NotAllowed):
    """Raised where a checker decides the same submission a second time."""


class ReasonMissing(Exception):
    """Raised where something is returned or vetoed without a reason."""


class NotReady(Exception):
    """Raised where something cannot be approved yet though nothing moved; it waits on. Its text is
    a sentence for a person."""


class ChangedSince(Exception):
    """Raised where the thing differs from what was submitted; the submission is then void. Its
    text says what is different."""


def submit(
    *,
    kind: str,
    target_key: str,
    title: str,
    summary: str,
    snapshot: dict[str, Any],
    maker: Staff,
    at: dt.datetime,
    approvals_needed: int = 1,
    author: Staff | None = None,
    co_authors: Sequence[Staff] = (),
    excused: Sequence[Staff] = (),
    title_en: str = "",
) -> Submission:
    """This will put a snapshot before other people, bound to its fingerprint, under a title, in
    English `title_en` where it has a name in that. `author` wrote the
    thing, where that may be another person than its maker, and `co_authors` wrote in it: none of
    them may decide. Who made an exception of a word in it (`excused`) may veto it and no more.

    Raises UnknownKind, AlreadyPending.
    """
    _kind(kind)
    with transaction.atomic():
        try:
            with transaction.atomic():
                submission = Submission.objects.create(
                    kind=kind,
                    target_key=target_key,
                    title=title,
                    title_en=title_en,
                    summary=summary,
                    snapshot=snapshot,
                    snapshot_hash=rules.snapshot_hash(snapshot),
                    maker=maker,
                    author=author,
                    submitted_at=at,
                    approvals_needed=approvals_needed,
                )
        except IntegrityError as refused:
            if "submission_one_pending" not in str(refused):
                raise
            raise AlreadyPending(f"{kind} {target_key}") from refused
        _note_submitted(submission, co_authors, excused)
        return submission


def _note_submitted(
    submission: Submission, co_authors: Sequence[Staff], excused: Sequence[Staff]
) -> None:
    parts = {one.pk: Part.EXCUSED for one in excused} | {one.pk: Part.WROTE for one in co_authors}
    SubmissionAuthor.objects.bulk_create(
        SubmissionAuthor(submission=submission, staff_id=pk, part=part)
        for pk, part in parts.items()
        if pk not in (submission.author_id, submission.maker_id)
    )
    audit.record(
        action="approval.submitted",
        actor=submission.maker,
        at=submission.submitted_at,
        target=submission,
        changes={
            "kind": submission.kind,
            "key": submission.target_key,
            "hash": submission.snapshot_hash,
            "approvals_needed": submission.approvals_needed,
            "co_authors": [one.username for one in co_authors],
            "excused": [one.username for one in excused],
        },
    )


def decide(
    *, submission_id: int, checker: Staff, verdict: str, reason: str, at: dt.datetime
) -> Submission:
    """This will approve or return a submission, and tell its owner when that settles it.

    A thing that no longer is what was submitted is never approved: the submission becomes void,
    and stays void although ChangedSince is raised; the reason of a return stays with it. What its
    kind says is not ready is not approved either, and waits on. Of those who approved before count
    who may still approve it as the last one does. A veto ends the submission for
    good, also after it was approved, and is for those who hold the kind's permission of it, also
    where they had approved before.
    Raises NotPending, OwnWork, NotAllowed, AlreadyDecided, ReasonMissing, ChangedSince,
    NotReady.
    """
    with transaction.atomic():
        submission = _locked(submission_id, _OPEN_TO.get(verdict, _OPEN))
        kind = _kind(submission.kind)
        checker = _held(submission, checker)
        _check_checker(submission, checker, kind, verdict)
        reason = masking.mask_text(reason.strip())
        if verdict != Verdict.APPROVE and not reason:
            raise ReasonMissing(submission.title)
        # A veto is about what was submitted, whatever became of it since.
        change = _change_of(submission, kind) if verdict != Verdict.VETO else None
        if change is not None:
            why = in_each_language(lambda: _change_of(submission, kind) or "")
            if verdict == Verdict.RETURN:
                # What the checker wrote stays, for whoever puts it right.
                _add_decision(submission, checker, verdict, reason, at)
            _void(submission, kind, checker, at, why, f"{change} {reason}".strip())
        else:
            _check_ready(submission, kind, verdict, at)
            _add_decision(submission, checker, verdict, reason, at)
            _settle(submission, kind, checker, verdict, at)
    if change is not None:
        raise ChangedSince(change)
    return submission


def _change_of(submission: Submission, kind: ApprovalKind) -> str | None:
    """What makes the thing another one than was submitted; None where it is the same."""
    if kind.current_hash(submission.target_key) != submission.snapshot_hash:
        told = kind.change(submission.target_key, submission.snapshot) if kind.change else ""
        return told or _("It is not as it was any more. Submit it again as it is now.")
    drift = kind.drift and kind.drift(submission.target_key, submission.snapshot)
    return drift or None


def _check_ready(submission: Submission, kind: ApprovalKind, verdict: str, at: dt.datetime) -> None:
    if verdict != Verdict.APPROVE or kind.unready is None:
        return
    if lacks := kind.unready(submission.target_key, submission.snapshot, at):
        raise NotReady(lacks)


def set_level(
    *,
    kind: str,
    effective_date: dt.date,
    measure: str,
    at_least: int,
    approvals_needed: int,
    source: str,
) -> ApprovalLevel:
    """This will add a level of approval: what measures so much needs so many approvals."""
    return ApprovalLevel.objects.create(
        kind=kind,
        effective_date=effective_date,
        measure=measure,
        at_least=at_least,
        approvals=approvals_needed,
        source=source,
    )


def void_approved(
    *, kind: str, target_key: str, reason: Callable[[], str], at: dt.datetime
) -> None:
    """This will void the approval of a thing that no longer is what was approved, and tell its
    owner; nothing where none is in force. `reason` says why, in the language that is active."""
    with transaction.atomic():
        found = (
            Submission.objects.select_for_update(of=("self",))
            .filter(kind=kind, target_key=target_key, state=SubmissionState.APPROVED)
            .order_by("-id")
            .first()
        )
        if found is not None:
            why = in_each_language(reason)
            _void(found, _kind(kind), None, at, why, why)


def _void(
    submission: Submission,
    kind: ApprovalKind,
    actor: Staff | None,
    at: dt.datetime,
    why: str,
    recorded: str,
) -> None:
    submission.void_reason = why
    _close(submission, SubmissionState.VOIDED, at)
    kind.on_returned(submission.target_key, actor, at)
    _record(submission, "approval.voided", actor, at, recorded)


def in_each_language(text: Callable[[], str]) -> str:
    """This will write a text that stays on record in every language of the portal, a line each."""
    lines = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            lines.append(text())
    return "\n".join(line for line in lines if line)


def withdraw(*, submission_id: int, maker: Staff, at: dt.datetime) -> Submission:
    """This will take a submission back, by the one who made it; its owner hears of it as of a
    return. Raises NotPending, NotAllowed."""
    with transaction.atomic():
        submission = _locked(submission_id, _OPEN)
        if submission.maker_id != maker.pk:
            raise NotAllowed(submission.title)
        _close(submission, SubmissionState.WITHDRAWN, at)
        _kind(submission.kind).on_returned(submission.target_key, maker, at)
        _record(submission, "approval.withdrawn", maker, at)
        return submission


def _kind(code: str) -> ApprovalKind:
    try:
        return registry.approval_kinds[code]
    except KeyError as missing:
        raise UnknownKind(code) from missing


_OPEN = {SubmissionState.PENDING}
_OPEN_TO = {Verdict.VETO.value: {SubmissionState.PENDING, SubmissionState.APPROVED}}


def _locked(submission_id: int, states: set[SubmissionState]) -> Submission:
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission_id)
    if submission.state not in states:
        raise NotPending(submission.title)
    return submission


def _held(submission: Submission, checker: Staff) -> Staff:
    """The checker as the person is now. Held with all who decided before, so that none of them is
    shut out, or given another role or branch, between being counted and the end."""
    asked = {checker.pk, *submission.decisions.values_list("checker", flat=True)}
    people = Staff.objects.select_for_update(of=("self",), no_key=True).select_related("branch")
    return {one.pk: one for one in people.filter(pk__in=asked).order_by("pk")}[checker.pk]


def _check_checker(
    submission: Submission, checker: Staff, kind: ApprovalKind, verdict: str
) -> None:
    needed = kind.veto_permission if verdict == Verdict.VETO else kind.permission
    if submission.is_own_of(checker, to_veto=verdict == Verdict.VETO):
        raise OwnWork(submission.title)
    reaches = scope_of(checker).reaches(submission.maker.branch)
    if not needed or not checker.may(needed) or not reaches:
        raise NotAllowed(submission.title)
    if verdict != Verdict.VETO and submission.decisions.filter(checker=checker).exists():
        raise AlreadyDecided(submission.title)


def _add_decision(
    submission: Submission, checker: Staff, verdict: str, reason: str, at: dt.datetime
) -> None:
    SubmissionDecision.objects.create(
        submission=submission,
        maker_id=submission.maker_id,
        checker=checker,
        verdict=verdict,
        reason=reason,
        at=at,
    )
    _record(submission, _ACTIONS[Verdict(verdict)], checker, at, reason)


def _settle(
    submission: Submission, kind: ApprovalKind, checker: Staff, verdict: str, at: dt.datetime
) -> None:
    if verdict == Verdict.RETURN:
        _close(submission, SubmissionState.RETURNED, at)
        kind.on_returned(submission.target_key, checker, at)
        return
    if verdict == Verdict.VETO:
        _close(submission, SubmissionState.VETOED, at)
        (kind.on_vetoed or kind.on_returned)(submission.target_key, checker, at)
        return
    approvals = queries.standing_approvals(submission)
    needed = queries.needed_on([submission], on=clock.bank_day(at))[submission.pk]
    if rules.is_enough(approvals, needed):
        _close(submission, SubmissionState.APPROVED, at)
        kind.on_approved(submission.target_key, checker, at)


def _close(submission: Submission, state: str, at: dt.datetime) -> None:
    submission.state, submission.closed_at = state, at
    submission.save(update_fields=["state", "closed_at", "void_reason"])


def _record(
    submission: Submission, action: str, actor: Staff | None, at: dt.datetime, reason: str = ""
) -> None:
    audit.record(
        action=action,
        actor=actor,
        at=at,
        target=submission,
        reason=reason,
        changes={"key": submission.target_key, "hash": submission.snapshot_hash},
    )
