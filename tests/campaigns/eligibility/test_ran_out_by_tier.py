"""When the stock of each tier ends in a back-test, where customers are given several, one after the
other: the evening of a tier is its own, and so is the hour by which it was come to."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.eligibility import queries
from journeys.models import Card
from portal.kit import clock
from tests.campaigns.eligibility.test_kinds import SPENT, later, run_of
from tests.factories.campaigns import TIER, approved, card_in_use
from tests.factories.journeys import TransactionFactory

pytestmark = pytest.mark.django_db
MORE = SPENT | {"at_least": "1000.00"}


def ladder(kind: str, low: int | None, high: int | None) -> list[dict[str, Any]]:
    return [
        TIER | {"code": "low", "kind": kind, "value": "5.00", "stock": low},
        TIER | {"code": "high", "kind": kind, "value": "20.00", "stock": high, "needs": MORE},
    ]


def buys(card: Card, yuan: str, day: int, hour: int) -> dt.datetime:
    at = clock.start_of(later(day)) + dt.timedelta(hours=hour)
    TransactionFactory(card=card, amount=Decimal(yuan), posted_date=later(day), posted_at=at)
    return at


def test_a_tier_ends_on_its_own_evening_though_more_came_to_its_holder_later() -> None:
    version = approved(rewards={"mode": "each", "tiers": ladder("gift", 1, 1)})
    card = card_in_use(spent="450.00")
    first, second = buys(card, "60.00", 2, 9), buys(card, "600.00", 4, 7)
    run = run_of(version, "back_test", first=later(1), on=later(5))
    found = {one.tier: one.whole for one in queries.figures_of(run).ran_out}
    assert {code: (one.given, one.day, one.at) for code, one in found.items()} == {
        "low": (1, later(2), first), "high": (1, later(4), second),
    }  # fmt: skip
    tiers = queries.figures_of(run).tiers
    assert tiers == {"low": (1, Decimal("5.00")), "high": (1, Decimal("20.00"))}


def test_what_was_exchanged_for_more_takes_nothing_of_a_stock_any_more() -> None:
    """One is given the low tier and later the high one instead: the unit goes to the next, and the
    day of that one is when the stock ends. By tier stands what was given, no yuan of it twice."""
    version = approved(rewards={"mode": "highest", "tiers": ladder("cash_back", 1, None)})
    rising, waiting = card_in_use(spent="450.00"), card_in_use(spent="450.00")
    buys(rising, "60.00", 2, 9)
    came = buys(waiting, "60.00", 3, 8)
    buys(rising, "600.00", 4, 7)
    run = run_of(version, "back_test", first=later(1), on=later(5))
    (ended,) = queries.figures_of(run).ran_out
    assert (ended.tier, ended.given, ended.day, ended.at) == ("low", 1, later(4), came)
    assert ended.branches == {waiting.customer.branch_id: ended.whole}
    found = queries.figures_of(run)
    assert found.tiers == {"low": (2, Decimal("10.00")), "high": (1, Decimal("15.00"))}
    assert sum(amount for _count, amount in found.tiers.values()) == found.given.amount


def test_who_was_refused_the_low_tier_comes_to_the_high_one_by_a_later_hour() -> None:
    version = approved(rewards={"mode": "highest", "tiers": ladder("gift", 1, 1)})
    buys(card_in_use(spent="450.00"), "60.00", 2, 6)
    card = card_in_use(spent="450.00")
    buys(card, "60.00", 2, 9)
    second = buys(card, "600.00", 4, 7)
    run = run_of(version, "back_test", first=later(1), on=later(5))
    found = {one.tier: one.whole for one in queries.figures_of(run).ran_out}
    assert (found["high"].given, found["high"].day, found["high"].at) == (1, later(4), second)
