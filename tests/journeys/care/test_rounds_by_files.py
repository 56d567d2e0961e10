"""Files tell the rounds of a complaint: whatever their order, and however its states are split into
them, no limit that was broken is made good, and none becomes longer after its end."""

import datetime as dt
import importlib
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.care import operations as care
from journeys.care import queries
from journeys.care.models import Complaint, ComplaintRound
from journeys.care.rules import Figures
from journeys.customers.models import Customer
from portal.kit import clock
from portal.staff.access import Scope
from tests.factories.intake import AT, make_bank, take
from tests.factories.journeys import INSTANT, ContactRuleFactory
from tests.factories.portal import StaffFactory
from tests.flows.test_import_histories import files_of, send, stands
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)
ONE_DAY = dt.timedelta(days=1)
ON = dt.date(2026, 6, 1)
BANK = Scope(branch_path="")
LIGHT: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
HEAD = "number,customer,grade,opened_date,state,answered_date,words,as_of\n"
LATE = "T1,C1,simple,2026-03-02,answered,2026-04-11,打扰,2026-04-12\n"
AGAIN = "T1,C1,simple,2026-04-12,open,,打扰,2026-04-13\n"
ANSWERED = "T1,C1,simple,2026-04-12,answered,2026-04-13,打扰,2026-04-14\n"
ORDERS = list(permutations((LATE, AGAIN, ANSWERED)))


def bank() -> None:
    make_bank()
    ContactRuleFactory()
    care.set_usual_rule(effective_date=dt.date(2026, 1, 1), at=INSTANT)


def bring(folder: Path, *files: str) -> None:
    for content in files:
        take(folder, "complaints", HEAD + content)


def figures() -> Figures:
    return queries.whole(scope=BANK, wanted=queries.Wanted(DAY, ON), on=ON)


def rounds() -> list[tuple[Any, ...]]:
    """Of each the days of opening and of the answer, the end, and whether it is over."""
    found = queries.rounds_of(Complaint.objects.get(), on=ON)
    return [
        (*(day and (day - DAY).days for day in (row.opened, row.answered, row.due)), row.is_over)
        for row in found
    ]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("is_one_file", [True, False])
def test_the_rounds_do_not_depend_on_the_order_of_rows_and_files(
    tmp_path: Path, order: tuple[str, ...], is_one_file: bool
) -> None:
    bank()
    bring(tmp_path, *(["".join(order)] if is_one_file else order))
    assert figures() == Figures(1, 1, 0, 40.0, 1, 1)
    assert rounds() == [(0, 40, 15, True), (41, 42, 56, False)]
    with translation.override("en"):
        told = [
            (clock.bank_day(event.at), event.get_kind_display())
            for event in queries.events_of(Complaint.objects.get())
        ]
    assert told == [(DAY, "Was opened"), (DAY + 41 * ONE_DAY, "Was opened again")]


