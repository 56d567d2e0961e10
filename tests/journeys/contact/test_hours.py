"""Hours by channel, place and kind of day: by table, and over a whole year against the oracle."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.contact import queries
from journeys.contact.models import CalendarDay, CalendarYear, Contact, ContactHours, ContactRule
from journeys.contact.rules import GateVerdict
from tests.factories.journeys import ConsentFactory, CustomerFactory, make_years_known
from tests.journeys.contact import oracle
from tests.journeys.contact.oracle import SHANGHAI, Calendar, Rule

pytestmark = pytest.mark.django_db

BEGIN = dt.date(2020, 1, 1)


def write(rules: Sequence[Rule], channel: str = "sms") -> None:
    ContactHours.objects.bulk_create(
        ContactHours(
            effective_date=rule.since, channel=channel, division_prefix=rule.prefix,
            day_kind=rule.kind, opens=rule.opens, closes=rule.closes, source="test",
            is_overnight=rule.is_overnight, is_lifted=rule.is_lifted,
        )
        for rule in rules
    )  # fmt: skip


def know(calendar: Calendar) -> None:
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    CalendarYear.objects.bulk_create(
        CalendarYear(year=year, source="test") for year in calendar.years
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, is_workday=is_workday, name="x", source="test")
        for day, is_workday in calendar.others.items()
    )


def cap(day: int = 9, month: int = 9) -> None:
    ContactRule.objects.create(effective_date=BEGIN, day_cap=day, month_cap=month, source="test")


def ask(customer: Any, at: dt.datetime, channels: Sequence[str] = ("sms",)) -> GateVerdict:
    return queries.ask_gate(
        customer_ids=[customer.pk], purpose="marketing", channels=channels, dedup_key="A", at=at
    )[0]


def local(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=SHANGHAI)  # type: ignore[arg-type]


def usual(opens: int, closes: int, prefix: str = "", **more: Any) -> list[Rule]:
    return [
        Rule(BEGIN, prefix, kind, dt.time(opens), dt.time(closes % 24), **more)
        for kind in ("workday", "rest")
    ]


def person(code: str = "") -> Any:
    return ConsentFactory(
        customer__division_code=code, effective_at=local(2020, 1, 2), recorded_at=local(2020, 1, 2)
    ).customer


@pytest.mark.parametrize(
    ("rules", "code", "at", "planned"),
    [
        (usual(9, 20), "110101", (2026, 3, 2, 8), (2026, 3, 2, 9)),
        # The hours of the longest place that fits hold.
        ([*usual(9, 20), *usual(11, 21, "65")], "650102", (2026, 3, 2, 8), (2026, 3, 2, 11)),
        ([*usual(9, 20), *usual(11, 21, "65")], "640102", (2026, 3, 2, 8), (2026, 3, 2, 9)),
        ([*usual(9, 20), *usual(11, 21, "65"), *usual(12, 21, "6501")], "650102",
         (2026, 3, 2, 8), (2026, 3, 2, 12)),
        # A place without a rule for such a day follows the wider one.
        ([*usual(9, 20), Rule(BEGIN, "65", "rest", dt.time(13), dt.time(15))], "650102",
         (2026, 3, 2, 8), (2026, 3, 2, 9)),
        # Midnight is the end of the day; the whole day has no gap at midnight.
        (usual(9, 24), "", (2026, 3, 2, 23, 59, 59), (2026, 3, 2, 23, 59, 59)),
        (usual(9, 24), "", (2026, 3, 3, 0), (2026, 3, 3, 9)),
        (usual(0, 24), "", (2026, 3, 3, 0), (2026, 3, 3, 0)),
        # Past midnight: the hours belong to the day on which they open.
        (usual(21, 2, is_overnight=True), "", (2026, 3, 3, 1, 59, 59), (2026, 3, 3, 1, 59, 59)),
        (usual(21, 2, is_overnight=True), "", (2026, 3, 3, 2), (2026, 3, 3, 21)),
        # New Year's Day 2026 is a Thursday, and 4 January a Sunday on which people work.
        ([Rule(BEGIN, "", "workday", dt.time(9), dt.time(20)), Rule(BEGIN, "", "rest", None, None)],
         "", (2025, 12, 31, 20), (2026, 1, 4, 9)),
        # A rule that comes into force while one waits.
        ([*usual(9, 20), Rule(dt.date(2026, 3, 3), "", "workday", dt.time(15), dt.time(16))], "",
         (2026, 3, 2, 20), (2026, 3, 3, 15)),
        # A place that follows the wider one again.
        ([*usual(9, 20), *usual(11, 21, "65"),
          Rule(dt.date(2026, 3, 2), "65", "workday", None, None, is_lifted=True)], "650102",
         (2026, 3, 2, 8), (2026, 3, 2, 9)),
    ],
)  # fmt: skip
def test_the_next_opening(
    rules: list[Rule], code: str, at: tuple[int, ...], planned: tuple[int, ...]
) -> None:
    cap()
    write(rules)
    verdict = ask(person(code), local(*at))
    assert (verdict.answer, verdict.not_before) == ("open", local(*planned))


@pytest.mark.parametrize(
    ("rules", "at", "answer"),
    [
        ([], (2026, 3, 2, 10), "no_hours"),
        ([rule for rule in usual(9, 20) if rule.kind == "rest"], (2026, 3, 2, 10), "no_hours"),
        # Friday evening: of Saturday nothing is known, so nothing is planned beyond it.
        ([rule for rule in usual(9, 20) if rule.kind == "workday"], (2026, 3, 6, 20), "no_hours"),
        ([Rule(BEGIN, "", kind, None, None) for kind in ("workday", "rest")], (2026, 3, 2, 10),
         "no_hours"),
        (usual(9, 20, "65"), (2026, 3, 2, 10), "no_hours"),
        (usual(9, 20), (2026, 12, 31, 19, 59, 59), "open"),
        (usual(9, 20), (2026, 12, 31, 20), "no_calendar"),
        (usual(9, 20), (2027, 1, 1, 10), "no_calendar"),
        (usual(21, 2, is_overnight=True), (2026, 12, 31, 23), "open"),
        (usual(21, 2, is_overnight=True), (2027, 1, 1, 1), "no_calendar"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_closed(rules: list[Rule], at: tuple[int, ...], answer: str) -> None:
    cap()
    know(Calendar(frozenset({2026}), {}))
    write(rules)
    verdict = ask(person("110101"), local(*at))
    assert verdict.answer == answer
    if answer != "open":
        assert (verdict.channel, verdict.not_before, verdict.next_free) == ("sms", None, None)


def test_service_messages_keep_the_hours_of_their_channel() -> None:
    cap()
    write(usual(9, 20))
    write(usual(10, 12), channel="email")
    customer = CustomerFactory()
    early = local(2026, 3, 2, 8)
    found = [
        queries.ask_gate(
            customer_ids=[customer.pk], purpose="service", channels=[channel], dedup_key="A",
            at=early,
        )[0]
        for channel in ("sms", "email", "phone")
    ]  # fmt: skip
    assert [(one.answer, one.not_before) for one in found] == [
        ("open", local(2026, 3, 2, 9)), ("open", local(2026, 3, 2, 10)), ("no_hours", None),
    ]  # fmt: skip


half_hours = st.integers(0, 47).map(lambda number: dt.time(number // 2, number % 2 * 30))


TURNS = [BEGIN, dt.date(2026, 2, 14), dt.date(2026, 10, 2)]


@st.composite
def rules_of(draw: st.DrawFn, prefix: str) -> list[Rule]:
    """Up to two rules a kind of day for one place."""
    found = []
    for kind in ("workday", "rest"):
        for since in draw(st.sets(st.sampled_from(TURNS), max_size=2)):
            opens, closes = draw(half_hours), draw(half_hours)
            if opens == closes or draw(st.integers(0, 5)) == 0:
                is_lifted = prefix != "" and draw(st.booleans())
                found.append(Rule(since, prefix, kind, None, None, is_lifted=is_lifted))
            else:
                is_overnight = dt.time(0) < closes < opens
                found.append(Rule(since, prefix, kind, opens, closes, is_overnight))
    return found


def the_year() -> dict[dt.date, bool]:
    """The real holidays of 2026, from the file that the migration reads."""
    import importlib

    seed = importlib.import_module("journeys.migrations.0014_calendar_until_2026")
    return {
        dt.date.fromisoformat(day): is_workday
        for day, is_workday, _name in seed.read_days()
        if day.startswith("2026")
    }


YEAR = the_year()
near_holidays = st.sampled_from(sorted(YEAR)).flatmap(
    lambda day: st.integers(-2, 2).map(lambda days: day + dt.timedelta(days=days))
)
any_days = st.integers(0, 364).map(lambda days: dt.date(2026, 1, 1) + dt.timedelta(days=days))
seconds = st.one_of(
    st.integers(0, 86_399),
    st.tuples(half_hours, st.sampled_from([-1, 0, 1])).map(
        lambda found: (found[0].hour * 3600 + found[0].minute * 60 + found[1]) % 86_400
    ),
)


class Undone(Exception):
    """Takes an example's rows away again."""


