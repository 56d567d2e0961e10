"""Recording that a benefit was used, and that it was not after all."""

import datetime as dt

import psycopg
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.benefits import queries, rules
from campaigns.benefits.enums import EntryKind, Outcome
from campaigns.benefits.models import Benefit, BenefitEntry, UsedBefore
from campaigns.benefits.operations.entries import entry_of, plain_words
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.access import Scope
from portal.staff.models import Staff

_VOUCHER = "benefit_voucher_once"


class UseRefused(Exception):
    """Raised where a use cannot be recorded or undone; `field` is where, the text for a person."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


@transaction.atomic
def record_use(
    *,
    benefit_id: int,
    used_date: dt.date,
    scope: Scope,
    actor: Staff | None,
    at: dt.datetime,
    units: int = 1,
    merchant_id: int | None = None,
    place: str = "",
    reference: str = "",
    left_shown: int | None = None,
) -> BenefitEntry:
    """This will record that a benefit of a customer of the scope was used on a day, so many times,
    with a partner or at a place. `reference` is the partner's own, which counts once.
    `left_shown` is what was left when the person looked: whoever was overtaken looks again, so that
    one visit is not recorded by two. A use that comes after the benefit expired, of a day before,
    reopens it. Raises UseRefused.
    """
    benefit = queries.benefit(benefit_id, scope=scope, lock=True)
    if benefit is None:
        raise UseRefused("", _("There is no such benefit among the customers of your branches."))
    stands = queries.standing_of(benefit)
    _check(stands, used_date, units, clock.bank_day(at))
    if left_shown is not None and left_shown != benefit.left:
        raise UseRefused(
            "",
            _(
                "Somebody recorded something about this benefit meanwhile; uses left now: {left}. "
                "Look whether it was the same visit."
            ).format(left=benefit.left),
        )
    if units > benefit.left:
        _reopen(benefit, at)
    entry = entry_of(
        benefit=benefit, kind=EntryKind.USE, units=-units, at=at, used_date=used_date,
        merchant_id=merchant_id, place=plain_words(place, "place"), reference=reference,
        round=_round(merchant_id, reference), recorded_by=actor,
    )  # fmt: skip
    _save(entry)
    audit.record(
        action="benefit.used",
        actor=actor,
        at=at,
        target=benefit,
        changes={"entry": entry.pk, "units": units, "on": str(used_date)},
    )
    return entry


def _save(entry: BenefitEntry) -> None:
    """Raises UseRefused where the voucher was used meanwhile."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.Error) and cause.diag.constraint_name == _VOUCHER:
            raise UseRefused("reference", _("This voucher was used just now.")) from error
        raise


def _check(stands: rules.Standing, used: dt.date, units: int, today: dt.date) -> None:
    if stands.is_lost:
        raise UseRefused("", _("This benefit was taken back; it cannot be used any more."))
    if used > today:
        raise UseRefused("used_date", _("This day has not come yet."))
    if not stands.usable_on(used):
        text = (
            _("It can be used from {first} to {last}, both days included.")
            if stands.last_date
            else _("It can be used from {first} on.")
        )
        raise UseRefused("used_date", text.format(first=stands.from_date, last=stands.last_date))
    if units > stands.free_for(used):
        raise UseRefused(
            "units",
            _("Uses left: {left}. More than that cannot be recorded.").format(
                left=stands.free_for(used)
            ),
        )


def _reopen(benefit: Benefit, at: dt.datetime) -> None:
    """Gives back what expired, for a use of before; what stays expires with the next round."""
    for expired in queries.standing_entries(benefit, EntryKind.EXPIRE):
        entry_of(
            benefit=benefit, kind=EntryKind.REOPEN, units=-expired.units, at=at, undoes=expired
        ).save()


def _round(merchant_id: int | None, reference: str) -> int:
    """The how manieth use of a voucher this would be. Raises UseRefused where one stands."""
    if not reference:
        return 1
    if merchant_id is None:
        raise UseRefused("merchant", _("Say whose voucher it is."))
    last = queries.last_use_of(merchant_id=merchant_id, reference=reference)
    if last is None:
        return 1
    if not hasattr(last, "undone_by"):
        raise UseRefused(
            "reference",
            _("This voucher was used on {day} already.").format(day=last.used_date),
        )
    return last.round + 1


@transaction.atomic
def undo_use(
    *, entry_id: int, reason: str, scope: Scope, actor: Staff, at: dt.datetime
) -> BenefitEntry:
    """This will undo a use that was recorded wrongly, with a reason: it can be used again, unless
    the benefit was taken back meanwhile; what is past its last day expires with the next round.
    Raises UseRefused."""
    used = queries.use(entry_id, scope=scope)
    if used is None:
        raise UseRefused("", _("There is no such use among the customers of your branches."))
    benefit = Benefit.objects.select_for_update().get(pk=used.benefit_id)
    if BenefitEntry.objects.filter(undoes=used).exists():
        raise UseRefused("", _("This use was undone already."))
    is_lost = queries.standing_of(benefit).is_lost
    undone = BenefitEntry.objects.create(
        benefit=benefit,
        customer_id=benefit.customer_id,
        kind=EntryKind.UNDO,
        units=-used.units,
        undoes=used,
        reason=plain_words(reason),
        recorded_by=actor,
        at=at,
    )
    if is_lost:
        benefit.refresh_from_db()
        BenefitEntry.objects.create(
            benefit=benefit,
            customer_id=benefit.customer_id,
            kind=EntryKind.TAKE_BACK,
            units=-benefit.left,
            at=at,
        )
    _reckon_anew(benefit, at)
    audit.record(
        action="benefit.use_undone",
        actor=actor,
        at=at,
        target=benefit,
        reason=reason,
        changes={"entry": used.pk, "units": undone.units},
    )
    return undone


def _reckon_anew(benefit: Benefit, at: dt.datetime) -> None:
    """What was used before the benefit was lost is less now, or nothing."""
    row = UsedBefore.objects.filter(benefit=benefit, outcome="").select_for_update().first()
    if row is None:
        return
    used = queries.standing_of(benefit).used
    if used:
        row.worth = rules.worth_of(queries.worth_of(benefit), used, benefit.uses)
        row.used = used
    else:
        row.outcome, row.settled_at = Outcome.UNDONE, at
    row.save(update_fields=["used", "worth", "outcome", "settled_at"])
