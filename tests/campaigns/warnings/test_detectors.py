"""Each detector at its edges."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.warnings.enums import Kind, Severity, Subject
from campaigns.warnings.rules.detectors import giving, issuing, people, places, sleeping
from campaigns.warnings.rules.limits import USUAL

ON = dt.date(2026, 6, 30)
DAY = dt.timedelta(days=1)


def _account(**values: Any) -> giving.Account:
    usual: dict[str, Any] = {
        "campaign": 1, "most": Decimal(10_000), "left": Decimal(1_000), "last_day": None,
        "by_day": {ON - DAY * back: Decimal(100) for back in range(14)},
    }  # fmt: skip
    return giving.Account(**(usual | values))


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ({}, Severity.WARN),
        ({"left": Decimal(300)}, Severity.SEVERE),
        ({"left": Decimal("1400")}, Severity.WARN),
        ({"left": Decimal("1400.01")}, None),  # a day more
        ({"left": Decimal(0)}, None),  # it refuses already, and is told so elsewhere
        ({"last_day": ON + 10 * DAY}, Severity.WARN),
        ({"last_day": ON + 9 * DAY}, None),  # it ends before
        ({"by_day": {ON: Decimal(900), ON - DAY: Decimal(900)}}, None),  # two days say nothing
        ({"by_day": {}}, None),
    ],
)
def test_a_budget_that_runs_out(values: dict[str, Any], severity: Severity | None) -> None:
    found = giving.budget([_account(**values)], USUAL[Kind.BUDGET], ON)
    assert [one.severity for one in found] == [severity] * (severity is not None)


NOW = dt.datetime(2026, 6, 30, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("count", "before", "severity"),
    [
        (29, [10] * 7, None),
        (30, [10] * 7, Severity.WARN),
        (80, [10] * 7, Severity.SEVERE),
        (80, [10] * 6, None),  # too few days and hours to be usual
        (19, [2] * 7, None),  # too few rewards
        (30, [10] * 18 + [40], None),  # the busiest of nineteen hours is usual
        (30, [10] * 19 + [40], Severity.WARN),  # one of twenty is not
    ],
)
def test_a_burst_of_an_hour(count: int, before: list[int], severity: Severity | None) -> None:
    hour = dt.timedelta(hours=1)
    usual = {  # an hour of each of seven days, and again
        NOW - DAY * (back % 7 + 1) - hour * (back // 7): number
        for back, number in enumerate(before)
    }
    hours = giving.Hours(1, {NOW: count}, usual | {NOW: count})
    found = giving.burst([hours], USUAL[Kind.BURST])
    assert [one.severity for one in found] == [severity] * (severity is not None)
    assert [one.period for one in found] == ["2026-06-30"] * (severity is not None)


def test_hours_of_a_few_days_are_not_usual() -> None:
    usual = {NOW - dt.timedelta(hours=back + 1): 10 for back in range(24 * 5)}
    found = giving.burst([giving.Hours(1, {NOW: 80}, usual)], USUAL[Kind.BURST])
    assert found == []


@pytest.mark.parametrize(
    ("of", "whole", "finds"), [(16, 20, True), (16, 19, False), (6, 20, False)]
)  # fmt: skip
def test_cards_never_used_are_compared_with_those_of_the_others(
    of: int, whole: int, finds: bool
) -> None:
    others = [issuing.Part(Subject.STAFF, key, 1, 20, 100) for key in range(2, 6)]
    rows = [issuing.Part(Subject.STAFF, 1, 1, of, whole), *others]
    found = issuing.never_used(rows, USUAL[Kind.NEVER_USED])
    assert [(one.key, one.staff) for one in found] == [("1", 1)] * finds


def test_without_others_nothing_is_unusual() -> None:
    alone = [issuing.Part(Subject.BRANCH, 1, 1, 50, 50)]
    assert issuing.never_used(alone, USUAL[Kind.NEVER_USED]) == []


def test_branches_are_not_compared_with_people() -> None:
    rows = [
        issuing.Part(Subject.BRANCH, 1, 1, 45, 50), issuing.Part(Subject.STAFF, 1, 1, 1, 50),
    ]  # fmt: skip
    assert issuing.never_used(rows, USUAL[Kind.NEVER_USED]) == []


def test_a_push_at_the_months_end_is_one_fact_for_each_month() -> None:
    rows = [issuing.Part(Subject.BRANCH, key, key, 12, 100) for key in range(2, 8)]
    rows.append(issuing.Part(Subject.BRANCH, 1, 1, 60, 100))
    month = issuing.Month(dt.date(2026, 5, 1), rows, {1: [("2026-04", 12.0)]})
    [one] = issuing.month_end(month, USUAL[Kind.MONTH_END])
    assert (one.key, one.period, one.branch) == ("1", "2026-05", 1)
    assert one.evidence["series"] == [["2026-04", 12.0], ["2026-05", 60.0]]


@pytest.mark.parametrize(
    ("total", "pieces", "band"),
    [
        ("499.99", 3, ""), ("500.00", 3, places.NEAR), ("500.00", 2, ""),
        ("549.99", 3, places.NEAR), ("550.00", 3, places.AROUND), ("649.99", 3, places.AROUND),
        ("650.00", 3, ""),
    ],
)  # fmt: skip
def test_sums_just_enough_and_somewhat_more(total: str, pieces: int, band: str) -> None:
    assert places.band_of(Decimal(total), Decimal(500), pieces) == band


@pytest.mark.parametrize(
    ("near", "around", "severity"),
    [(4, 0, None), (5, 0, Severity.WARN), (12, 0, Severity.SEVERE), (12, 20, None)],
)
def test_sums_that_bunch_at_a_merchant(near: int, around: int, severity: Severity | None) -> None:
    found = places.splitting([places.Bunch(7, 1, 2, near, around)], USUAL[Kind.SPLITTING])
    assert [one.severity for one in found] == [severity] * (severity is not None)
    assert [(one.period, one.campaign, one.branch) for one in found] == [
        ("c7", 7, 2)
    ] * (severity is not None)  # fmt: skip


@pytest.mark.parametrize(
    ("payers", "finds"),
    [({1: 90, 2: 5, 3: 5}, True), ({1: 95, 2: 5}, False), ({1: 40, 2: 5, 3: 4}, False)],
)
def test_a_campaign_that_lives_on_one_partner(payers: dict[int, int], finds: bool) -> None:
    found = places.concentration([places.Partners(1, payers)], USUAL[Kind.CONCENTRATION])
    assert [one.evidence["merchant"] for one in found] == [1] * finds


@pytest.mark.parametrize(
    ("asleep", "cards", "severity"),
    [
        (179, 1_000, None), (180, 1_000, Severity.WARN), (199, 1_000, Severity.WARN),
        (200, 1_000, Severity.SEVERE), (199, 199, None), (0, 0, None),
    ],
)  # fmt: skip
def test_a_share_of_sleeping_cards_that_nears_the_ceiling(
    asleep: int, cards: int, severity: Severity | None
) -> None:
    rows = [sleeping.Asleep(ON, 1, cards, asleep, 7)]
    found = sleeping.sleeping(rows, USUAL[Kind.SLEEPING], ceiling=Decimal(20))
    assert [one.severity for one in found] == [severity] * (severity is not None)
    assert [(one.branch, one.period) for one in found] == [(1, "2026-06")] * len(found)


@pytest.mark.parametrize(
    ("grants", "severity"), [(1, Severity.WARN), (2, Severity.WARN), (3, Severity.SEVERE)]
)
def test_staff_rewarded_as_customers(grants: int, severity: Severity) -> None:
    [one] = people.self_dealing([people.Own(4, 1, 1, grants)], USUAL[Kind.SELF_DEALING])
    assert (one.severity, one.staff, one.key) == (severity, 4, "4")


@pytest.mark.parametrize(
    ("customers", "severity"), [(3, None), (4, Severity.WARN), (8, Severity.SEVERE)]
)
def test_the_same_customers_again_and_again(customers: int, severity: Severity | None) -> None:
    rows = [people.Served(4, 1, 9, customers, 3 * customers)]
    found = people.desk(rows, USUAL[Kind.DESK])
    assert [(one.severity, one.period) for one in found] == [
        (severity, "m9")
    ] * (severity is not None)  # fmt: skip


@pytest.mark.parametrize(
    ("complaints", "messages", "finds"), [(2, 100, False), (9, 1_000, True), (9, 90_000, False)]
)
def test_complaints_are_told_by_the_messages_sent(
    complaints: int, messages: int, finds: bool
) -> None:
    rows = [people.Complained(Subject.VERSION, "a/1", 3, complaints, messages)]
    found = people.complaints(
        rows, USUAL[Kind.COMPLAINTS], complained=complaints + 20, sent=200_000
    )
    assert [(one.key, one.campaign) for one in found] == [("a/1", 3)] * finds


@pytest.mark.parametrize(
    ("times", "customers", "finds"), [(8, 8, True), (8, 3, False), (2, 2, False)]
)
def test_refunds_at_a_merchant_beside_its_purchases(
    times: int, customers: int, finds: bool
) -> None:
    rows = [giving.Refunded(1, 5, times, customers, 400), giving.Refunded(2, 5, 3, 3, 4_000)]
    found = giving.refund(rows, USUAL[Kind.REFUND], purchases=10_000)
    assert [(one.key, one.branch) for one in found] == [("1", 5)] * finds


@pytest.mark.parametrize(
    ("days", "severity"), [(2, None), (3, Severity.WARN), (6, Severity.SEVERE)]
)
def test_customers_who_take_back_again_and_again(days: int, severity: Severity | None) -> None:
    found = giving.returners([giving.Returner(8, 1, days)], USUAL[Kind.REFUND])
    assert [(one.severity, one.customer) for one in found] == [
        (severity, 8)
    ] * (severity is not None)  # fmt: skip
