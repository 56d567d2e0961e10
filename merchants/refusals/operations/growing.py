"""Growing the tree: reasons below the three roots, what answers them, and what goes out of use."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merchants.refusals.models import RefusalAnswer, RefusalReason
from merchants.refusals.rules import shape, wording
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.enums import Permission
from portal.staff.models import Staff

_Row = TypeVar("_Row", RefusalReason, RefusalAnswer)


class TreeNotAllowed(Exception):
    """Raised where the tree does not take this; its text is a sentence for a person."""


@dataclass(frozen=True)
class Said:
    """A name and a text, each in both languages."""

    name: str
    name_en: str
    text: str
    text_en: str

    @property
    def parts(self) -> list[str]:
        return [self.name, self.name_en, self.text, self.text_en]


@transaction.atomic
def grow_reason(*, parent_id: int, said: Said, actor: Staff, at: dt.datetime) -> RefusalReason:
    """This will add a reason below another. Raises TreeNotAllowed."""
    _check_may(actor)
    parent = _locked_reason(parent_id)
    if parent.depth >= shape.MOST_DEPTH:
        sentence = _("The tree is {most} steps deep below its roots: put it beside {reason}.")
        raise TreeNotAllowed(sentence.format(most=shape.MOST_DEPTH, reason=parent.label))
    _check_words(said)
    try:
        with transaction.atomic():
            reason = RefusalReason.objects.create(
                parent=parent, root=parent.root, depth=parent.depth + 1, added_by=actor,
                added_at=at, **asdict(said),
            )  # fmt: skip
    except IntegrityError as taken:
        raise _taken(taken, "refusal_reason_named_once") from taken
    audit.record(
        action="refusal_reason.added", actor=actor, at=at, target=reason,
        changes={"root": reason.root, "parent": parent.name, "name": reason.name},
    )  # fmt: skip
    return reason


@transaction.atomic
def add_answer(
    *, reason_id: int, kind: str, said: Said, actor: Staff, at: dt.datetime
) -> RefusalAnswer:
    """This will add a talk track or a counter-move to a reason. Raises TreeNotAllowed."""
    _check_may(actor)
    reason = _locked_reason(reason_id)
    _check_words(said)
    try:
        with transaction.atomic():
            answer = RefusalAnswer.objects.create(
                reason=reason, kind=kind, added_by=actor, added_at=at, **asdict(said)
            )
    except IntegrityError as taken:
        raise _taken(taken, "refusal_answer_named_once") from taken
    audit.record(
        action="refusal_answer.added", actor=actor, at=at, target=answer,
        changes={"reason": reason.name, "kind": kind, "name": answer.name},
    )  # fmt: skip
    return answer


@transaction.atomic
def retire_reason(*, reason_id: int, why: str, actor: Staff, at: dt.datetime) -> RefusalReason:
    """This will take a reason out of use; what named it stays. A root stays, and so does a reason
    with others in use below it. Raises TreeNotAllowed."""
    _check_may(actor)
    reason = _locked_reason(reason_id)
    if reason.parent_id is None:
        raise TreeNotAllowed(_("The three roots stay: retire what stands below them."))
    if reason.children.filter(retired_date=None).exists():
        raise TreeNotAllowed(_("Other reasons in use stand below it: retire those first."))
    return _retire(reason, "refusal_reason.retired", why, actor, at)


@transaction.atomic
def retire_answer(*, answer_id: int, why: str, actor: Staff, at: dt.datetime) -> RefusalAnswer:
    """This will take an answer out of use; what was tried with it stays and counts. Raises
    TreeNotAllowed."""
    _check_may(actor)
    answer = RefusalAnswer.objects.select_for_update(no_key=True).get(pk=answer_id)
    if answer.is_retired:
        raise TreeNotAllowed(_("It is out of use already."))
    return _retire(answer, "refusal_answer.retired", why, actor, at)


def _retire(row: _Row, action: str, why: str, actor: Staff, at: dt.datetime) -> _Row:
    said = masking.mask_text(why.strip())
    if not said:
        raise TreeNotAllowed(_("Say why it goes out of use: others will ask."))
    row.retired_date, row.retired_by, row.retired_why = clock.bank_day(at), actor, said
    row.save(update_fields=["retired_date", "retired_by", "retired_why"])
    audit.record(
        action=action, actor=actor, at=at, target=row, reason=said, changes={"name": row.name}
    )
    return row


def _check_may(actor: Staff) -> None:
    if not actor.may(Permission.EDIT_PLAYBOOKS):
        raise TreeNotAllowed(_("You may read the reasons, not change them."))


def _locked_reason(reason_id: int) -> RefusalReason:
    reason = RefusalReason.objects.select_for_update(no_key=True).get(pk=reason_id)
    if reason.is_retired:
        raise TreeNotAllowed(_("This reason is out of use: choose another."))
    return reason


def _check_words(said: Said) -> None:
    if not all(part.strip() for part in said.parts):
        raise TreeNotAllowed(_("Write it in both languages."))
    if told := wording.faults(said.parts):
        raise TreeNotAllowed(" ".join(told))


def _taken(refused: IntegrityError, name: str) -> Exception:
    if name in str(refused):
        return TreeNotAllowed(_("There is one of this name already."))
    return refused
