"""The word of the member of staff whom an alert concerns, and what somebody else says to it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.warnings import queries
from campaigns.warnings.enums import State
from campaigns.warnings.models import Alert, Appeal
from campaigns.warnings.operations.moving import write_move
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import Permission
from portal.staff.models import Staff


class AppealNotAllowed(Exception):
    """Raised when a word is said to an alert that is not confirmed or concerns somebody else, or
    twice, or when it is decided by whom it may not; its text is a sentence for a person."""


@transaction.atomic
def say_word(*, alert_id: int, actor: Staff, words: str, at: dt.datetime) -> Appeal:
    """This will keep what somebody says to a warning about himself that was confirmed, once for
    each round of it. Raises AppealNotAllowed."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
    text = masking.mask_text(words.strip())
    if alert.concerned_id != actor.pk or alert.state not in (State.CONFIRMED, State.SETTLED):
        raise AppealNotAllowed(_("There is no confirmed warning about you here."))
    if Appeal.objects.filter(alert=alert, round=alert.round).exists():
        raise AppealNotAllowed(_("You have said your word to it; somebody else decides."))
    if not text:
        raise AppealNotAllowed(_("Say in your own words what is wrong about it."))
    appeal = Appeal.objects.create(
        alert=alert, round=alert.round, said_by=actor, words=text, said_at=at
    )
    audit.record(action="alert.appealed", actor=actor, at=at, target=alert)
    return appeal


@transaction.atomic
def decide_appeal(
    *, alert_id: int, actor: Staff, is_upheld: bool, reason: str, at: dt.datetime
) -> Appeal:
    """This will decide about the word of whom an alert concerns: where it is upheld, the alert
    counts as a false one, and is dismissed unless it was opened again meanwhile. Neither that
    person nor who confirmed the alert decides. Raises AppealNotAllowed."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
    appeal = Appeal.objects.filter(alert=alert, decided_by=None).order_by("-round").first()
    words = masking.mask_text(reason.strip())[:300]
    if appeal is None:
        raise AppealNotAllowed(_("There is no word that waits to be decided."))
    if not actor.may(Permission.VIEW_WARNINGS) or actor.pk in queries.judges_of(alert):
        raise AppealNotAllowed(
            _("Somebody else decides: neither whom it concerns nor who confirmed it.")
        )
    if not words:
        raise AppealNotAllowed(_("Give a reason: it stays with the warning."))
    appeal.decided_by, appeal.decided_at = actor, at
    appeal.is_upheld, appeal.reason = is_upheld, words
    appeal.save(update_fields=["decided_by", "decided_at", "is_upheld", "reason"])
    audit.record(
        action="alert.appeal_decided", actor=actor, at=at, target=alert, reason=words,
        changes={"upheld": is_upheld},
    )  # fmt: skip
    if is_upheld and appeal.round == alert.round:
        write_move(alert, to=State.DISMISSED, actor=actor, reason=words, at=at)
    return appeal
