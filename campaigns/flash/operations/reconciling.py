"""Making the gate agree with the rows: after a flush, a process that died on the way, an expired
hold, a change of the tier's stock. The invariant stands in `campaigns.flash.rules.mending_of`."""

import datetime as dt
import time
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F

from campaigns.flash import queries, rules
from campaigns.flash.enums import ClaimAnswer
from campaigns.flash.models import FlashSale
from campaigns.flash.operations import gate

# Claims that somebody confirms at this moment are left to them.
_EXPIRE = """
UPDATE campaigns_flashclaim SET state = 'expired', settled_at = %(at)s
WHERE id IN (SELECT id FROM campaigns_flashclaim
             WHERE sale_id = %(sale_id)s AND state = 'held' AND held_until <= %(at)s
             ORDER BY id FOR UPDATE SKIP LOCKED)
"""
_LOCK = "SELECT {} (hashtextextended(%s, 0))"
_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class _Look:
    """What a process saw of a sale when it last looked, by its own clock: how many units may be
    held or granted in all, and whether so many were granted."""

    at: float
    allotted: int
    is_spent: bool

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.at < _EVERY_SECONDS


_looks: dict[int, _Look] = {}
_reconciled_at: dict[int, float] = {}
_over: set[int] = set()  # sales of which every unit was granted: that never changes


def expire_holds(*, sale_id: int, at: dt.datetime) -> int:
    """This will end the holds whose time is over, and return how many these were."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, {"sale_id": sale_id, "at": at})
        return cursor.rowcount


def reconcile(*, sale_id: int, at: dt.datetime) -> rules.Mending | None:
    """This will end holds whose time is over and make the gate agree with the rows and with what
    the tier's stock can bear; it returns what it mended, None where the gate was filled anew, is
    down, or is being mended by another."""
    expire_holds(sale_id=sale_id, at=at)
    with transaction.atomic():
        if not _hold(sale_id, "pg_try_advisory_xact_lock"):
            return None
        try:
            found = gate.state(sale_id)
            if found is None:
                _fill(sale_id, at)
                return None
            epoch, state = found
            return _mend(sale_id, epoch, state, at)
        except gate.GateDown:
            return None


def _mend(sale_id: int, epoch: int, state: rules.GateState, at: dt.datetime) -> rules.Mending:
    # The gate was looked at first; see rules.mending_of for why.
    standing = queries.all_standing(sale_id)
    units = queries.unit_numbers(sale_id)
    mending = rules.mending_of(state, units, standing, _most(sale_id, at))
    if mending.is_needed:
        gate.mend(
            sale_id,
            epoch,
            units_in=mending.units_in,
            units_out=mending.units_out,
            had_in={who: standing[who] for who in mending.had_in},
            had_out=mending.had_out,
        )
    return mending


def fill_gate(*, sale_id: int, at: dt.datetime) -> None:
    """This will fill an empty gate from the rows, one filler at a time. Raises gate.GateDown."""
    with transaction.atomic():
        _hold(sale_id, "pg_advisory_xact_lock")
        if gate.state(sale_id) is None:
            _fill(sale_id, at)


def _fill(sale_id: int, at: dt.datetime) -> None:
    # The epoch is committed only after the gate carries it; one that was never committed is used
    # again, for a gate that is empty again.
    FlashSale.objects.filter(pk=sale_id).update(epoch=F("epoch") + 1)
    epoch = FlashSale.objects.values_list("epoch", flat=True).get(pk=sale_id)
    standing = queries.all_standing(sale_id)
    units = queries.unit_numbers(sale_id)
    free = rules.first_free(units, set(standing.values()), _most(sale_id, at))
    gate.fill(sale_id, epoch, free, standing)


def _most(sale_id: int, at: dt.datetime) -> int:
    sale = queries.find_sale(sale_id)
    return queries.allotted(sale, at=at) if sale else 0


def _hold(sale_id: int, function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(function), [f"flash:{sale_id}"])
        return cursor.fetchone()[0] is not False


def reconcile_now_and_then(*, sale: FlashSale, at: dt.datetime) -> bool:
    """This will reconcile where this process has not done so within half a second, and tell
    whether it did: so sold out never lasts longer than it is true, with or without workers."""
    now, last = time.monotonic(), _reconciled_at.get(sale.pk, -_EVERY_SECONDS)
    if sale.pk in _over or now - last < _EVERY_SECONDS:
        return False
    _reconciled_at[sale.pk] = now
    reconcile(sale_id=sale.pk, at=at)
    _look_again(sale, at)
    return True


def sold_out_answer(*, sale: FlashSale, at: dt.datetime) -> ClaimAnswer:
    """This will say whether a unit may yet become free by a hold that expires: not once all are
    granted, those that the tier's stock can bear no more left out."""
    is_over = sale.pk in _over or _look(sale, at).is_spent
    return ClaimAnswer.SOLD_OUT if is_over else ClaimAnswer.ALL_HELD


def most_standing(*, sale: FlashSale, at: dt.datetime) -> int:
    """This will tell how many units may be held or granted in all, as seen within half a second;
    the grant itself asks the stock under its lock."""
    return _look(sale, at).allotted


def _look(sale: FlashSale, at: dt.datetime) -> _Look:
    last = _looks.get(sale.pk)
    return last if last and last.is_fresh else _look_again(sale, at)


def _look_again(sale: FlashSale, at: dt.datetime) -> _Look:
    allotted, granted = queries.allotted(sale, at=at), queries.granted_count(sale.pk)
    if granted >= sale.units:
        _over.add(sale.pk)
    found = _looks[sale.pk] = _Look(time.monotonic(), allotted, granted >= allotted)
    return found


def forget() -> None:
    """This will forget what the process has seen, as one that begins."""
    _looks.clear()
    _reconciled_at.clear()
    _over.clear()


def reconcile_sales(*, at: dt.datetime) -> None:
    """This will reconcile every sale that is open or was lately."""
    for sale_id in queries.sales_to_settle(at=at):
        reconcile(sale_id=sale_id, at=at)
