"""What people do about alerts, and who takes over from those who are gone."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.warnings import queries
from campaigns.warnings.enums import Mover, State
from campaigns.warnings.models import Alert, AlertMove
from campaigns.warnings.operations.alerting import NobodyToLook, give_to
from campaigns.warnings.rules import owning, states
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import Permission
from portal.staff.models import Staff


class MoveNotAllowed(Exception):
    """Raised when a move is not in the table, is not this person's, or lacks a reason; its text is
    a sentence for a person."""


@transaction.atomic
def move_alert(*, alert_id: int, to: str, actor: Staff, reason: str, at: dt.datetime) -> Alert:
    """This will move an alert to another state: its owner may, and whoever may stop campaigns, but
    never whom it concerns. Raises MoveNotAllowed."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
    if alert.concerned_id == actor.pk or not (
        alert.owner_id == actor.pk or actor.may(Permission.STOP_CAMPAIGNS)
    ):
        raise MoveNotAllowed(
            _("This warning is looked at by {owner}.").format(owner=alert.owner.label)
        )
    if not states.may(alert.state, to, Mover.PERSON):
        raise MoveNotAllowed(
            _("The warning is: {state}. That does not lead where you want; load the page again.")
            .format(state=State(alert.state).label)
        )  # fmt: skip
    return write_move(alert, to=to, actor=actor, reason=reason, at=at)


def write_move(alert: Alert, *, to: str, actor: Staff, reason: str, at: dt.datetime) -> Alert:
    """This will write a move of an alert that is locked. Raises MoveNotAllowed."""
    words = masking.mask_text(reason.strip())[:300]
    if to in states.WITH_REASON and not words:
        raise MoveNotAllowed(_("Give a reason: it stays with the warning."))
    was = alert.state
    AlertMove.objects.create(
        alert=alert, from_state=was, to_state=to, round=alert.round, weight=alert.weight,
        severity=alert.severity, actor=actor, reason=words, at=at,
    )  # fmt: skip
    alert.refresh_from_db()
    audit.record(
        action="alert.moved", actor=actor, at=at, target=alert, reason=words,
        changes={"from": was, "to": to},
    )  # fmt: skip
    return alert


@transaction.atomic
def hand_over(*, at: dt.datetime) -> int:
    """This will give the alerts that wait to somebody else whose owner left, or may not look at
    them any more; returns how many. Raises NobodyToLook."""
    people = queries.people_who_look()
    able = {one.id for one in people}
    rows = Alert.objects.filter(state__in=states.WAITING).exclude(owner__in=able)
    number = 0
    for alert in rows.select_for_update(of=("self",)).select_related(
        "branch", "campaign"
    ).order_by("id"):  # fmt: skip
        owner = owning.owner_of(
            kind=alert.kind, subject=alert.subject, path=alert.branch.path, people=people,
            concerned=alert.concerned_id,
            manager=alert.campaign.owner_id if alert.campaign else None,
        )  # fmt: skip
        if owner is None:
            raise NobodyToLook(str(alert))
        give_to(alert=alert, owner_id=owner, at=at)
        number += 1
    return number