@settings(max_examples=120, deadline=None)
@given(
    wide=rules_of(""),
    own=rules_of("65"),
    code=st.sampled_from(["650102", "110101"]),
    day=st.one_of(any_days, near_holidays, st.just(dt.date(2026, 12, 31))),
    second=seconds,
)
def test_hours_of_a_year_agree_with_the_oracle(
    wide: list[Rule], own: list[Rule], code: str, day: dt.date, second: int
) -> None:
    calendar = Calendar(frozenset({2025, 2026}), YEAR)
    at = local(day.year, day.month, day.day) + dt.timedelta(seconds=second)
    try:
        with transaction.atomic():
            cap()
            know(calendar)
            write([*wide, *own])
            verdict = ask(person(code), at)
            raise Undone
    except Undone:
        pass
    expected = oracle.planned([*wide, *own], calendar, code, at)
    found = verdict.not_before if verdict.is_open else verdict.answer
    assert found == expected


offsets = st.one_of(
    st.integers(-31 * 24, 40 * 24).map(lambda hours: dt.timedelta(hours=hours)),
    st.sampled_from(
        [dt.timedelta(days=days, microseconds=tiny)
         for days in (-30, -29, -1, 0, 1, 29, 30) for tiny in (-1, 0, 1)]
    ),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    hours=st.one_of(st.just(usual(9, 20)), st.just(usual(21, 2, is_overnight=True)),
                    st.just([Rule(BEGIN, "", "workday", dt.time(9), dt.time(12)),
                             Rule(BEGIN, "", "rest", None, None)])),
    caps=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=2),
    change=st.integers(1, 40),
    times=st.lists(offsets, max_size=9),
)  # fmt: skip
def test_the_next_free_instant_agrees_with_the_oracle(
    hours: list[Rule],
    caps: list[tuple[int, int]],
    change: int,
    times: list[dt.timedelta],
) -> None:
    """Every instant at which anything can change is tried: ends of windows, openings, new caps."""
    calendar, at = Calendar(frozenset({2026}), {}), local(2026, 5, 20, 11)
    turn = at.date() + dt.timedelta(days=change)
    around = [at + offset for offset in times]
    rules = [(BEGIN, *caps[0]), *[(turn, *each) for each in caps[1:]]]
    try:
        with transaction.atomic():
            know(calendar)
            write(hours)
            for since, day_cap, more in rules:
                ContactRule.objects.create(
                    effective_date=since, day_cap=day_cap, month_cap=day_cap + more, source="test"
                )
            customer = person()
            for number, one in enumerate(around):
                Contact.objects.create(
                    customer=customer, channel="phone", purpose="marketing", at=one, origin="test",
                    dedup_key=f"other:{number}",
                )  # fmt: skip
            verdict = ask(customer, at)
            raise Undone
    except Undone:
        pass

    def is_free(instant: dt.datetime) -> bool:
        day = instant.astimezone(SHANGHAI).date()
        _since, day_cap, more = max(rule for rule in rules if rule[0] <= day)
        return not (
            oracle.is_full(around, instant, day_cap, 24)
            or oracle.is_full(around, instant, day_cap + more, 720)
        )

    turns = [at, *(one + dt.timedelta(hours=width) for one in around for width in (24, 720))]
    turns.append(local(turn.year, turn.month, turn.day))
    openings = [oracle.planned(hours, calendar, "", instant) for instant in turns if instant >= at]
    free = sorted(
        instant for instant in openings if isinstance(instant, dt.datetime) and is_free(instant)
    )
    found = verdict.not_before if verdict.is_open else verdict.next_free
    assert found == (free[0] if free else None)
    assert verdict.answer == ("open" if found == openings[0] else "cap_reached")


def test_the_oracle_of_caps_sees_what_a_finer_search_sees() -> None:
    """That it is enough to try the turns: against every ten minutes of three weeks."""
    at = local(2026, 5, 20, 11)
    around = [at - dt.timedelta(hours=hours) for hours in (1, 30, 200, 300)]
    calendar, rules = Calendar(frozenset({2026}), {}), usual(9, 20)
    step = at
    while not (
        oracle.state_at(rules, calendar, "", step) == "open"
        and not oracle.is_full(around, step, 1, 24)
        and not oracle.is_full(around, step, 4, 720)
    ):
        step += dt.timedelta(minutes=10)
    cap(1, 4)
    make_years_known()
    write(rules)
    customer = person()
    for number, one in enumerate(around):
        Contact.objects.create(
            customer=customer, channel="sms", purpose="marketing", at=one, origin="t",
            dedup_key=str(number),
        )  # fmt: skip
    assert ask(customer, at).next_free == step
