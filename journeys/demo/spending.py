"""Spending: who buys where, on which day, for how much, and what is given back.

Days follow the rhythm of the merchant's scenario; amounts are lognormal by category and scaled by
the customer's wealth; use is lognormal too, so that few spend much. A part of the cards sleeps.
"""

import datetime as dt
import random
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from journeys.demo import rhythm
from journeys.demo.cards import DAYS, DemoCard
from journeys.demo.customers import Row
from journeys.demo.prices import PRICES
from journeys.spending.enums import SpendingChannel
from merchants.demo.partners import DemoMerchant
from merchants.directory.enums import Scenario

_PER_MONTH = 2.35  # purchases of an active card of ordinary eagerness
_WELCOME = 1.6  # more purchases in the first weeks of a new card
_WELCOME_DAYS = 50
_REFUNDED = 0.025
_HOME, _ONLINE = 0.7, 0.25  # the rest is bought in other cities
_LARGEST = 49_999.0


@dataclass(frozen=True)
class _Market:
    """Merchants to choose from, by cumulated weight."""

    merchants: Sequence[DemoMerchant]
    cumulated: Sequence[float]

    def draw(self, rng: random.Random) -> DemoMerchant:
        return self.merchants[bisect_right(self.cumulated, rng.random() * self.cumulated[-1])]


def _market(merchants: Sequence[DemoMerchant]) -> _Market:
    of_category: dict[str, float] = {}
    for row in merchants:
        of_category[row.mcc] = of_category.get(row.mcc, 0.0) + row.appeal
    weights = [PRICES[row.mcc].frequency * row.appeal / of_category[row.mcc] for row in merchants]
    return _Market(merchants, list(accumulate(weights)))


class _Town:
    """Where a customer buys: at home, online, elsewhere."""

    def __init__(self, merchants: Sequence[DemoMerchant]) -> None:
        self.online = _market([row for row in merchants if row.is_online])
        self.all = _market(merchants)
        cities = {row.city for row in merchants}
        self.homes = {
            city: _market([row for row in merchants if row.city == city and not row.is_online])
            for city in sorted(cities)
        }

    def draw(self, rng: random.Random, city: str) -> DemoMerchant:
        chance = rng.random()
        home = self.homes.get(city)
        if chance < _HOME and home is not None and home.merchants:
            return home.draw(rng)
        return (self.online if chance < _HOME + _ONLINE else self.all).draw(rng)


def draw_spending(
    *, seed: str, cards: Iterable[DemoCard], merchants: Sequence[DemoMerchant], on: dt.date
) -> Iterator[Row]:
    """This will draw the transactions of all cards, as rows of their import, card by card."""
    rng = random.Random(f"{seed}:spending")
    town = _Town(merchants)
    first = on - dt.timedelta(days=DAYS)
    days = {scenario: rhythm.days_of(scenario, first, DAYS + 1) for scenario in Scenario.values}
    texts = [(first + dt.timedelta(days=number)).isoformat() for number in range(DAYS + 1)]
    sequence = 0
    for card in cards:
        for start, end, count in _periods(rng, card, first, on):
            city = card.customer.branch.place.city
            for _purchase in range(count):
                merchant = town.draw(rng, city)
                day = days[merchant.scenario].draw(rng, start, end)
                if not _kept(rng, merchant, day):
                    merchant = town.draw(rng, city)
                    day = days[merchant.scenario].draw(rng, start, end)
                sequence += 1
                row = _purchase_row(rng, card, merchant, sequence, texts[day])
                yield row
                if rng.random() < _REFUNDED:
                    later = day + 1 + int(rng.expovariate(1 / 6))
                    if later <= DAYS:
                        yield _refund_row(rng, row, texts[later])


def _periods(
    rng: random.Random, card: DemoCard, first: dt.date, on: dt.date
) -> list[tuple[int, int, int]]:
    """Spans of day positions (half open) with the number of purchases in each."""
    sleeper, stops = rng.random(), rng.random()
    if card.activated_date is None or sleeper < (0.22 if not card.is_new else 0.06):
        return []
    start = max(0, (card.activated_date - first).days)
    last = min(card.closed_date, on) if card.closed_date else on
    end = (last - first).days + 1
    if stops < 0.12:  # falls asleep on the way
        end = start + int((end - start) * rng.random())
    if end <= start:
        return []
    rate = _PER_MONTH * card.customer.eagerness * (1.0 if card.is_primary else 0.35) / 30.4
    spans = [(start, end, _number(rng, rate * (end - start)))]
    if card.is_new and card.is_primary:
        close = min(end, start + _WELCOME_DAYS)
        spans.append((start, close, _number(rng, _WELCOME * rate * (close - start))))
    return spans


def _number(rng: random.Random, mean: float) -> int:
    """A whole number around `mean`, spread like counts are."""
    return max(0, round(rng.gauss(mean, mean**0.5)))


def _kept(rng: random.Random, merchant: DemoMerchant, day: int) -> bool:
    """A merchant that rises is chosen less in early days, one that falls less in late ones."""
    return rng.random() < 0.55 + 0.45 * merchant.trend * (2 * day / DAYS - 1)


def _purchase_row(
    rng: random.Random, card: DemoCard, merchant: DemoMerchant, sequence: int, day: str
) -> Row:
    price = PRICES[merchant.mcc]
    factor = rng.lognormvariate(0, price.spread) * card.customer.wealth
    amount = min(_LARGEST, max(1.0, price.median * factor))
    if merchant.is_online:
        channel = SpendingChannel.ONLINE.value
    else:
        scanned = amount < 200 and rng.random() < 0.6
        channel = (SpendingChannel.QR if scanned else SpendingChannel.POS).value
    hour = min(23, max(0, round(rng.gauss(15, 4.5))))
    return {
        "reference": f"T{sequence:010d}",
        "card": card.reference,
        "kind": "purchase",
        "amount": f"{amount:.2f}",
        "posted_date": day,
        "posted_time": f"{hour:02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}",
        "merchant": merchant.number,
        "mcc": merchant.mcc,
        "channel": channel,
        "division_code": merchant.division_code,
        "refund_of": None,
    }


def _refund_row(rng: random.Random, purchase: Row, day: str) -> Row:
    """Most refunds give everything back, some a part."""
    paid = float(purchase["amount"] or 0)
    amount = paid if rng.random() < 0.72 else max(0.01, paid * rng.uniform(0.1, 0.8))
    reference = purchase["reference"] or ""
    return {
        **purchase,
        "reference": f"R{reference[1:]}",
        "kind": "refund",
        "amount": f"{amount:.2f}",
        "posted_date": day,
        "refund_of": reference,
    }
