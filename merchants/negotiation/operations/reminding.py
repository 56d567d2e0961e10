"""Reminding managers of contracts that come to their end and of negotiations that stand still."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from merchants.directory.models import MerchantContract
from merchants.negotiation import queries
from merchants.negotiation.enums import ReminderKind, ReminderState
from merchants.negotiation.models import Negotiation, Reminder
from merchants.negotiation.operations.guards import NegotiationRefused, in_words, reason_in
from merchants.negotiation.rules import stages
from merchants.partnerships import queries as partnerships
from merchants.partnerships.enums import Phase
from merchants.partnerships.operations.guards import locked as locked_partnership
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff

_ANSWERED_WITHIN = 3  # working days
# So many days before notice can be given no more, somebody must decide, however late the end is.
_BEFORE_NOTICE = 30


@dataclass(frozen=True)
class Reminded:
    """How many reminders were made."""

    renewals: int
    quiet: int


@transaction.atomic
def remind_managers(*, on: dt.date) -> Reminded:
    """This will remind the managers of partnerships of contracts that end within the days of the
    rule in force, or whose last day of notice comes, and are not talked about, and of negotiations
    without a step for as many days as it says; of each cause once. What people were reminded of
    before and is no more, is settled. Without a rule nobody is reminded."""
    _settle_gone(on)
    try:
        limits = queries.limits_on(on)
    except queries.NoRule:
        return Reminded(0, 0)
    due = partnerships.workday_after(on, _ANSWERED_WITHIN)
    renewals = [
        Reminder(
            partnership=one.partnership, kind=ReminderKind.RENEWAL, contract=one.contract,
            key=_renewal_key(one.contract), raised_date=on,
            due_date=min(due, _decided_by(one, on)),
        )
        for one in queries.endings_within(
            scope=None, on=on, days=limits.renewal_days, notice_within=_BEFORE_NOTICE
        )
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


def _decided_by(one: queries.Ending, on: dt.date) -> dt.date:
    """The last day of notice, or the contract's own where that has passed."""
    notice = one.contract.notice_date
    return one.last_date if notice is None or notice < on else notice


def _renewal_key(contract: MerchantContract) -> str:
    return f"renewal:{contract.pk}:{contract.last_date}"


def _settle_gone(on: dt.date) -> None:
    """Settles, by nobody, reminders whose cause is no more: the partnership has ended, the contract
    ends on another day or another one follows it, or the talks are over."""
    later = MerchantContract.objects.filter(
        merchant=OuterRef("contract__merchant"), first_date__gt=OuterRef("contract__last_date")
    )
    rows = Reminder.objects.filter(state=ReminderState.OPEN).annotate(is_followed=Exists(later))
    gone = [
        row.pk
        for row in rows.select_related("partnership", "contract", "negotiation")
        if row.partnership.phase == Phase.ENDED
        or (row.contract is not None and (row.is_followed or row.key != _renewal_key(row.contract)))
        or (row.negotiation is not None and not row.negotiation.is_in_talks)
    ]
    Reminder.objects.filter(pk__in=gone, state=ReminderState.OPEN).update(
        state=ReminderState.DONE, settled_at=clock.start_of(on)
    )


def follow_up(*, negotiation: Negotiation, actor: Staff, at: dt.datetime) -> None:
    """This will note that a step followed what the manager of a partnership was reminded of: that
    these talks stand still, or, where they go on and are about what follows on it, that a contract
    ends. An amendment follows no contract."""
    is_going_on = negotiation.stage in stages.IN_TALKS
    rows = Reminder.objects.filter(partnership=negotiation.partnership_id, state=ReminderState.OPEN)
    followed = [
        row.pk
        for row in rows.select_related("contract")
        if row.negotiation_id == negotiation.pk
        or (
            is_going_on
            and row.contract is not None
            and queries.follows_on(negotiation, row.contract)
        )
    ]
    Reminder.objects.filter(pk__in=followed, state=ReminderState.OPEN).update(
        state=ReminderState.DONE, settled_by=actor, settled_at=at
    )


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