@pytest.mark.parametrize("order", ORDERS)
def test_without_instants_the_days_tell_which_round_is_over(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    """What is less far than what stands says nothing; but a round that is over is known as such."""
    bank()
    for place, row in enumerate(order):
        content = HEAD.replace(",as_of", "") + row[: row.rindex(",")] + "\n"
        take(tmp_path, "complaints", content, f"{place}.csv")
    assert figures() == Figures(1, 1, 0, 40.0, 1, 1)
    assert rounds() == [(0, 40, 15, True), (41, 42, 56, False)]


told = st.tuples(
    st.integers(0, 40), st.sampled_from(["simple", "complex"]), st.none() | st.integers(0, 30),
    st.integers(0, 20),
)  # fmt: skip


def row(place: int, opened: int, grade: str, answered: int | None, said: int) -> dict[str, Any]:
    """One state: days of opening and of the answer, and the day on which the source says so."""
    day, at = DAY + opened * ONE_DAY, dt.datetime.combine(DAY + said * ONE_DAY, dt.time(12))
    return {
        "number": "T1", "customer": "C1", "words": "打扰", "grade": grade,
        "opened_date": day.isoformat(), "state": "open" if answered is None else "answered",
        "answered_date": None if answered is None else (DAY + answered * ONE_DAY).isoformat(),
        "as_of": (at + place * dt.timedelta(minutes=1)).isoformat(),
    }  # fmt: skip


def all_told() -> Any:
    """What stands, and every clock that was told."""
    columns = (
        "opened_date", "limit_days", "due_date", "bound_date", "answered_date", "first_at",
        "last_at", "is_over",
    )  # fmt: skip
    clocks = ComplaintRound.objects.order_by("opened_date", "limit_days").values_list(*columns)
    return stands("complaints"), list(clocks), rounds(), figures()


@settings(max_examples=120, **LIGHT)
@given(drawn=st.lists(told, min_size=1, max_size=6), data=st.data())
def test_files_in_any_order_tell_the_rounds_as_in_order(drawn: Any, data: Any) -> None:
    """Whatever the source says in the course of time, with days put right and taken back."""
    rows, said = [], 0
    for place, (opened, grade, days, gap) in enumerate(drawn):
        said += gap // 2
        rows.append(row(place, opened, grade, None if days is None else opened + days, said))
    with transaction.atomic():
        bank()
        point = transaction.savepoint()
        for one in rows:
            send("complaints", [one])
        expected = all_told()
        transaction.savepoint_rollback(point)
        for file in files_of(data, rows):
            send("complaints", file)
        assert all_told() == expected
        transaction.set_rollback(True)


lives = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), min_size=1, max_size=3).filter(
    lambda life: all(sum(days) for days in life)
)


@settings(max_examples=60, **LIGHT)
@given(life=lives, is_answered=st.booleans(), data=st.data())
def test_the_figures_are_those_of_a_naive_count_in_any_order(
    life: Any, is_answered: bool, data: Any
) -> None:
    """Rounds of days to the answer and from it to the next opening; of each its opening may be
    told, and its answer is."""
    rows, clocks, day = list[Any](), list[tuple[int, int | None]](), 0
    for number, (days, pause) in enumerate(life, start=1):
        ends = number < len(life) or is_answered
        if not ends or data.draw(st.booleans()):
            rows.append(row(len(rows), day, "simple", None, day))
        if ends:
            rows.append(row(len(rows), day, "simple", day + days, day + days))
        clocks.append((day, day + days if ends else None))
        day += days + pause
    with transaction.atomic():
        bank()
        for file in files_of(data, rows):
            send("complaints", file)
        late = sum(((ON - DAY).days if end is None else end) - start > 15 for start, end in clocks)
        first = clocks[0][1]
        assert figures() == Figures(
            complaints=1, decided=1, on_time=int(not late),
            median_days=None if first is None else float(first), reopened=len(clocks) - 1,
            broken=late,
        )  # fmt: skip
        assert rounds() == [
            (start, end, start + 15, number < len(clocks))
            for number, (start, end) in enumerate(clocks, start=1)
        ]
        transaction.set_rollback(True)


def test_opened_again_on_the_day_of_the_late_answer(tmp_path: Path) -> None:
    bank()
    late = LATE.replace("2026-04-12", "2026-04-11")
    bring(tmp_path, late, "T1,C1,simple,2026-04-11,answered,2026-04-12,打扰,2026-04-13\n")
    assert figures() == Figures(1, 1, 0, 40.0, 1, 1)
    assert rounds() == [(0, 40, 15, True), (40, 41, 55, False)]


def test_a_round_whose_answer_nobody_told_is_not_kept(tmp_path: Path) -> None:
    bank()
    bring(tmp_path, "T1,C1,simple,2026-03-02,open,,打扰,2026-03-03\n", ANSWERED)
    assert figures() == Figures(1, 1, 0, None, 1, 1)
    assert rounds() == [(0, None, 15, True), (41, 42, 56, False)]


