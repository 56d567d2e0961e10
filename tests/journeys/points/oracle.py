"""The points of one customer in plain Python: every day is lived through, one after the other,
with the entries that a source told, whatever the order in which it told them."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass
class Told:
    """An entry of the source; `points` is positive. `order` breaks ties between batches."""

    order: str
    kind: str
    points: int
    on: dt.date
    expires: dt.date | None = None


@dataclass
class Batch:
    """Earned points: what is still there, what was used, what expired."""

    told: Told
    left: int
    used: int = 0
    expired: int = 0


@dataclass
class Account:
    batches: list[Batch] = field(default_factory=list)
    owed: int = 0

    @property
    def balance(self) -> int:
        return sum(batch.left for batch in self.batches) - self.owed


def live(told: list[Told], until: dt.date) -> Account:
    """The account at the end of the day `until`, had everything been told in time. What happened
    later than that is known already, but nothing expires later."""
    account = Account()
    days = {row.on for row in told} | {row.expires for row in told if row.expires}
    if not days:
        return account
    day, last = min(days), max(days)
    while day <= last:
        _expire(account, day, until)
        for row in sorted(told, key=_first):
            if row.on == day and row.kind == "earned":
                _earn(account, row)
        for kind in ("expired", "redeemed"):
            for row in told:
                if row.on == day and row.kind == kind:
                    _take(account, row, day)
        day += dt.timedelta(days=1)
    return account


def _first(row: Told) -> tuple[dt.date, dt.date, str]:
    return row.on, row.expires or dt.date.max, row.order


def _first_in(account: Account) -> list[Batch]:
    return sorted(account.batches, key=lambda batch: _first(batch.told))


def _is_over(batch: Batch, day: dt.date) -> bool:
    return batch.told.expires is not None and batch.told.expires <= day


def _expire(account: Account, day: dt.date, until: dt.date) -> None:
    """What is over is set aside; only up to `until` did the house write it off."""
    for batch in account.batches:
        if batch.told.expires == day and day <= until:
            batch.expired, batch.left = batch.left, 0


def _earn(account: Account, row: Told) -> None:
    paid = min(account.owed, row.points)
    account.owed -= paid
    account.batches.append(Batch(row, row.points - paid, used=paid))


def _take(account: Account, row: Told, day: dt.date) -> None:
    wanted = row.points
    over = [batch for batch in _first_in(account) if _is_over(batch, day)]
    good = [batch for batch in _first_in(account) if not _is_over(batch, day)]
    # Told as expired: what is over already counts first, and the house need not write it off.
    for batch in [*over, *good] if row.kind == "expired" else good:
        part = min(wanted, batch.left + batch.expired)
        wanted -= part
        batch.used += part
        from_expired = min(part, batch.expired)
        batch.expired -= from_expired
        batch.left -= part - from_expired
    account.owed += wanted
