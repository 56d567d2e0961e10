"""Making the gate agree with the rows: after a flush, a process that died on the way, an expired
hold. The invariant stands in `campaigns.flash.rules.mending_of`."""

import datetime as dt
import time

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
_looked_at: dict[int, float] = {}
_over: set[int] = set()  # sales of which every unit is granted: that never changes


def expire_holds(*, sale_id: int, at: dt.datetime) -> int:
    """This will end the holds whose time is over, and return how many these were."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, {"sale_id": sale_id, "at": at})
        return cursor.rowcount


def reconcile(*, sale_id: int, at: dt.datetime) -> rules.Mending | None:
    """This will end holds whose time is over and make the gate agree with the rows; it returns
    what it mended, None where the gate was filled anew, is down, or is being mended by another."""
    expire_holds(sale_id=sale_id, at=at)
    with transaction.atomic():
        if not _hold(sale_id, "pg_try_advisory_xact_lock"):
            return None
        try:
            found = gate.state(sale_id)
            if found is None:
                _fill(sale_id)
                return None
            epoch, state = found
            return _mend(sale_id, epoch, state)
        except gate.GateDown:
            return None


def _mend(sale_id: int, epoch: int, state: rules.GateState) -> rules.Mending:
    # The gate was looked at first; see rules.mending_of for why.
    standing = queries.all_standing(sale_id)
    mending = rules.mending_of(state, queries.unit_numbers(sale_id), standing)
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


def fill_gate(*, sale_id: int) -> None:
    """This will fill an empty gate from the rows, one filler at a time. Raises gate.GateDown."""
    with transaction.atomic():
        _hold(sale_id, "pg_advisory_xact_lock")
        if gate.state(sale_id) is None:
            _fill(sale_id)


def _fill(sale_id: int) -> None:
    # The epoch is committed only after the gate carries it; one that was never committed is used
    # again, for a gate that is empty again.
    FlashSale.objects.filter(pk=sale_id).update(epoch=F("epoch") + 1)
    epoch = FlashSale.objects.values_list("epoch", flat=True).get(pk=sale_id)
    standing = queries.all_standing(sale_id)
    free = set(queries.unit_numbers(sale_id)) - set(standing.values())
    gate.fill(sale_id, epoch, free, standing)


def _hold(sale_id: int, function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(function), [f"flash:{sale_id}"])
        return cursor.fetchone()[0] is not False


def reconcile_now_and_then(*, sale_id: int, at: dt.datetime) -> bool:
    """This will reconcile where this process has not done so within half a second, and tell
    whether it did: so sold out never lasts longer than it is true, with or without workers."""
    now = time.monotonic()
    if now - _looked_at.get(sale_id, -_EVERY_SECONDS) < _EVERY_SECONDS or sale_id in _over:
        return False
    _looked_at[sale_id] = now
    reconcile(sale_id=sale_id, at=at)
    is_all_granted(sale_id)
    return True


def sold_out_answer(sale_id: int) -> ClaimAnswer:
    """This will say whether a unit may yet become free: not once all are granted."""
    return ClaimAnswer.SOLD_OUT if sale_id in _over else ClaimAnswer.ALL_HELD


def is_all_granted(sale_id: int) -> bool:
    """This will tell whether every unit of a sale is granted."""
    if sale_id not in _over and queries.is_all_granted(sale_id):
        _over.add(sale_id)
    return sale_id in _over


def reconcile_sales(*, at: dt.datetime) -> None:
    """This will reconcile every sale that is open or was lately."""
    for sale_id in queries.sales_to_settle(at=at):
        reconcile(sale_id=sale_id, at=at)
