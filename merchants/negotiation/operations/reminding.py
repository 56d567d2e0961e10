"""Reminding managers of contracts that come to their end and of negotiations that stand still."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.negotiation import queries
from merchants.negotiation.enums import ReminderKind, ReminderState
from merchants.negotiation.models import Negotiation, Reminder
from merchants.negotiation.operations.guards import NegotiationRefused, in_words, reason_in
from merchants.partnerships import queries as partnerships
from merchants.partnerships.operations.guards import locked as locked_partnership
from portal.audit import operations as audit
from portal.staff.models import Staff

_ANSWERED_WITHIN = 3  # working days


@dataclass(frozen=True)
class Reminded:
    """How many reminders were made."""

    renewals: int
    quiet: int


@transaction.atomic
def remind_managers(*, on: dt.date) -> Reminded:
    """This will remind the managers of partnerships of contracts that end within the days of the
    rule in force and are not talked about, and of negotiations without a step for as many days as
    it says; of each cause once. Without a rule nobody is reminded."""
    try:
        limits = queries.limits_on(on)
    except queries.NoRule:
        return Reminded(0, 0)
    due = partnerships.workday_after(on, _ANSWERED_WITHIN)
    renewals = [
        Reminder(
            partnership=one.partnership, kind=ReminderKind.RENEWAL, contract=one.contract,
            key=f"renewal:{one.contract.pk}:{one.last_date}", raised_date=on,
            due_date=min(due, one.last_date),
        )
        for one in queries.endings_within(scope=None, on=on, days=limits.renewal_days)
        if one.talks is None
    ]  # fmt: skip
    quiet = [
        Reminder(
            partnership=row.partnership, kind=ReminderKind.QUIET, negotiation=row,
            key=f"quiet:{row.pk}:{row.stepped_at:%Y%m%d%H%M%S}", raised_date=on, due_date=due,
        )
        for row in queries.stands_still(on=on, days=limits.quiet_days)
    ]  # fmt: skip
    return Reminded(_made(renewals), _made(quiet))


def _made(rows: list[Reminder]) -> int:
    """Those of them that nobody was reminded of; two nights at once make each once."""
    keys = [row.key for row in rows]
    known = set(Reminder.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [row for row in rows if row.key not in known]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def follow_up(*, negotiation: Negotiation, actor: Staff, at: dt.datetime) -> None:
    """This will note that a step followed what the manager of a partnership was reminded of."""
    rows = Reminder.objects.filter(partnership=negotiation.partnership_id, state=ReminderState.OPEN)
    rows.update(state=ReminderState.DONE, settled_by=actor, settled_at=at)


@transaction.atomic
def dismiss_reminder(*, reminder_id: int, reason: str, actor: Staff, at: dt.datetime) -> Reminder:
    """This will set a reminder aside with a reason: nobody is reminded of the same again. Raises
    NegotiationRefused."""
    of = Reminder.objects.values_list("partnership_id", flat=True).get(pk=reminder_id)
    with in_words():
        partnership = locked_partnership(partnership_id=of, actor=actor)
    reminder = Reminder.objects.get(pk=reminder_id)
    if reminder.state != ReminderState.OPEN:
        sentence = _("This reminder is open no more: {state}.")
        raise NegotiationRefused(sentence.format(state=reminder.get_state_display()))
    reminder.words = reason_in(reason)
    reminder.state = ReminderState.DISMISSED
    reminder.settled_by, reminder.settled_at = actor, at
    reminder.save(update_fields=["words", "state", "settled_by", "settled_at"])
    audit.record(
        action="negotiation.reminder_dismissed", actor=actor, at=at, target=partnership,
        reason=reminder.words, changes={"reminder": reminder.kind},
    )  # fmt: skip
    return reminder