OPEN = ("simple", 0, 0)


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ((OPEN, ("complex", 0, 14)), 30),
        ((OPEN, ("complex", 0, 15)), 30),
        ((OPEN, ("complex", 0, 16)), 15),
        ((("complex", 0, 0), ("simple", 0, 16)), 15),
        ((OPEN, ("simple", 5, 15)), 20),
        ((OPEN, ("simple", 5, 16)), 15),
        ((OPEN, ("simple", 15, 16)), 15),
        ((OPEN, ("simple", 5, 10), ("complex", 5, 20)), 35),
        ((OPEN, ("simple", 5, 10), ("complex", 5, 21)), 20),
        ((OPEN, ("complex", 0, 10), ("simple", 5, 31)), 20),
        ((OPEN, ("simple", 5, 16), ("complex", 5, 17), ("special", 9, 25)), 15),
        # Up and down and up again: what was a limit when its end passed is one.
        ((("complex", 0, 0), ("simple", 0, 5), ("complex", 0, 16)), 15),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_after_its_end_no_limit_becomes_longer(told: Any, due: int, is_turned: bool) -> None:
    """Grades and days of opening, each with the day on which the source says so."""
    bank()
    rows = [
        row(place, opened, grade, None, said) for place, (grade, opened, said) in enumerate(told)
    ]
    for one in rows[::-1] if is_turned else rows:
        send("complaints", [one])
    complaint = Complaint.objects.get()
    assert ((complaint.due_date - DAY).days, rounds()) == (due, [(told[-1][1], None, due, False)])
    # The same rows once more change nothing.
    assert [send("complaints", [rows[-1]]).rows_same, figures().broken] == [1, 1]


def test_a_grade_that_is_raised_after_the_end_makes_no_answer_timely(tmp_path: Path) -> None:
    bank()
    bring(
        tmp_path, "T1,C1,simple,2026-03-02,open,,打扰,2026-03-02\n",
        "T1,C1,complex,2026-03-02,answered,2026-03-25,打扰,2026-03-26\n",
    )  # fmt: skip
    assert figures() == Figures(1, 1, 0, 23.0, 0, 1)
    assert rounds() == [(0, 23, 15, False)]


def test_what_its_source_told_before_staff_took_it_over_is_added(tmp_path: Path) -> None:
    """The round that was late comes after staff answered, closed and opened it again."""
    bank()
    bring(tmp_path, AGAIN)
    complaint = Complaint.objects.get()
    care.answer_complaint(complaint_id=complaint.pk, words="已答复", actor=None, at=AT)
    bring(tmp_path, LATE, ANSWERED)
    assert rounds() == [(0, 40, 15, True), (41, 91, 56, False)]
    at = AT + ONE_DAY
    care.reopen_complaint(complaint_id=complaint.pk, reason="未解决", actor=None, at=at)
    bring(tmp_path, LATE, AGAIN, ANSWERED)
    assert rounds() == [(0, 40, 15, True), (41, 91, 56, True), (92, None, 107, False)]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_a_late_word_of_the_source_binds_what_staff_answered_as_in_order(
    order: tuple[int, ...],
) -> None:
    """The source says on day 0 that it is simple, on day 16 that it is complex; staff answer on day
    20, before or after the first of these rows comes."""
    bank()

    def answer() -> None:
        at = clock.start_of(DAY + 20 * ONE_DAY)
        care.answer_complaint(
            complaint_id=Complaint.objects.get().pk, words="已答复", actor=None, at=at
        )

    steps = [
        lambda: send("complaints", [row(0, 0, "simple", None, 0)]),
        lambda: send("complaints", [row(1, 0, "complex", None, 16)]),
        answer,
    ]
    for place in order:
        steps[place]()
    assert rounds() == [(0, 20, 15, False)]
    assert figures() == Figures(1, 1, 0, 20.0, 0, 1)


