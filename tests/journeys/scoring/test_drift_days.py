"""How far things have moved is kept each night, shown with its course, and told to who answers."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys import tasks
from journeys.models import CallModel, DriftDay, PotentialModel
from journeys.scoring import operations, queries
from journeys.scoring.rules import drift, moved
from portal.audit.models import AuditEntry
from portal.kit import clock
from portal.models import Staff
from tests.factories.journeys import CustomerFactory
from tests.factories.past_calls import write_calls
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.scoring.test_promise import bank, needs_library

ClientOf = Callable[..., Client]
DAY = dt.timedelta(days=1)
AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def trained(staff: Staff) -> CallModel:
    write_calls(staff.branch, 1500)
    plain, _full = operations.train_call_models(at=AT, actor=staff)
    return plain


def richer(staff: Staff, on: dt.date) -> None:
    """Calls of a day to people with more on their accounts: as many as are looked at."""
    write_calls(staff.branch, queries.LATEST, seed=2, balance=99_999, called_date=on)


def kept(version: CallModel) -> list[tuple[dt.date, bool]]:
    rows = version.days.order_by("day")
    return [(row.day, row.is_beyond) for row in rows]


def test_each_day_that_is_over_is_kept_once(client_of: ClientOf) -> None:
    """The day of a training at once; each later one by the clock, however often it comes."""
    staff = StaffFactory(role="branch_manager", language="en")
    version = trained(staff)
    assert kept(version) == [(dt.date(2026, 5, 31), False)]
    assert operations.keep_drift(at=AT) == []
    richer(staff, dt.date(2026, 6, 2))
    # What is of a later day is not read before that day is over.
    for nights, made in ((1, 2), (1, 0), (2, 2), (2, 0)):
        assert len(operations.keep_drift(at=AT + nights * DAY)) == made
    assert kept(version) == [
        (dt.date(2026, 5, 31), False), (dt.date(2026, 6, 1), False), (dt.date(2026, 6, 2), True),
    ]  # fmt: skip
    row = DriftDay.objects.get(call_model=version, day=dt.date(2026, 6, 2))
    expected = drift.drift_of(version.parts, queries.latest_calls(limit=queries.LATEST))
    assert (row.compared, row.fact) == (queries.LATEST, "balance")
    assert row.facts == {one.fact: round(one.index, 6) for one in expected}
    assert row.index == max(row.facts.values()) == round(expected[0].index, 6)
    answer = client_of(staff).get(reverse("call_models"))
    page = " ".join(answer.content.decode().split())
    assert page.count("<tr data-course>") == 3
    assert page.count("<polyline") == 2 + 2
    assert [(row["one"].day, row["one"].is_beyond) for row in answer.context["course"]] == (
        kept(version)[::-1]
    )


def test_crossing_the_limit_is_written_down_once() -> None:
    staff = StaffFactory(role="branch_manager")
    version = trained(staff)
    richer(staff, dt.date(2026, 6, 1))
    for nights in (1, 2, 3):
        operations.keep_drift(at=AT + nights * DAY)
    entries = AuditEntry.objects.filter(action="call_model.moved")
    assert [entry.changes["day"] for entry in entries] == ["2026-06-01"] * 2
    assert {entry.changes["fact"] for entry in entries} == {"balance"}
    assert [beyond for _day, beyond in kept(version)] == [False, True, True, True]


def notices(staff: Staff, client_of: ClientOf) -> list[tuple[str, int]]:
    lines = client_of(staff).get(reverse("home")).context["page"].todo
    urls = (reverse("call_models"), reverse("potential_models"))
    return [(line.url, line.count) for line in lines if line.url in urls]


def test_who_answers_for_the_model_is_told(client_of: ClientOf) -> None:
    """An analyst, and whoever had it trained; nobody else, not before the limit, and no longer once
    calls are as they were."""
    asked, other = (StaffFactory(role="branch_manager") for _place in range(2))
    analyst = StaffFactory(role="analyst")
    trained(asked)
    told = [(reverse("call_models"), 1)]
    assert [notices(one, client_of) for one in (asked, analyst)] == [[], []]
    richer(asked, dt.date(2026, 6, 1))
    operations.keep_drift(at=AT + DAY)
    found = [notices(one, client_of) for one in (asked, analyst, other)]
    assert found == [told, told, []]
    # The version with traits counts where a branch said that it is read.
    operations.choose_traits(
        branch=other.branch, with_traits=True, reason="试用", actor=other, at=AT
    )
    assert notices(analyst, client_of) == [(reverse("call_models"), 2)]
    # Calls as they were come again.
    write_calls(asked.branch, queries.LATEST, seed=3, called_date=dt.date(2026, 6, 3))
    operations.keep_drift(at=AT + 3 * DAY)
    assert notices(analyst, client_of) == []


def test_what_stands_in_for_a_model_is_not_told(client_of: ClientOf) -> None:
    asked = StaffFactory(role="branch_manager")
    write_calls(asked.branch, 300)
    plain, _full = operations.train_call_models(at=AT, actor=asked)
    richer(asked, dt.date(2026, 6, 1))
    operations.keep_drift(at=AT + DAY)
    day = queries.newest_day(plain)
    assert day is not None
    assert (plain.lacks, day.is_beyond) == ("too_few", True)
    assert notices(asked, client_of) == []


@needs_library
def test_the_page_of_potential_reads_what_was_kept(client_of: ClientOf) -> None:
    """No customer is read to show it, and numpy is not asked."""
    people = bank()
    at = clock.at_time(dt.date(2026, 6, 1), dt.time(9))
    plain, _full = operations.train_potential(at=at, actor=None)
    expected = queries.moved_since(plain, on=dt.date(2026, 5, 31))
    row = plain.days.get()
    assert row.compared == expected.number == len(people)
    assert row.moved == [moved.Drift(one.fact, round(one.index, 6)) for one in expected.moved]
    client = client_of(StaffFactory(role="analyst", language="en"))
    CustomerFactory(registered_date=dt.date(2026, 5, 1))
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(reverse("potential_models"))
    read = [one["sql"] for one in seen.captured_queries]
    assert not [sql for sql in read if "journeys_customer" in sql or "journeys_transaction" in sql]
    assert [row["one"] for row in answer.context["drift"]] == row.moved
    operations.keep_drift(at=at + DAY)
    assert plain.days.order_by("day").last().compared == len(people) + 1


def test_the_clock_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    staff = StaffFactory(role="branch_manager", branch=BranchFactory())
    version = trained(staff)
    monkeypatch.setattr(clock, "now", lambda: AT + 5 * DAY)
    tasks.keep_drift()
    assert [day for day, _beyond in kept(version)] == [
        dt.date(2026, 5, 31), dt.date(2026, 6, 5),
    ]  # fmt: skip


def test_of_nothing_no_day_is_kept() -> None:
    assert operations.keep_drift(at=AT) == []
    version: Any = PotentialModel.objects.create(
        made_at=AT, with_traits=False, lacks="too_few", customers=0, held_out=0,
        first_day=dt.date(2026, 1, 1), middle_day=dt.date(2026, 2, 1),
        last_day=dt.date(2026, 3, 1), figures={}, parts={},
    )  # fmt: skip
    assert operations.keep_drift(at=AT) == []
    assert not version.days.exists()
