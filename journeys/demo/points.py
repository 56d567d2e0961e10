"""Points: earned and expired by the operations that do so in real life, redeemed by some
holders."""

import datetime as dt
import random
from collections.abc import Iterator
from itertools import groupby

from journeys.demo.cards import DAYS
from journeys.points import operations, queries
from journeys.points.enums import PointsKind
from portal.demo import tables

_STEP = 500  # rewards cost multiples of this
_REDEEMERS = 0.28


def build_points(*, seed: str, on: dt.date, at: dt.datetime) -> None:
    """This will fill the ledger for the whole months before `on`."""
    first = (on - dt.timedelta(days=DAYS)).replace(day=1)
    operations.earn_from_spending(first=first, end=on.replace(day=1), at=at)
    tables.analyze("journeys_pointsentry", "journeys_pointsbatch")
    rng = random.Random(f"{seed}:points")
    operations.take_points(uses=list(_uses(rng, on)), at=at)
    operations.expire_points(on=on, at=at)


def _uses(rng: random.Random, on: dt.date) -> Iterator[operations.PointsUse]:
    for (number, customer_id), group in groupby(
        queries.earned_entries(), key=lambda entry: (entry[0], entry[1])
    ):
        if rng.random() < _REDEEMERS:
            yield from _uses_of(rng, number, customer_id, [row[2:] for row in group], on)


def _uses_of(
    rng: random.Random,
    number: str,
    customer_id: int,
    earned: list[tuple[dt.date, dt.date, int]],
    on: dt.date,
) -> Iterator[operations.PointsUse]:
    """Points are redeemed while they are good, first in first out."""
    taken = total = 0
    waiting = list(earned)
    old = 0  # points whose day of expiry has come
    for day in _month_starts(earned[0][0], on):
        while waiting and waiting[0][0] <= day:
            total += waiting.pop(0)[2]
        old = sum(points for _day, expires, points in earned if expires <= day)
        taken = max(taken, old)  # the rest of them expires
        later = day + dt.timedelta(days=rng.randrange(1, 28))
        if total - taken >= _STEP and rng.random() < 0.3 and later <= on:
            steps = rng.randint(1, min(20, (total - taken) // _STEP))
            yield operations.PointsUse(
                f"redeemed:{number}:{later}",
                customer_id,
                PointsKind.REDEEMED,
                steps * _STEP,
                later,
            )
            taken += steps * _STEP


def _month_starts(first: dt.date, on: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= on:
        yield day
        day = (day + dt.timedelta(days=32)).replace(day=1)
