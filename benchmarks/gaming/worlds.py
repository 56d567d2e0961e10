"""Random worlds, a kind of gaming planted in each: what the detectors are told, and whom of those
they should find. Units differ from one another without any gaming (shares are drawn from a beta
distribution, rates from a gamma one), or precision would be flattered."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.rules.detectors import giving, issuing, people, places, sleeping
from campaigns.warnings.rules.findings import Finding
from campaigns.warnings.rules.limits import USUAL

ON = dt.date(2026, 6, 30)
UNITS = 120
PLANTED = 3


@dataclass(frozen=True)
class World:
    """What a detector found in a world, and the keys of those that game."""

    found: list[Finding]
    planted: frozenset[str]


Rng = np.random.Generator


def _shares(rng: Rng, base: float, spread: float, planted: tuple[float, float]) -> list[float]:
    """Shares of units; those of the first few are planted."""
    usual = rng.beta(base * spread, (1 - base) * spread, UNITS)
    usual[:PLANTED] = rng.uniform(*planted, PLANTED)
    return [float(one) for one in usual]


def _keys(count: int = PLANTED) -> frozenset[str]:
    return frozenset(str(number) for number in range(1, count + 1))


def _parts(
    rng: Rng, subject: Subject, shares: list[float], sizes: tuple[int, int]
) -> list[issuing.Part]:
    wholes = rng.integers(*sizes, len(shares))
    return [
        issuing.Part(subject, key, key, int(rng.binomial(whole, share)), int(whole))
        for key, (share, whole) in enumerate(zip(shares, wholes, strict=True), start=1)
    ]


def never_used(rng: Rng) -> World:
    """Cards issued for the count: 55 to 85 of 100 are never used, where 20 are usual."""
    rows = _parts(rng, Subject.STAFF, _shares(rng, 0.2, 40, (0.55, 0.85)), (20, 120))
    return World(issuing.never_used(rows, USUAL[Kind.NEVER_USED]), _keys())


def shared(rng: Rng) -> World:
    """One phone for many customers: 30 to 70 of 100 share, where 3 are usual (families)."""
    rows = _parts(rng, Subject.STAFF, _shares(rng, 0.03, 60, (0.3, 0.7)), (10, 80))
    return World(issuing.shared(rows, USUAL[Kind.SHARED]), _keys())


def month_end(rng: Rng) -> World:
    """A push: 45 to 70 of 100 cards in the last three workdays, where 16 are usual."""
    rows = _parts(rng, Subject.BRANCH, _shares(rng, 0.16, 60, (0.45, 0.7)), (30, 200))
    found = issuing.Month(ON.replace(month=5, day=1), rows)
    return World(issuing.month_end(found, USUAL[Kind.MONTH_END]), _keys())


def splitting(rng: Rng) -> World:
    """A merchant that splits the bill: 8 to 25 customers with sums just enough, beside as many as
    the neighbouring sums have at all merchants."""
    rows = []
    for key in range(1, UNITS + 1):
        usual = rng.gamma(2, 1)
        near = int(rng.poisson(usual))
        if key <= PLANTED:
            near += int(rng.integers(8, 26))
        rows.append(places.Bunch(1, key, None, near, int(rng.poisson(2 * usual))))
    return World(places.splitting(rows, USUAL[Kind.SPLITTING]), _keys())


def refund(rng: Rng) -> World:
    """A merchant that takes back what earned rewards: 5 to 20 of 1,000 purchases of a few hundred
    or thousand, where one or two are usual."""
    rows = []
    for key in range(1, UNITS + 1):
        bought = int(rng.integers(300, 6_000))
        rate = rng.gamma(4, 0.0003)
        if key <= PLANTED:
            rate += rng.uniform(0.008, 0.02)
        times = int(rng.poisson(bought * rate))
        rows.append(giving.Refunded(key, None, times, times, bought))
    total = sum(row.purchases for row in rows)
    return World(giving.refund(rows, USUAL[Kind.REFUND], purchases=total), _keys())


def complaints(rng: Rng) -> World:
    """Words that promise too much: 6 to 15 times as many complaints as usual, in some of 40
    versions."""
    rows = []
    for key in range(1, 41):
        sent = int(rng.integers(2_000, 60_000))
        rate = rng.gamma(6, 0.0002 / 6)
        if key <= PLANTED:
            rate = 0.0002 * rng.uniform(6, 15)
        number = int(rng.poisson(sent * rate))
        rows.append(people.Complained(Subject.VERSION, str(key), key, number, sent))
    found = people.complaints(
        rows, USUAL[Kind.COMPLAINTS], complained=sum(row.complaints for row in rows),
        sent=sum(row.messages for row in rows),
    )  # fmt: skip
    return World(found, _keys())


def concentration(rng: Rng) -> World:
    """One partner with 68 to 95 of 100 payers, among campaigns of three to eight partners."""
    rows = []
    for key in range(1, 41):
        count, payers = int(rng.integers(3, 9)), int(rng.integers(60, 2_000))
        weights = rng.dirichlet(np.full(count, 6.0))
        if key <= PLANTED:
            first = rng.uniform(0.68, 0.95)
            weights = np.concatenate([[first], weights[1:] / weights[1:].sum() * (1 - first)])
        drawn = rng.multinomial(payers, weights)
        rows.append(places.Partners(key, {at: int(one) for at, one in enumerate(drawn, start=1)}))
    return World(places.concentration(rows, USUAL[Kind.CONCENTRATION]), _keys())


def burst(rng: Rng) -> World:
    """An hour with 4 to 15 times a busy hour, among campaigns whose hours vary by their evening."""
    rows, first = [], dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    for key in range(1, 41):
        level = rng.uniform(5, 60)
        usual = {
            first + dt.timedelta(hours=hour): int(number)
            for hour in range(24 * 28)
            if (number := rng.poisson(rng.gamma(3, level / 3) * (2 if hour % 24 > 17 else 1)))
        }
        now = first + dt.timedelta(days=28)
        count = rng.poisson(rng.gamma(3, level / 3) * 2)
        if key <= PLANTED:
            busy = sorted(usual.values())[-1 - len(usual) // 20]
            count = max(int(busy * rng.uniform(4, 15)), 25)
        rows.append(giving.Hours(key, {now: int(count)}, usual | {now: int(count)}))
    return World(giving.burst(rows, USUAL[Kind.BURST]), _keys())


def budget(rng: Rng) -> World:
    """Who runs out within ten days of the same pace, and before the last day; the days to come of
    all others suffice for twenty and more. Days vary by half."""
    rows = []
    for key in range(1, 41):
        pace = rng.uniform(500, 20_000)
        days = {ON - dt.timedelta(days=back): Decimal(str(round(pace * rng.uniform(0.5, 1.5), 2)))
                for back in range(14)}  # fmt: skip
        suffices = rng.uniform(2, 10) if key <= PLANTED else rng.uniform(20, 200)
        left = Decimal(str(round(pace * suffices, 2)))
        rows.append(giving.Account(key, left * 3, left, days, None))
    return World(giving.budget(rows, USUAL[Kind.BUDGET], ON), _keys())


def desk(rng: Rng) -> World:
    """A desk that serves 4 to 12 customers again and again; with others none or one does so."""
    rows = []
    for key in range(1, UNITS + 1):
        again = int(rng.integers(4, 13)) if key <= PLANTED else int(rng.poisson(0.3))
        if again:
            rows.append(people.Served(key, 1, 1, again, again * int(rng.integers(3, 8))))
    return World(people.desk(rows, USUAL[Kind.DESK]), _keys())


def sleeping_cards(rng: Rng) -> World:
    """Branches with 18.5 to 26 sleeping cards of 100, where 20 are the most; with the others it is
    5 to 17."""
    rows = []
    for key in range(1, UNITS + 1):
        cards = int(rng.integers(300, 20_000))
        share = rng.uniform(0.185, 0.26) if key <= PLANTED else rng.uniform(0.05, 0.17)
        rows.append(sleeping.Asleep(ON, key, cards, int(cards * share), int(cards * 0.02)))
    found = sleeping.sleeping(rows, USUAL[Kind.SLEEPING], ceiling=Decimal(20))
    return World(found, _keys())


WORLDS: dict[Kind, Callable[[Rng], World]] = {
    Kind.BUDGET: budget,
    Kind.BURST: burst,
    Kind.NEVER_USED: never_used,
    Kind.SPLITTING: splitting,
    Kind.SHARED: shared,
    Kind.DESK: desk,
    Kind.MONTH_END: month_end,
    Kind.COMPLAINTS: complaints,
    Kind.REFUND: refund,
    Kind.CONCENTRATION: concentration,
    Kind.SLEEPING: sleeping_cards,
}
