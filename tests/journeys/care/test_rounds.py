"""Each limit of a complaint that was opened again stays to be seen, kept or broken."""

import datetime as dt
import importlib
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.care import operations as care
from journeys.care import queries
from journeys.care.enums import CauseKind, Grade
from journeys.care.models import Complaint, ComplaintRound
from journeys.care.rules import Cause, Figures, Round
from portal.approvals import operations as approvals
from portal.models import Submission
from portal.staff.access import Scope
from portal.staff.enums import Role
from tests.factories.intake import counts_of, make_bank, take
from tests.factories.journeys import INSTANT, ContactRuleFactory, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)
ONE_DAY = dt.timedelta(days=1)
BANK = Scope(branch_path="")
ON = dt.date(2026, 6, 1)
HEAD = "number,customer,grade,opened_date,state,answered_date,words,as_of\n"


@pytest.fixture(autouse=True)
def _rules() -> None:
    ContactRuleFactory()
    care.set_usual_rule(effective_date=dt.date(2026, 1, 1), at=INSTANT)


def opened(days: int = 0, grade: str = Grade.SIMPLE) -> Complaint:
    return care.open_complaint(
        customer_id=CustomerFactory().pk, grade=grade, channel="hotline", words="短信太多",
        actor=None, at=INSTANT + days * ONE_DAY,
    )  # fmt: skip


def answer(complaint: Complaint, days: int) -> None:
    at = INSTANT + days * ONE_DAY
    care.answer_complaint(complaint_id=complaint.pk, words="已答复", actor=None, at=at)


def close(complaint: Complaint, days: int) -> None:
    care.close_complaint(
        complaint_id=complaint.pk, cause=Cause(CauseKind.PROCESS), remedy="已致歉", actor=None,
        at=INSTANT + days * ONE_DAY,
    )  # fmt: skip


def reopen(complaint: Complaint, days: int) -> None:
    at = INSTANT + days * ONE_DAY
    care.reopen_complaint(complaint_id=complaint.pk, reason="未解决", actor=None, at=at)


def figures(first: dt.date = DAY, last: dt.date = ON) -> Figures:
    return queries.whole(scope=BANK, wanted=queries.Wanted(first, last), on=ON)


def rounds(complaint: Complaint, on: dt.date = ON) -> list[tuple[Any, ...]]:
    complaint.refresh_from_db()
    return [
        ((row.opened - DAY).days, row.answered and (row.answered - DAY).days, row.days_late,
         row.is_kept, row.is_over)
        for row in queries.rounds_of(complaint, on=on)
    ]  # fmt: skip


def test_a_late_answer_stays_late_when_the_complaint_is_opened_again() -> None:
    complaint = opened()
    answer(complaint, 40)
    close(complaint, 40)
    assert figures() == Figures(1, 1, 0, 40.0, 0, 1)
    reopen(complaint, 41)
    assert figures() == Figures(1, 1, 0, 40.0, 1, 2)  # the second is overdue on that day
    answer(complaint, 42)
    assert figures() == Figures(1, 1, 0, 40.0, 1, 1)
    assert rounds(complaint) == [(0, 40, 25, False, True), (41, 42, 0, True, False)]
    kept = ComplaintRound.objects.get()
    assert (kept.closed_date, kept.cause_kind) == (DAY + 40 * ONE_DAY, "process")
    reopen(complaint, 42)
    answer(complaint, 58)
    assert rounds(complaint)[1:] == [(41, 42, 0, True, True), (42, 58, 1, False, False)]


steps = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30)), min_size=1, max_size=3).flatmap(
    lambda rounds: st.tuples(st.just(rounds), st.booleans())
)


@settings(max_examples=25, deadline=None)
@given(told=st.lists(steps, max_size=4), looked=st.integers(0, 240))
def test_the_figures_are_those_of_a_naive_count_of_rounds(told: Any, looked: int) -> None:
    """Each complaint: rounds of days to the answer and from it to the next opening, and whether
    the last one is answered. Looked at on a day after all of it."""
    facts, last_day = [], 0
    with transaction.atomic():
        for rounds_told, is_answered in told:
            complaint, day, clocks = opened(), 0, list[tuple[int, int | None]]()
            for number, (days, pause) in enumerate(rounds_told, start=1):
                is_last = number == len(rounds_told)
                if is_last and not is_answered:
                    clocks.append((day, None))
                    break
                answer(complaint, day + days)
                clocks.append((day, day + days))
                if not is_last:
                    day += days + pause
                    reopen(complaint, day)
            last_day = max(last_day, day + 40)
            facts.append(clocks)
        on = last_day + looked
        late = [
            sum((on if end is None else end) - start > 15 for start, end in clocks)
            for clocks in facts
        ]
        is_decided = [
            len(clocks) > 1 or clocks[0][1] is not None or on - clocks[0][0] > 15
            for clocks in facts
        ]  # fmt: skip
        first = [clocks[0][1] for clocks in facts if clocks[0][1] is not None]
        wanted = queries.Wanted(DAY, DAY)
        found = queries.whole(scope=BANK, wanted=wanted, on=DAY + on * ONE_DAY)
        transaction.set_rollback(True)
    assert found == Figures(
        complaints=len(facts),
        decided=sum(is_decided),
        on_time=sum(known and not count for known, count in zip(is_decided, late, strict=True)),
        median_days=float(median(first)) if first else None,
        reopened=sum(len(clocks) - 1 for clocks in facts),
        broken=sum(late),
    )


