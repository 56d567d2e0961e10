"""How a budget is charged: all limits or none, and each grant's cost split between the parties.

All in whole numbers, which are exact and fast: cents for money, hundredths for units of a stock,
ten-thousandths of a cent for what a split carries over.
"""

import datetime as dt
import functools
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.budgets.enums import LimitKind

Key = tuple[str, str]
WHOLE = 10_000  # shares are in hundredths of a percent
UNIT = 100
# As plain texts: a member of an enumeration is slow to look up a million times.
_STOCK, _TIER, _DAY, _BRANCH, _CUSTOMER, _PARTY = (
    kind.value
    for kind in (
        LimitKind.STOCK, LimitKind.TIER, LimitKind.DAY, LimitKind.BRANCH, LimitKind.CUSTOMER,
        LimitKind.PARTY,
    )
)  # fmt: skip
CAMPAIGN: Key = (LimitKind.CAMPAIGN.value, "")
_ORDER = [kind.value for kind in LimitKind]
_MILLION = Decimal(1_000_000)


def cents(amount: Decimal) -> int:
    """This will write an amount (CNY) as cents. It must have no parts of a cent."""
    return int(amount.scaleb(2))


def yuan(number: int) -> Decimal:
    """This will write cents as an amount (CNY)."""
    return Decimal(number).scaleb(-2)


@dataclass
class Account:
    """One limit: `most` is None where nothing bounds it."""

    used: int = 0
    most: int | None = None

    def fits(self, amount: int) -> bool:
        return self.most is None or self.used + amount <= self.most

    def bind(self, most: int) -> None:
        """This will bound it by `most` as well."""
        self.most = most if self.most is None else min(self.most, most)

    def keep(self, used: int) -> None:
        """This will let it be used up to `used`, whatever bounds it by now."""
        self.most = None if self.most is None else max(self.most, used)


@dataclass(frozen=True)
class Charge:
    """What one grant asks: its cost in cents, of its tier's budget too, a unit of the tier, and the
    limits it comes under besides: those of campaign, day, branches and customer."""

    tier: str
    amount: int
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Booked:
    """A charge that was booked, and what each party bears of it, in cents. `weights` are the
    shares by which it was split."""

    charge: Charge
    parts: Mapping[str, int]
    weights: Mapping[str, int]


def booked_again(
    tier: str, keys: tuple[Key, ...], parts: Mapping[str, int], weights: Mapping[str, int]
) -> Booked:
    """This will put a booking together from what each party bears of it, in cents."""
    return Booked(Charge(tier, sum(parts.values()), keys), parts, weights)


def weights_of(parties: Mapping[str, Decimal]) -> dict[str, int]:
    """This will write shares in percent as whole hundredths, in one order: by name."""
    return {party: int(parties[party].scaleb(2)) for party in sorted(parties)}