def test_a_late_word_of_the_source_leaves_alone_what_staff_began_or_allowed() -> None:
    bank()
    late = [row(0, 0, "simple", None, 0)]
    send("complaints", [row(1, 0, "special", None, 16)])
    complaint = Complaint.objects.get()
    at = clock.start_of(DAY + 20 * ONE_DAY)
    care.ask_extension(complaint_id=complaint.pk, reason="等待", maker=StaffFactory(), at=at)
    care.carry_extended(complaint.number, StaffFactory(), at)
    send("complaints", late)
    assert rounds() == [(0, None, 60, False)]
    care.answer_complaint(complaint_id=complaint.pk, words="已答复", actor=None, at=at)
    care.reopen_complaint(complaint_id=complaint.pk, reason="未解决", actor=None, at=at)
    send("complaints", [row(2, 0, "complex", None, 5)])
    assert rounds() == [(0, 20, 60, True), (20, None, 50, False)]


def test_an_older_row_that_is_bad_tells_nothing(tmp_path: Path) -> None:
    bank()
    bad = LATE.replace("2026-04-11", "2026-03-01")
    bring(
        tmp_path, ANSWERED, bad, LATE.replace("C1", "C2"), LATE.replace("2026-03-02", "2025-12-31")
    )
    assert rounds() == [(41, 42, 56, False)]


def test_days_that_are_allowed_in_time_lift_what_bound_it() -> None:
    bank()
    complaint = row_of("journeys.Complaint", opened_date=DAY, bound_date=DAY + 9 * ONE_DAY)
    assert complaint.due_date == DAY + 9 * ONE_DAY
    maker, checker = StaffFactory(), StaffFactory()
    care.ask_extension(complaint_id=complaint.pk, reason="等待", maker=maker, at=INSTANT)
    care.carry_extended(complaint.number, checker, INSTANT)
    complaint.refresh_from_db()
    assert (complaint.bound_date, complaint.due_date) == (None, DAY + 60 * ONE_DAY)


@pytest.mark.parametrize(
    "change",
    ["opened_date = opened_date - 1", "limit_days = 90", "last_at = last_at - interval '1 day'",
     "first_at = last_at, last_at = last_at + interval '1 day'", "first_at = NULL, last_at = NULL"],
)  # fmt: skip
def test_what_was_told_is_not_untold(tmp_path: Path, change: str) -> None:
    bank()
    bring(tmp_path, AGAIN, ANSWERED)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(f"UPDATE journeys_complaintround SET {change}")
    assert str(refused.value).startswith("journeys_complaintround is only added to: UPDATE refused")


def test_rounds_that_files_began_before_clocks_were_kept() -> None:
    """A round of before, and the clock that stands: late rows are told apart from both."""
    bank()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journeys_complaint DISABLE TRIGGER complaint_clock_told")
        cursor.execute("DROP TRIGGER complaintround_told_fixed ON journeys_complaintround")
        customer = Customer.objects.get(number="C1")
        complaint = row_of(
            "journeys.Complaint", number="T1", customer=customer, grade="simple", limit_days=15,
            opened_date=DAY + 41 * ONE_DAY, as_of=INSTANT + 42 * ONE_DAY, is_handled_here=False,
        )  # fmt: skip
        row_of("journeys.ComplaintRound", complaint=complaint, answered_date=DAY + 40 * ONE_DAY)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            importlib.import_module("journeys.migrations.0134_complaint_clocks_told").FILL
        )
        cursor.execute("ALTER TABLE journeys_complaint ENABLE TRIGGER complaint_clock_told")
    assert rounds() == [(0, 40, 15, True), (41, None, 56, False)]
    send("complaints", [row(0, 0, "simple", 39, 40), row(1, 41, "simple", 42, 43)])
    assert rounds() == [(0, 39, 15, True), (41, 42, 56, False)]
    assert ComplaintRound.objects.count() == 2