@pytest.mark.parametrize(("days", "late"), [(14, 0), (15, 0), (16, 1)])
def test_a_limit_is_kept_until_its_last_day(days: int, late: int) -> None:
    complaint = opened()
    answer(complaint, days)
    assert rounds(complaint) == [(0, days, late, not late, False)]
    assert figures().on_time == int(not late)
    reopen(complaint, days)
    assert rounds(complaint, DAY + days * ONE_DAY) == [
        (0, days, late, not late, True), (days, None, 0, False, False),
    ]  # fmt: skip


def test_one_opened_answered_and_opened_again_on_one_day_has_its_rounds() -> None:
    complaint = opened()
    for _time in range(2):
        answer(complaint, 0)
        reopen(complaint, 0)
    assert rounds(complaint, DAY) == [
        (0, 0, 0, True, True), (0, 0, 0, True, True), (0, None, 0, False, False),
    ]  # fmt: skip


def test_a_complaint_stays_in_the_month_of_its_first_opening() -> None:
    complaint, other = opened(), opened(40)
    answer(complaint, 16)
    reopen(complaint, 41)
    march = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert figures(*march) == Figures(1, 1, 0, 16.0, 1, 2)
    months = queries.by_month(scope=BANK, wanted=queries.Wanted(march[0], ON), on=ON)
    assert [found.complaints for _month, found in months] == [1, 1, 0, 0]
    rows = queries.list_complaints(scope=BANK, first=march[0], last=march[1])
    assert [(row.number, row.first_opened) for row in rows] == [(complaint.number, DAY)]
    rows = queries.list_complaints(scope=BANK, first=dt.date(2026, 4, 1))
    assert [row.number for row in rows] == [other.number]


def test_a_file_that_starts_a_clock_anew_keeps_the_round_before(tmp_path: Path) -> None:
    make_bank()
    late = "T1,C1,simple,2026-03-02,answered,2026-04-11,打扰,2026-04-12\n"
    again = "T1,C1,simple,2026-04-12,open,,打扰,2026-04-13\n"
    answered = "T1,C1,simple,2026-04-12,answered,2026-04-13,打扰,2026-04-14\n"
    assert counts_of(take(tmp_path, "complaints", HEAD + late)) == (1, 0, 0, 0)
    for content in (late, again, answered, answered):
        take(tmp_path, "complaints", HEAD + content)
    complaint = Complaint.objects.get()
    assert rounds(complaint) == [(0, 40, 25, False, True), (41, 42, 0, True, False)]
    assert [event.kind for event in queries.events_of(complaint)] == ["opened", "reopened"]
    at_once = "T1,C1,simple,2026-04-14,answered,2026-04-14,打扰,2026-04-15\n"
    take(tmp_path, "complaints", HEAD + at_once)
    assert len(rounds(complaint)) == 3


def test_a_day_that_a_file_puts_right_is_no_new_round(tmp_path: Path) -> None:
    make_bank()
    for day, answered, as_of in (("02", "20", "21"), ("03", "20", "22"), ("03", "19", "23")):
        content = f"T1,C1,simple,2026-03-{day},answered,2026-03-{answered},打扰,2026-03-{as_of}\n"
        take(tmp_path, "complaints", HEAD + content)
    # The end of the 17th had passed when the source told of another day of opening.
    assert rounds(Complaint.objects.get()) == [(1, 17, 2, False, False)]


def asked_for(complaint: Complaint, days: int) -> Submission:
    care.ask_extension(
        complaint_id=complaint.pk, reason="等待第三方", maker=StaffFactory(role=Role.COMPLIANCE),
        at=INSTANT + days * ONE_DAY,
    )  # fmt: skip
    return Submission.objects.get(target_key=complaint.number, state="pending")