def split(amount: int, weights: Mapping[str, int], carried: Mapping[str, int]) -> dict[str, int]:
    """This will split cents between parties: the parts are whole, none is negative, and their sum
    is the amount.

    Each party gets the whole cents of what it owes, which is its share and what it still owes of
    a cent from before (`carried`). The cents that are left go, one each, to those who then owe
    the largest part of a cent; of equal ones to the first by name. So the sum of a party differs
    from its exact share of the sum by less than a cent, as long as its part of each is a cent and
    nothing is given back. What is given back goes as it came, so that whole cents may be carried
    after it: they are borne with the next sums, as far as these reach.
    """
    owed = {party: amount * weight + carried.get(party, 0) for party, weight in weights.items()}
    parts = {party: max(0, owed[party] // WHOLE) for party in owed}
    left = amount - sum(parts.values())
    ranked = sorted(owed, key=lambda party: (parts[party] * WHOLE - owed[party], party))
    for party in ranked[:left] if left > 0 else ():
        parts[party] += 1
    # With sums of a few cents, who owed less than nothing leaves the others less to bear.
    for party in reversed(ranked) if left < 0 else ():
        taken = min(parts[party], -left)
        parts[party] -= taken
        left += taken
    return parts


def parts_of(amount: Decimal, weights: Mapping[str, int]) -> dict[str, Decimal]:
    """This will split one amount (CNY) by itself, with nothing carried over."""
    return {party: yuan(part) for party, part in split(cents(amount), weights, {}).items()}


def limits_of(total: Decimal | None, weights: Mapping[str, int]) -> dict[str, Decimal]:
    """This will return how much each party bears at most: its part of the total."""
    return {} if total is None else parts_of(total, weights)


def known_until(day: dt.date, first_date: dt.date | None) -> dt.date:
    """This will return the last day of which it counts what was given and used, for what is asked
    on `day`: a back-test from `first_date` on gives anew what was given from then on."""
    return day if first_date is None else first_date - dt.timedelta(days=1)


def held_within(parts: Mapping[str, int], most: Mapping[str, int]) -> dict[str, int]:
    """This will let no party bear more than `most` says, in cents, where others bear less than that
    and can take it over; their sum stays the same."""
    found = dict(parts)
    for party, other in itertools.permutations(found, 2):
        moved = min(found[party] - most.get(party, 0), most.get(other, 0) - found[other])
        if moved > 0:
            found[party] -= moved
            found[other] += moved
    return found


class Purse:
    """The limits of a book while charges are booked one after another; nothing else writes them
    meanwhile. `changes` holds what was added to each limit, in cents."""

    def __init__(
        self,
        accounts: Mapping[Key, Account],
        weights: Mapping[str, int],
        carried: Mapping[str, int] | None = None,
    ) -> None:
        self.accounts = dict(accounts)
        self.weights = dict(weights)
        self.carried = {party: 0 for party in weights} | dict(carried or {})
        self.changes: dict[Key, int] = {}
        self._freed: Mapping[str, int] = {}
        self._prepared: tuple[Booked, list[tuple[Key, int]]] | None = None

    def refusal(self, charge: Charge) -> str:
        """This will name the kind of limit that a charge would break; "" where it fits."""
        _booked, changes = self._prepare(charge)
        broken = [key[0] for key, number in changes if not self.accounts[key].fits(number)]
        return min(broken, key=_ORDER.index) if broken else ""

    def book(self, charge: Charge) -> Booked:
        """This will book a charge that fits."""
        booked, changes = self._prepare(charge)
        self._move(booked, changes, 1)
        return booked

    def undo(self, booked: Booked) -> None:
        """This will give back what was booked, each party exactly what it bore."""
        self._move(booked, self._changes_of(booked), -1)

    def free(self, booked: Booked) -> None:
        """This will give back what was booked for what takes its place: that fits as far as it
        reached, in each limit and for each party, even where a limit was lowered since."""
        kept = {key: self.accounts[key].used for key, _number in self._changes_of(booked)}
        self.undo(booked)
        for key, used in kept.items():
            self.accounts[key].keep(used)
        self._freed = booked.parts

    def redo(self, booked: Booked) -> None:
        """This will book again, as it was, what was given back."""
        self._move(booked, self._changes_of(booked), 1)

    def _prepare(self, charge: Charge) -> tuple[Booked, list[tuple[Key, int]]]:
        """What booking a charge would come to now; kept, since who asks mostly books next."""
        if self._prepared is None or self._prepared[0].charge is not charge:
            parts = split(charge.amount, self.weights, self.carried)
            if self._freed and not self._fit(parts):
                parts = held_within(parts, self._freed)
            self._prepared = Booked(charge, parts, self.weights), self._changes(charge, parts)
        return self._prepared

    def _fit(self, parts: Mapping[str, int]) -> bool:
        accounts = self.accounts
        return all(
            accounts[_PARTY, party].fits(part)
            for party, part in parts.items()
            if (_PARTY, party) in accounts
        )

    def _changes_of(self, booked: Booked) -> list[tuple[Key, int]]:
        return self._changes(booked.charge, booked.parts)

    def _changes(self, charge: Charge, parts: Mapping[str, int]) -> list[tuple[Key, int]]:
        """By how much a charge moves each limit that it comes under."""
        found = [((_STOCK, charge.tier), UNIT), ((_TIER, charge.tier), charge.amount)]
        found += [(key, charge.amount) for key in charge.keys]
        found += [((_PARTY, party), part) for party, part in parts.items()]
        for key, _number in found:
            if key not in self.accounts:
                self.accounts[key] = Account()
        return found

    def _move(self, booked: Booked, changes: Sequence[tuple[Key, int]], sign: int) -> None:
        self._prepared = None
        for key, number in changes:
            self.accounts[key].used += sign * number
            self.changes[key] = self.changes.get(key, 0) + sign * number
        for party, weight in booked.weights.items():
            owed = booked.charge.amount * weight - booked.parts.get(party, 0) * WHOLE
            self.carried[party] = self.carried.get(party, 0) + sign * owed


@functools.lru_cache(maxsize=10_000)
def _places(branches: tuple[int, ...], day: str) -> tuple[Key, ...]:
    return (CAMPAIGN, (_DAY, day), *((_BRANCH, str(branch)) for branch in branches))


def keys_of(*, day: str, branches: Sequence[int], customer: int | None) -> tuple[Key, ...]:
    """This will name the limits of a charge beside stock and parties; `branches` are the
    customer's branch and those above it."""
    places = _places(tuple(branches), day)
    return places if customer is None else (*places, (_CUSTOMER, str(customer)))


def carried_amount(number: int) -> Decimal:
    """This will write what is carried over as an amount (CNY)."""
    return Decimal(number) / _MILLION


def carried_number(amount: Decimal) -> int:
    """This will read what is carried over."""
    return int(amount * _MILLION)


@dataclass(frozen=True)
class Borne:
    """What a party bore of all grants of a version, in cents."""

    version_id: int
    party: str
    amount: int


def carried_of(borne: Sequence[Borne], weights: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
    """This will reckon what parties carry over: what each owes of the grants of every version by
    its `weights`, less what it bore."""
    found: dict[str, int] = {}
    granted: dict[int, int] = {}
    for one in borne:
        granted[one.version_id] = granted.get(one.version_id, 0) + one.amount
        found[one.party] = found.get(one.party, 0) - one.amount * WHOLE
    for version_id, amount in granted.items():
        for party, weight in weights[version_id].items():
            found[party] = found.get(party, 0) + amount * weight
    return found


@dataclass(frozen=True)
class Moved:
    """Entries of one kind summed up: `branches` are the entries' branch and those above it."""

    day: str
    branches: tuple[int, ...]
    tier: str
    party: str
    customer: int | None
    amount: Decimal
    units: int


def sums_of(entries: Iterable[Moved]) -> dict[Key, Decimal]:
    """This will add up what a ledger says is used of each limit."""
    found: dict[Key, Decimal] = {}
    for entry in entries:
        added = [
            (key, entry.amount)
            for key in keys_of(day=entry.day, branches=entry.branches, customer=entry.customer)
        ]
        added += [((_PARTY, entry.party), entry.amount), ((_TIER, entry.tier), entry.amount)]
        added.append(((_STOCK, entry.tier), Decimal(entry.units)))
        for key, amount in added:
            found[key] = found.get(key, Decimal(0)) + amount
    return found


PACE_DAYS = 14


@dataclass(frozen=True)
class Forecast:
    """When a limit will be used up if the days to come are as those before: `pace` is what was
    used a day in the last `days` days; `on` is the day, None where nothing was used then."""

    pace: Decimal
    days: int
    on: dt.date | None


def forecast(*, left: Decimal, recent: Decimal, days: int, on: dt.date) -> Forecast:
    """This will reckon when what is left is used up, at the pace of the `days` days up to `on`, in
    which `recent` was used."""
    if days < 1 or recent <= 0:
        return Forecast(Decimal(0), days, None)
    pace = recent / days
    if left <= 0:
        return Forecast(pace, days, on)
    needed = math.ceil(left / pace)
    return Forecast(pace, days, on + dt.timedelta(days=needed) if needed < 3_650 else None)


def burn_down(
    most: Decimal, used_by_day: Mapping[dt.date, Decimal], first: dt.date, last: dt.date
) -> list[tuple[dt.date, Decimal]]:
    """This will tell what was left of a limit at the end of each day from `first` to `last`."""
    left = most - sum((used for day, used in used_by_day.items() if day < first), Decimal(0))
    found = []
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        left -= used_by_day.get(day, Decimal(0))
        found.append((day, left))
    return found
