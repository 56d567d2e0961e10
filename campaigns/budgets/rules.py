"""How a budget is charged: all limits or none, and each grant's cost split between the parties.

All in whole numbers, which are exact and fast: cents for money, hundredths for units of a stock,
ten-thousandths of a cent for what a split carries over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.budgets.enums import LimitKind

Key = tuple[str, str]
WHOLE = 10_000  # shares are in hundredths of a percent
UNIT = 100
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


@dataclass(frozen=True)
class Charge:
    """What one grant asks: its cost in cents, a unit of its tier, and the limits it comes under
    besides: those of campaign, day, branches and customer."""

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


def weights_of(parties: Mapping[str, Decimal]) -> dict[str, int]:
    """This will write shares in percent as whole hundredths, in one order: by name."""
    return {party: int(parties[party].scaleb(2)) for party in sorted(parties)}


def split(amount: int, weights: Mapping[str, int], carried: Mapping[str, int]) -> dict[str, int]:
    """This will split cents between parties: the parts are whole, none is negative, and their sum
    is the amount.

    Each party gets the whole cents of what it owes, which is its share and what it still owes of
    a cent from before (`carried`). The cents that are left go, one each, to those who then owe
    the largest part of a cent; of equal ones to the first by name. So the sum of a party differs
    from its exact share of the sum by less than a cent, as long as its part of each is a cent.
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


def limits_of(total: Decimal | None, weights: Mapping[str, int]) -> dict[str, Decimal]:
    """This will return how much each party bears at most: its part of the total."""
    if total is None:
        return {}
    return {party: yuan(part) for party, part in split(cents(total), weights, {}).items()}


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

    def refusal(self, charge: Charge) -> str:
        """This will name the kind of limit that a charge would break; "" where it fits."""
        found = self._broken(charge, split(charge.amount, self.weights, self.carried))
        return min(found, key=_ORDER.index) if found else ""

    def book(self, charge: Charge) -> Booked:
        """This will book a charge that fits."""
        parts = split(charge.amount, self.weights, self.carried)
        booked = Booked(charge, parts, self.weights)
        self._move(booked, 1)
        return booked

    def undo(self, booked: Booked) -> None:
        """This will give back what was booked, each party exactly what it bore."""
        self._move(booked, -1)

    def redo(self, booked: Booked) -> None:
        """This will book again, as it was, what was given back."""
        self._move(booked, 1)

    def _broken(self, charge: Charge, parts: Mapping[str, int]) -> set[str]:
        return {key[0] for key, number in moves(charge, parts) if not self._at(key).fits(number)}

    def _at(self, key: Key) -> Account:
        return self.accounts.setdefault(key, Account())

    def _move(self, booked: Booked, sign: int) -> None:
        for key, number in moves(booked.charge, booked.parts):
            self._at(key).used += sign * number
            self.changes[key] = self.changes.get(key, 0) + sign * number
        for party, weight in booked.weights.items():
            owed = booked.charge.amount * weight - booked.parts.get(party, 0) * WHOLE
            self.carried[party] = self.carried.get(party, 0) + sign * owed


def moves(charge: Charge, parts: Mapping[str, int]) -> list[tuple[Key, int]]:
    """This will list by how much a charge moves each limit that it comes under."""
    found = [((LimitKind.STOCK.value, charge.tier), UNIT)]
    found += [(key, charge.amount) for key in charge.keys]
    found += [((LimitKind.PARTY.value, party), part) for party, part in parts.items()]
    return found


def keys_of(*, day: str, branches: Sequence[int], customer: int | None) -> tuple[Key, ...]:
    """This will name the limits of a charge beside stock and parties; `branches` are the
    customer's branch and those above it."""
    own = () if customer is None else ((LimitKind.CUSTOMER.value, str(customer)),)
    places = tuple((LimitKind.BRANCH.value, str(branch)) for branch in branches)
    return (CAMPAIGN, (LimitKind.DAY.value, day), *places, *own)


def carried_amount(number: int) -> Decimal:
    """This will write what is carried over as an amount (CNY)."""
    return Decimal(number) / _MILLION


def carried_number(amount: Decimal) -> int:
    """This will read what is carried over."""
    return int(amount * _MILLION)


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
        added.append(((LimitKind.PARTY.value, entry.party), entry.amount))
        added.append(((LimitKind.STOCK.value, entry.tier), Decimal(entry.units)))
        for key, amount in added:
            found[key] = found.get(key, Decimal(0)) + amount
    return found
