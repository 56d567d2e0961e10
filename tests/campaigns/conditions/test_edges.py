"""Edges by table: refunds, ends of months, leap years, midnight, what was first."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from campaigns.conditions.enums import Source
from campaigns.conditions.rules import base, names
from tests.campaigns.conditions import asking, kinds_oracle, worlds, writing

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)
ONE = dt.timedelta(days=1)
CARD = 10_000_000


def world_of(*, on: dt.date, issued: dt.date = DAY, **facts: Any) -> worlds.World:
    """One customer with one card; a transaction is (reference, day, amount, more)."""
    card = {
        "id": CARD, "customer": 1_000_000, "product": "P0", "is_primary": True, "issued": issued,
        "filed": None, "activated": issued + ONE, "used": issued + ONE, "closed": None,
    }  # fmt: skip
    person = {"id": 1_000_000, "born": dt.date(2004, 2, 29), "branch": "B1", "registered": DAY}
    spent = [
        {
            "reference": reference, "customer": 1_000_000, "card": CARD, "day": day, "at": None,
            "amount": Decimal(amount), "merchant": None, "mcc": "", "channel": "",
            "division": "", "refund_of": "",
        }
        | more
        for reference, day, amount, more in facts.pop("spent", [])
    ]  # fmt: skip
    return {
        "start": DAY, "on": on, "customers": [person], "cards": [card], "applications": [],
        "transactions": spent, "points": [], "consents": [], "grants": [], "runs": [],
    } | facts  # fmt: skip


def ask(leaf: dict[str, Any], world: worlds.World) -> list[Any]:
    """What the SQL finds; the oracle has to find the same."""
    writing.write(world)
    found = asking.found_of([leaf], world["on"])[CARD][0]
    view = world | {
        "branches": worlds.BRANCHES, "merchants": worlds.MERCHANTS, "merged": worlds.MERGED,
        "categories": worlds.CATEGORIES, "zone": worlds.ZONE, "rules": worlds.RULES,
    }  # fmt: skip
    card = world["cards"][0]
    assert kinds_oracle.KINDS[leaf["kind"]](leaf, card, view, world["on"]) == list(found[:2])
    return list(found[:2])


def after(days: int) -> dt.date:
    return DAY + days * ONE


SPENDING = {"kind": "spending_in_window", "days": 10, "last_day": "inside", "at_least": "100.00"}
BOUGHT = ("T1", after(10), "100.00", {})


@pytest.mark.parametrize(("refunds", "back", "more", "total"), [
    ("when_posted", ("F1", after(11), "-0.01"), {"refund_of": "T1"}, "100.00"),
    ("of_purchases", ("F1", after(11), "-0.01"), {"refund_of": "T1"}, "99.99"),
    ("of_purchases", ("F1", after(11), "-0.01"), {"refund_of": "T9"}, "100.00"),
    ("of_purchases", ("F1", after(10), "-0.01"), {"refund_of": "T9"}, "99.99"),
    ("of_purchases", ("F1", after(10), "-0.01"), {}, "99.99"),
    ("of_purchases", ("F1", after(9), "-0.01"), {"refund_of": "T1"}, "99.99"),
    # What comes after the day looked at is not seen.
    ("of_purchases", ("F1", after(31), "-0.01"), {"refund_of": "T1"}, "100.00"),
])  # fmt: skip
def test_a_refund_is_deducted_where_the_rule_says(
    refunds: str, back: Any, more: dict[str, str], total: str
) -> None:
    found = ask(
        SPENDING | {"refunds": refunds}, world_of(on=after(30), spent=[BOUGHT, (*back, more)])
    )
    assert found == [total == "100.00", total]


@pytest.mark.parametrize(("back", "found"), [
    ([], [True, 1]), (["-99.99"], [True, 1]), (["-50.00", "-50.00"], [False, 0]),
    (["-100.00"], [False, 0]), (["-120.00"], [False, 0]),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["purchases_in_window", "spending_days_in_window"])
def test_a_purchase_counts_until_it_is_refunded_wholly(
    kind: str, back: list[str], found: list[Any]
) -> None:
    refunds = [
        (f"F{number}", after(20), amount, {"refund_of": "T1"}) for number, amount in enumerate(back)
    ]
    leaf = {"kind": kind, "days": 10, "last_day": "inside", "at_least": 1}
    assert ask(leaf, world_of(on=after(30), spent=[BOUGHT, *refunds])) == found


NOON = dt.datetime(2026, 3, 5, 12, tzinfo=worlds.ZONE)
FIRST = {"kind": "first_transaction", "days": 10, "last_day": "inside", "at_least": "10.00"}


@pytest.mark.parametrize(("spent", "found"), [
    ([], [False, None]),
    ([("T2", after(4), "10.00", {}), ("T1", after(5), "1.00", {})],
     [True, ["2026-03-05", "10.00"]]),
    # Of one day: without a time before any time, then the time, then the reference.
    ([("T1", after(4), "1.00", {"at": NOON}), ("T2", after(4), "10.00", {})],
     [True, ["2026-03-05", "10.00"]]),
    ([("T1", after(4), "1.00", {"at": NOON}), ("T2", after(4), "10.00", {"at": NOON - ONE / 24})],
     [True, ["2026-03-05", "10.00"]]),
    ([("T2", after(4), "1.00", {"at": NOON}), ("T1", after(4), "10.00", {"at": NOON})],
     [True, ["2026-03-05", "10.00"]]),
    # It stays the first, though it was given back, and no later one takes its place.
    ([("T1", after(4), "10.00", {}), ("F1", after(20), "-0.01", {"refund_of": "T1"}),
      ("T2", after(5), "500.00", {})], [False, ["2026-03-05", "9.99"]]),
    ([("T1", after(10), "10.00", {})], [True, ["2026-03-11", "10.00"]]),
    ([("T1", after(11), "10.00", {})], [False, ["2026-03-12", "10.00"]]),
    ([("T1", after(-1), "10.00", {})], [False, ["2026-02-28", "10.00"]]),
])  # fmt: skip
def test_the_first_purchase_is_the_first_for_good(spent: list[Any], found: list[Any]) -> None:
    assert ask(FIRST, world_of(on=after(30), spent=spent)) == found


def spent_in(*days: dt.date) -> list[Any]:
    return [(f"T{number}", day, "100.00", {}) for number, day in enumerate(days)]


JAN, FEB, MARCH = dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 3, 1)


@pytest.mark.parametrize(("on", "days", "found"), [
    # The running month counts once it has reached the sum, and breaks nothing until it ends.
    (dt.date(2026, 3, 30), [JAN, FEB], [True, 2]),
    (dt.date(2026, 3, 30), [JAN, FEB, MARCH], [True, 2]),
    (dt.date(2026, 3, 30), [FEB, MARCH], [True, 2]),
    (dt.date(2026, 3, 31), [JAN, FEB], [False, 0]),
    (dt.date(2026, 3, 31), [FEB, MARCH], [True, 2]),
    (dt.date(2026, 4, 1), [FEB, MARCH], [True, 2]),
    (dt.date(2026, 4, 1), [JAN, MARCH], [False, 1]),
    (dt.date(2026, 2, 28), [JAN], [False, 0]),
    (dt.date(2026, 2, 27), [JAN], [False, 1]),
    (dt.date(2024, 2, 28), [dt.date(2024, 1, 1)], [False, 1]),
    (dt.date(2024, 2, 29), [dt.date(2024, 1, 1)], [False, 0]),
    (dt.date(2026, 1, 15), [dt.date(2025, 12, 31), dt.date(2025, 11, 1)], [True, 2]),
])  # fmt: skip
def test_months_in_a_row(on: dt.date, days: list[dt.date], found: list[Any]) -> None:
    leaf = {"kind": "months_in_row", "months": 2, "at_least": "100.00"}
    assert ask(leaf, world_of(on=on, issued=dt.date(2023, 1, 1), spent=spent_in(*days))) == found


@pytest.mark.parametrize(("on", "years"), [
    (dt.date(2026, 2, 28), 21), (dt.date(2026, 3, 1), 22), (dt.date(2028, 2, 28), 23),
    (dt.date(2028, 2, 29), 24), (dt.date(2004, 2, 29), 0), (dt.date(2004, 2, 28), None),
])  # fmt: skip
def test_age_of_who_was_born_on_29_february(on: dt.date, years: int | None) -> None:
    found = ask({"kind": "age", "at_least": 22}, world_of(on=on, issued=dt.date(2003, 1, 1)))
    assert found == [(years or 0) >= 22, years]


@pytest.mark.parametrize(("said", "recorded", "is_granted", "holds"), [
    ("2026-03-10T23:59:59.999999", 0, True, True),
    ("2026-03-11T00:00:00", 0, True, False),
    ("2026-03-10T23:59:59.999999", 0, False, False),
    # A withdrawal of the next day is not seen yet.
    ("2026-03-11T00:00:00", 0, False, True),
])  # fmt: skip
def test_the_day_of_a_consent_ends_at_the_banks_midnight(
    said: str, recorded: int, is_granted: bool, holds: bool
) -> None:
    def word(at: str, is_granted: bool) -> dict[str, Any]:
        instant = dt.datetime.fromisoformat(at).replace(tzinfo=worlds.ZONE)
        return {"customer": 1_000_000, "purpose": "marketing", "channel": "sms",
                "is_granted": is_granted, "effective": instant, "recorded": instant}  # fmt: skip

    consents = [word(said, is_granted)]
    if not is_granted:
        consents.append(word("2026-03-05T12:00:00", True))
    leaf = {"kind": "consent", "purpose": "marketing", "channel": "sms"}
    assert ask(leaf, world_of(on=after(9), consents=consents)) == [holds, holds]


def over_four_years(expressions: list[str], parameters: dict[str, Any]) -> list[Any]:
    """Expressions about a card issued on each of 1,461 days, 29 February among them."""
    sql = (
        f"SELECT issued_date, {', '.join(expressions)} FROM (SELECT day::date AS issued_date FROM"
        " generate_series(date '2023-01-01', date '2026-12-31', '1 day') AS day) AS subject"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": dt.date(2030, 1, 1)} | parameters)
        rows = cursor.fetchall()
    assert len(rows) == 1461
    return rows


@pytest.mark.parametrize(("last_day", "length"), [("inside", 65), ("outside", 64)])
def test_the_window_holds_the_days_that_it_says_whenever_it_begins(
    last_day: str, length: int
) -> None:
    condition: Any = asking.read(SPENDING | {"days": 65, "last_day": last_day})
    # Every day from two before the first to two after the last.
    days = f"ARRAY(SELECT issued_date + n FROM generate_series(-2, 67) n WHERE {{}})"  # noqa: F541
    inside = days.format(condition.within_sql("c", "issued_date + n"))
    deadline = condition.deadline_sql("c")
    for issued, found, last in over_four_years([inside, deadline], condition.parameters("c")):
        expected = [issued + number * ONE for number in range(length + 1)]
        assert (found, last) == (expected, expected[-1])


@pytest.mark.parametrize("months", [1, 2, 6, 12, 18])
def test_months_of_rest_end_with_a_month_that_is_shorter(months: int) -> None:
    condition: Any = asking.read({"kind": "asleep", "months": months})
    asleep = condition.asleep_sql("c", "issued_date")
    for issued, found in over_four_years([asleep], condition.parameters("c")):
        card = {"id": CARD, "customer": 1_000_000, "issued": issued}
        assert found == kinds_oracle.rest({"months": months}, card, {"transactions": []}, issued)[1]
        assert condition.asleep_from(issued.isoformat()) == (issued, found)


def test_sentences_and_receipts_call_codes_by_the_names_of_the_moment() -> None:
    condition = asking.read({"kind": "branch", "branches": ["R1", "R2"]})
    subject = base.Subject(DAY, DAY, None)
    known = {(Source.BRANCHES, "R1"): "South", (Source.BRANCHES, "B9"): "Harbour"}
    with translation.override("en"):
        with names.known_as(known):
            told = condition.explain("B9", False, subject)
            assert (told.have, told.need) == ("Harbour", "South, R2")
        assert condition.explain("B9", False, subject).have == "B9"
    assert set(condition.mentions("B9")) == {
        (Source.BRANCHES, "R1"), (Source.BRANCHES, "R2"), (Source.BRANCHES, "B9"),
    }  # fmt: skip


# --- near the goal of another campaign ----------------------------------------------------------
def run_of(
    spent: str, *, kind: str = "live", base: Any = None, failed_at: int | None = 0,
    state: str = "done", on: dt.date = DAY, is_about: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """A run of x-two, which asks for 60.00 in the 45 days after the issue."""
    is_near = failed_at is not None
    says = {
        "card": CARD, "failed_at": failed_at,
        "gap": Decimal("60.00") - Decimal(spent) if is_near else None,
        "deadline": DAY + 45 * ONE if is_near else None,
        "outcome": "qualified" if failed_at is None else "not_qualified",
    }  # fmt: skip
    return {
        "campaign": "x-two", "kind": kind, "state": state, "on": on, "base": base,
        "decisions": {1_000_000: says} if is_about else {},
    }  # fmt: skip


EARLIER = run_of("50.00")


@pytest.mark.parametrize(("runs", "at_most", "days", "found"), [
    ([], "10.00", 1, [False, None]),
    ([run_of("50.00")], "10.00", 1, [True, ["10.00", "2026-04-15"]]),
    ([run_of("50.00")], "9.99", 1, [False, ["10.00", "2026-04-15"]]),
    ([run_of("50.00")], "10.00", 35, [True, ["10.00", "2026-04-15"]]),
    ([run_of("50.00")], "10.00", 36, [False, ["10.00", "2026-04-15"]]),
    ([run_of("50.00", failed_at=None)], "10.00", 1, [False, None]),
    # The newest counts; one that did not end well, or of a later day, does not.
    ([run_of("50.00"), run_of("20.00")], "10.00", 1, [False, ["40.00", "2026-04-15"]]),
    ([run_of("50.00"), run_of("20.00", state="failed")], "10.00", 1,
     [True, ["10.00", "2026-04-15"]]),
    ([run_of("50.00"), run_of("20.00", on=DAY + 11 * ONE)], "10.00", 1,
     [True, ["10.00", "2026-04-15"]]),
    # A dry run counts where there is no live one; a preview never.
    ([run_of("50.00"), run_of("20.00", kind="dry_run")], "10.00", 1,
     [True, ["10.00", "2026-04-15"]]),
    ([run_of("50.00", kind="dry_run")], "10.00", 1, [True, ["10.00", "2026-04-15"]]),
    ([run_of("50.00", kind="preview")], "10.00", 1, [False, None]),
    # Of a run on another: its own word, and where it says nothing that of the other.
    ([EARLIER, run_of("20.00", base=EARLIER)], "10.00", 1, [False, ["40.00", "2026-04-15"]]),
    ([EARLIER, run_of("20.00", base=EARLIER, is_about=False)], "10.00", 1,
     [True, ["10.00", "2026-04-15"]]),
])  # fmt: skip
def test_near_the_goal_of_another_campaign(
    runs: list[Any], at_most: str, days: int, found: list[Any]
) -> None:
    leaf = {"kind": "near_goal", "campaign": "x-two", "at_most": at_most, "days_left": days}
    assert ask(leaf, world_of(on=DAY + 10 * ONE, runs=runs)) == found
    condition = asking.read(leaf)
    subject = base.Subject(DAY + 10 * ONE, DAY, None)
    with translation.override("en"):
        told = condition.explain(found[1], found[0], subject)
    assert (told.gap == "") is found[0]


@pytest.mark.parametrize(("value", "is_met", "have", "gap"), [
    (None, False, "Not short of spending alone", "Not near that goal"),
    (["1200.00", "2026-03-20"], True, "¥1,200 to go, until 2026-03-20", ""),
    (["1500.50", "2026-03-20"], False, "¥1,500.50 to go, until 2026-03-20",
     "Still further away by ¥300.50"),
    (["1200.00", "2026-03-12"], False, "¥1,200 to go, until 2026-03-12", "Too few days left"),
])  # fmt: skip
def test_nearness_is_explained(value: Any, is_met: bool, have: str, gap: str) -> None:
    condition = asking.read(
        {"kind": "near_goal", "campaign": "spring", "at_most": "1200", "days_left": 9}
    )
    subject = base.Subject(DAY + 10 * ONE, DAY, None)
    with translation.override("en"), names.known_as({(Source.CAMPAIGNS, "spring"): "Spring"}):
        told = condition.explain(value, is_met, subject)
        assert condition.sentence() == (
            "In the campaign Spring the customer lacks spending of ¥1,200 at most, and has 9 days "
            "or more left for it."
        )
    assert (told.have, told.need, told.gap) == (
        have, "At most ¥1,200 to go in Spring, with 9 days left or more", gap,
    )  # fmt: skip
