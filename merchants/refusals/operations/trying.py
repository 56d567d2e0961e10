"""Trying an answer at a refusal, and telling what came of it."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merchants.refusals import queries
from merchants.refusals.enums import Outcome, RefusalState
from merchants.refusals.models import AnswerTry, Refusal
from merchants.refusals.operations.guards import RefusalNotAllowed, check_day, locked, words
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


@transaction.atomic
def try_answer(
    *, refusal_id: int, answer_id: int, tried_date: dt.date, actor: Staff, at: dt.datetime
) -> AnswerTry:
    """This will note that an answer to the refusal's reason, or to one above it, was tried on a
    day; its outcome is open. Raises RefusalNotAllowed."""
    refusal = locked(refusal_id=refusal_id, actor=actor)
    check_day(tried_date, first=refusal.said_date, on=clock.bank_day(at))
    offered = {row.pk: row for row in queries.forest().answers_to(refusal.reason_id)}
    if (answer := offered.get(answer_id)) is None:
        raise RefusalNotAllowed(_("This answer is not one to this reason, or is out of use."))
    try:
        with transaction.atomic():
            tried = AnswerTry.objects.create(
                refusal=refusal, answer=answer, tried_date=tried_date, tried_by=actor, tried_at=at
            )
    except IntegrityError as taken:
        if "answer_try_open_once" not in str(taken):
            raise
        sentence = _("It is being tried already: say what came of it first.")
        raise RefusalNotAllowed(sentence) from taken
    audit.record(
        action="refusal.tried", actor=actor, at=at, target=refusal,
        changes={"answer": answer.name, "kind": answer.kind},
    )  # fmt: skip
    return tried


@transaction.atomic
def settle_try(
    *,
    try_id: int,
    outcome: str,
    outcome_date: dt.date,
    note: str,
    actor: Staff,
    at: dt.datetime,
) -> AnswerTry:
    """This will tell whether an answer that was tried worked; where it did, the refusal is
    overcome. Raises RefusalNotAllowed."""
    of = AnswerTry.objects.values_list("refusal_id", flat=True).get(pk=try_id)
    # What was under way when another answer worked, or when it was let be, has an outcome too: else
    # only what worked would be told.
    refusal = locked(refusal_id=of, actor=actor, or_over=True)
    tried = AnswerTry.objects.select_related("answer").get(pk=try_id)
    if not tried.is_open:
        raise RefusalNotAllowed(_("Its outcome is told already."))
    if outcome not in (Outcome.WORKED, Outcome.FAILED):
        raise RefusalNotAllowed(_("Say whether it worked or not."))
    check_day(outcome_date, first=tried.tried_date, on=clock.bank_day(at))
    tried.outcome, tried.outcome_date = outcome, outcome_date
    tried.outcome_by, tried.outcome_at, tried.note = actor, at, words(note, missing="")
    tried.save(update_fields=["outcome", "outcome_date", "outcome_by", "outcome_at", "note"])
    if outcome == Outcome.WORKED and refusal.is_open:
        _overcome(refusal, actor, at)
    audit.record(
        action="refusal.try_settled", actor=actor, at=at, target=refusal, reason=tried.note,
        changes={"answer": tried.answer.name, "outcome": outcome},
    )  # fmt: skip
    return tried


def _overcome(refusal: Refusal, actor: Staff, at: dt.datetime) -> None:
    refusal.state, refusal.settled_by, refusal.settled_at = RefusalState.OVERCOME, actor, at
    refusal.save(update_fields=["state", "settled_by", "settled_at"])
