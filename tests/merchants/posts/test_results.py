"""What posts brought: hours really stood, wins of the bank's records, cost, intervals, places."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest

from merchants.posts import queries
from merchants.posts.rules import Figures, Result, Stood, Tariff, by_rate, cost_of
from portal.kit import clock
from portal.staff.access import Scope
from tests.factories import journeys
from tests.factories import posts as made
from tests.project.rows import row_of

EVERYWHERE = Scope(branch_path="")
FIRST, END = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
SPAN: dict[str, Any] = {"first": FIRST, "end": END, "at": clock.start_of(END)}


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Exact limits of a Poisson count: tables of Garwood (1936).
    [(0, 0.0, 3.69), (1, 0.03, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (100, 81.36, 121.63)],
)
def test_the_interval_is_that_of_a_poisson_count(count: int, low: float, high: float) -> None:
    figures = Figures(count, 1.0)
    assert figures.low == pytest.approx(low, abs=0.05)
    assert figures.high == pytest.approx(high, abs=0.05)


def test_without_hours_no_rate_is_told() -> None:
    figures = Figures(3, 0.0)
    assert (figures.rate, figures.low, figures.high) == (None, 0.0, math.inf)


def test_cost_by_the_hour_by_the_day_and_not_known() -> None:
    days = [Stood(dt.date(2026, 3, 10), 7.5), Stood(dt.date(2026, 3, 20), 8.0)]
    hourly = Tariff(dt.date(2026, 3, 1), Decimal(40), "hour")
    daily = Tariff(dt.date(2026, 3, 15), Decimal(500), "day")
    assert cost_of(days, [hourly]) == Decimal("620.00")
    assert cost_of(days, [hourly, daily]) == Decimal("800.00")
    assert cost_of(days, [daily]) is None
    assert cost_of([], []) == Decimal("0.00")


def _result(key: int, hours: float, won: int) -> Result:
    return Result(key, hours, shifts=1, won={"application": won})


def test_places_are_shared_where_intervals_overlap_and_small_numbers_have_none() -> None:
    rows = [
        _result(1, 100, 100), _result(2, 100, 90), _result(3, 100, 10), _result(4, 19.9, 50),
        _result(5, 200, 4), _result(6, 20, 5),
    ]  # fmt: skip
    found = [(row.key, places) for row, places in by_rate(rows)]
    assert found == [
        (1, (1, 2)), (2, (1, 2)), (6, (3, 4)), (3, (3, 4)), (5, None), (4, None),
    ]  # fmt: skip


def _won(post: Any, on: dt.date, **card: Any) -> None:
    application = journeys.ApplicationFactory(
        post=post, merchant=post.store.merchant, filed_date=on, state="approved", decided_date=on
    )
    if card:
        journeys.CardFactory(
            application=application, customer=application.customer, issued_date=on, **card
        )


@pytest.mark.django_db
def test_hours_wins_and_cost_by_post_and_by_merchant_and_scenario() -> None:
    post = made.post_at()
    other = made.post_at(post.store, scenario="groceries")
    made.cost(post, amount=Decimal(40))
    made.stood(post, came="10:15", left="17:45")
    made.stood(post, on=dt.date(2026, 3, 11), came="10:00", left="18:00")
    made.planned(post, on=dt.date(2026, 3, 12))  # nobody came
    _won(post, made.DAY, activated_date=made.DAY, first_used_date=made.DAY)
    _won(post, made.DAY, activated_date=made.DAY)
    _won(post, made.DAY, activated_date=made.DAY, first_used_date=made.DAY, closed_date=made.DAY)
    _won(post, made.DAY)
    _won(post, END)  # later
    _won(other, made.DAY)
    row_of("journeys.Lead", post=post, source="post", created_at=made.hour("12:00"))
    of_post = queries.of_post(post=post, **SPAN)
    assert (of_post.hours, of_post.shifts, of_post.late, of_post.missed) == (15.5, 2, 1, 1)
    assert dict(of_post.won) == {
        "application": 4, "card": 3, "activation": 3, "active": 1, "lead": 1,
    }  # fmt: skip
    rates = (of_post.leads, of_post.applications, of_post.activations)
    assert [one.rate for one in rates] == [1 / 15.5, 4 / 15.5, 3 / 15.5]
    assert all(one.low < (one.rate or 0) < one.high for one in rates)
    assert (of_post.cost, of_post.cost_per_active) == (Decimal("620.00"), Decimal("620.00"))
    assert not of_post.is_ranked
    lines = queries.by_post(scope=EVERYWHERE, **SPAN)
    assert [(line.post, line.result.applications.count) for line in lines] == [
        (post, 4), (other, 1),
    ]  # fmt: skip
    found = {
        (line.merchant, line.scenario): (line.result.won["application"], line.result.cost)
        for line in queries.by_merchant(scope=EVERYWHERE, **SPAN)
    }
    merchant = post.store.merchant
    assert found == {
        (merchant, "dining"): (4, Decimal("620.00")), (merchant, "groceries"): (1, Decimal("0.00")),
    }  # fmt: skip


def test_cards_of_a_post_at_which_nobody_stood_do_not_cost_nothing() -> None:
    row = Result(1, hours=0.0, won={"active": 4}, cost=Decimal("0.00"))
    assert (row.cost_per_active, row.cost_bounds) == (None, None)


@pytest.mark.django_db
def test_without_a_cost_it_is_not_known() -> None:
    post = made.post_at()
    made.stood(post)
    _won(post, made.DAY, activated_date=made.DAY, first_used_date=made.DAY)
    result = queries.of_post(post=post, **SPAN)
    assert (result.cost, result.cost_per_active, result.cost_bounds) == (None, None, None)


@pytest.mark.django_db
def test_results_stay_within_the_scope() -> None:
    post = made.post_at()
    made.stood(post)
    strange = made.chief(made.post_at().branch)
    scope = Scope(branch_path=strange.branch.path)
    assert queries.by_post(scope=scope, **SPAN) == []
    assert len(queries.by_post(scope=Scope(post.branch.path), **SPAN)) == 1


@pytest.mark.django_db
def test_the_dearest_post_of_the_year_before_a_day() -> None:
    store = made.store_of()
    merchant, half = store.merchant_id, made.DAY + dt.timedelta(days=182)

    def dearest(on: dt.date = half) -> Decimal | None:
        return queries.dearest_year(merchant_id=merchant, on=on, without=[])

    first, second = made.post_at(store), made.post_at(store)
    made.cost(first, amount=Decimal(40))
    assert dearest() is None  # nobody stood there
    made.stood(first)  # eight hours
    assert dearest() == Decimal("320.00")
    # What a post cost since last week says nothing about a year.
    assert dearest(half - dt.timedelta(days=1)) is None
    assert (dearest(made.DAY), dearest(made.DAY + dt.timedelta(days=366))) == (None, None)
    assert dearest(made.DAY + dt.timedelta(days=365)) == Decimal("320.00")
    made.stood(second, left="16:00")
    assert dearest() is None  # what the other costs is not known
    made.cost(second, amount=Decimal(60))
    assert dearest() == Decimal("360.00")


@pytest.mark.django_db
def test_what_a_person_said_that_a_post_costs_is_no_record_of_that_person() -> None:
    store = made.store_of()
    post = made.post_at(store)
    made.stood(post)
    own, other = made.leader(post), made.chief(post.branch)
    made.cost(post, amount=Decimal(1))

    def dearest(*without: int) -> Decimal | None:
        on = made.DAY + dt.timedelta(days=182)
        return queries.dearest_year(merchant_id=store.merchant_id, on=on, without=without)

    assert (dearest(), dearest(other.pk), dearest(own.pk)) == (Decimal(8), Decimal(8), None)
    made.cost(post, amount=Decimal(40), first_date=made.DAY, actor=other)
    assert dearest(own.pk) == Decimal("320.00")