def decide(submission: Submission, days: int, verdict: str = "approve") -> None:
    approvals.decide(
        submission_id=submission.pk, checker=StaffFactory(role=Role.COMPLIANCE), verdict=verdict,
        reason="x", at=INSTANT + days * ONE_DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "is_possible"), [(29, True), (30, True), (31, False), (45, False)]
)
def test_more_days_are_allowed_before_the_end_or_not_at_all(days: int, is_possible: bool) -> None:
    complaint = opened(grade=Grade.SPECIAL)
    submission = asked_for(complaint, 30)
    if is_possible:
        decide(submission, days)
    else:
        with pytest.raises(approvals.NotReady, match="2026-04-01"):
            decide(submission, days)
        at = INSTANT + days * ONE_DAY
        with pytest.raises(care.NotExtendable):
            care.carry_extended(complaint.number, StaffFactory(role=Role.COMPLIANCE), at)
    complaint.refresh_from_db()
    submission.refresh_from_db()
    allowed = DAY + days * ONE_DAY if is_possible else None
    assert (complaint.extended_date, complaint.due_date, submission.state) == (
        allowed, DAY + (60 if is_possible else 30) * ONE_DAY,
        "approved" if is_possible else "pending",
    )  # fmt: skip
    if not is_possible:
        decide(submission, days, "return")
        answer(complaint, 45)
        assert rounds(complaint) == [(0, 45, 15, False, False)]


def test_an_extension_goes_with_its_round() -> None:
    complaint = opened(grade=Grade.SPECIAL)
    decide(asked_for(complaint, 10), 11)
    answer(complaint, 60)
    reopen(complaint, 61)
    complaint.refresh_from_db()
    assert (complaint.due_date, complaint.extended_date) == (DAY + 91 * ONE_DAY, None)
    assert [(row.is_extended, row.is_kept) for row in queries.rounds_of(complaint, on=ON)] == [
        (True, True), (False, False),
    ]  # fmt: skip


def filled() -> None:
    """Forget the rounds and let the migration tell them from the history."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journeys_complaintround DISABLE TRIGGER complaintround_fixed")
        cursor.execute("DELETE FROM journeys_complaintround")
        cursor.execute("ALTER TABLE journeys_complaintround ADD COLUMN number smallint")
        cursor.execute(
            importlib.import_module("journeys.migrations.0128_complaint_rounds_kept").FILL
        )
        cursor.execute("ALTER TABLE journeys_complaintround DROP COLUMN number")
        cursor.execute("ALTER TABLE journeys_complaintround ENABLE TRIGGER complaintround_fixed")


def test_rounds_of_before_are_told_by_the_history() -> None:
    opened()
    complaint, special = opened(), opened(grade=Grade.SPECIAL)
    decide(asked_for(special, 10), 11)
    answer(special, 50)
    reopen(special, 51)
    answer(complaint, 40)
    close(complaint, 41)
    reopen(complaint, 42)
    answer(complaint, 43)
    reopen(complaint, 44)
    columns = ("complaint", "opened_date", "due_date", "answered_date", "closed_date")
    rows = ComplaintRound.objects.order_by("complaint", "opened_date").values_list(*columns)
    stood = list(rows)
    assert len(stood) == 3
    filled()
    assert list(rows) == stood


def test_an_answer_that_the_history_does_not_know_is_not_counted_as_timely() -> None:
    complaint = row_of("journeys.Complaint", opened_date=DAY + 20 * ONE_DAY, limit_days=30)
    for kind, days in (("opened", 0), ("reopened", 20)):
        row_of("journeys.CareEvent", complaint=complaint, kind=kind, at=INSTANT + days * ONE_DAY)
    filled()
    before, present = queries.rounds_of(complaint, on=DAY + 21 * ONE_DAY)
    assert before == Round(1, DAY, DAY + 30 * ONE_DAY, None, False, True, present.on)
    assert (before.is_unknown, before.days_late, before.is_kept) == (True, 0, False)
    found = queries.whole(scope=BANK, wanted=queries.Wanted(DAY, ON), on=DAY + 21 * ONE_DAY)
    assert found == Figures(1, 1, 0, None, 1, 1)


def test_days_that_were_allowed_too_late_are_taken_back() -> None:
    people = {"extension_asked_by": StaffFactory(), "extended_by": StaffFactory()}
    rows = [
        row_of("journeys.Complaint", opened_date=DAY, limit_days=30, extension_days=30,
               extension_reason="x", extended_date=DAY, **people)
        for _number in range(2)
    ]  # fmt: skip
    for row, days in zip(rows, (30, 31), strict=True):
        row_of("journeys.CareEvent", complaint=row, kind="extended", at=INSTANT + days * ONE_DAY)
    filling = importlib.import_module("journeys.migrations.0129_extensions_in_time")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journeys_complaint DROP CONSTRAINT complaint_extended_in_time")
        cursor.execute("UPDATE journeys_complaint SET extended_date = NULL")
        cursor.execute(filling.FILL)
    for row in rows:
        row.refresh_from_db()
    assert [(row.extension_days, row.extended_date, row.waits_for_extension) for row in rows] == [
        (30, DAY + 30 * ONE_DAY, False), (0, None, False),
    ]  # fmt: skip
