"""Deciding about words of advertising: rules with a day from which they are in force."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.wording.enums import WordState
from campaigns.wording.models import WordDecision
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.enums import Permission
from portal.staff.models import Staff


class DecisionNotAllowed(Exception):
    """Raised when a decision would change days that have passed, stands for its day already, or
    the person may not make it; its text is a sentence for a person."""


@transaction.atomic
def decide_word(
    *,
    word: str,
    state: str,
    level: str,
    source: str,
    effective_date: dt.date,
    actor: Staff,
    at: dt.datetime,
) -> WordDecision:
    """This will decide about a word, or about a rule by its code, from a bank's day on, today at
    the earliest. `level` is needed where the word is to be found. Raises DecisionNotAllowed.
    """
    _refuse(actor, state, level, effective_date, at)
    try:
        with transaction.atomic():
            decision = WordDecision.objects.create(
                word=word.strip(),
                state=state,
                level=level if state == WordState.FOUND else "",
                source=source.strip(),
                effective_date=effective_date,
                decided_by=actor,
                decided_at=at,
            )
    except IntegrityError as taken:
        sentence = _("{word} is decided for {day} already, or a word or reason is missing.")
        raise DecisionNotAllowed(sentence.format(word=word, day=effective_date)) from taken
    audit.record(
        action="wording.decided",
        actor=actor,
        at=at,
        target=decision,
        reason=source,
        changes={"word": decision.word, "state": state, "level": decision.level},
    )
    return decision


def _refuse(actor: Staff, state: str, level: str, day: dt.date, at: dt.datetime) -> None:
    if not actor.may(Permission.EDIT_WORDING):
        raise DecisionNotAllowed(
            _("{name} may not do this; the role lacks the permission: {permission}").format(
                name=actor.label, permission=Permission.EDIT_WORDING.label
            )
        )
    if day < clock.bank_day(at):
        raise DecisionNotAllowed(
            _("{day} has passed; a rule cannot change past days.").format(day=day)
        )
    if state == WordState.FOUND and not level:
        raise DecisionNotAllowed(_("Choose how grave the word is."))
