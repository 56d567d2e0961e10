"""The file of shifts: good rows, each bad row with its reason, the same file twice."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from journeys.models import CalendarDay
from merchants.models import Shift, ShiftTask, StaffQualification, Store
from merchants.posts import operations
from portal.models import Staff
from tests.factories import posts as made
from tests.factories.intake import counts_of, errors_of, take

HEADER = "number,post,staff,day,starts,ends,seat\n"
pytestmark = pytest.mark.django_db


def _post() -> tuple[str, str]:
    post = made.post_at(seats=2, duties=["摆台"])
    return post.number, made.qualified(post.branch).staff_number


def _reasons(report: object) -> dict[str, int]:
    return report.reasons  # type: ignore[attr-defined]


def test_shifts_arrive_with_their_tasks_and_the_same_file_again_changes_nothing(
    tmp_path: Path,
) -> None:
    post, person = _post()
    text = HEADER + (
        f"R1,{post},{person},2026-03-10,10:00,14:00,\n"
        f"R2,{post},{person},2026-03-10,14:00:00,18:00:00,2\n"
    )  # fmt: skip
    assert counts_of(take(tmp_path, "post_shifts", text)) == (2, 0, 0, 0)
    rows = Shift.objects.order_by("number")
    assert [(row.number, row.hours, row.seat, row.state) for row in rows] == [
        ("R1", "10:00–14:00", 1, "planned"), ("R2", "14:00–18:00", 2, "planned"),
    ]  # fmt: skip
    assert ShiftTask.objects.count() == 2
    assert counts_of(take(tmp_path, "post_shifts", text)) == (0, 0, 2, 0)
    assert (Shift.objects.count(), ShiftTask.objects.count()) == (2, 2)


def test_two_rows_of_a_file_never_book_a_person_or_a_seat_twice(tmp_path: Path) -> None:
    post, person = _post()
    other = made.qualified(Store.objects.get().merchant.branch).staff_number
    text = HEADER + (
        f"R1,{post},{person},2026-03-10,10:00,14:00,1\n"
        f"R2,{post},{person},2026-03-10,13:59,18:00,2\n"
        f"R3,{post},{other},2026-03-10,13:59,18:00,1\n"
    )  # fmt: skip
    report = take(tmp_path, "post_shifts", text)
    assert (counts_of(report), _reasons(report)) == (
        (1, 0, 0, 2), {"stands_already": 1, "seat_taken": 1},
    )  # fmt: skip
    # The same against what stands.
    report = take(tmp_path, "post_shifts", HEADER + text.splitlines()[2] + "\n", "again.csv")
    assert (counts_of(report), _reasons(report)) == ((0, 0, 0, 1), {"stands_already": 1})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("R1,{post},S0,2026-03-10,10:00,14:00,1", "unknown_staff"),
        ("R1,NO,{person},2026-03-10,10:00,14:00,1", "unknown_post"),
        ("R1,{post},{person},2026-03-10,14:00,14:00,1", "ends_before_start"),
        ("R1,{post},{person},2026-03-10,09:00,14:00,1", "shift_outside_post"),
        ("R1,{post},{person},2026-03-10,10:00,14:00,3", "shift_beyond_seats"),
    ],
)
def test_bad_rows(tmp_path: Path, row: str, reason: str) -> None:
    post, person = _post()
    report = take(tmp_path, "post_shifts", HEADER + row.format(post=post, person=person) + "\n")
    assert (counts_of(report), _reasons(report)) == ((0, 0, 0, 1), {reason: 1})
    assert Shift.objects.count() == 0


def test_who_may_not_stand_and_a_closed_store(tmp_path: Path) -> None:
    post, person = _post()
    row = HEADER + f"R1,{post},{person},2026-03-10,10:00,14:00,1\n"
    Store.objects.update(state="paused")
    assert _reasons(take(tmp_path, "post_shifts", row)) == {"shift_store_closed": 1}
    Store.objects.update(state="open")
    boss = made.chief(Store.objects.get().merchant.branch)
    held = StaffQualification.objects.get(staff__staff_number=person, kind="on_site")
    operations.withdraw_qualification(
        qualification_id=held.pk, why="到期", on=made.DAY, actor=boss, at=made.AT
    )
    report = take(tmp_path, "post_shifts", row, "later.csv")
    assert _reasons(report) == {"shift_unqualified": 1}


def test_a_shift_that_was_attended_or_cancelled_is_not_moved_by_a_file(tmp_path: Path) -> None:
    with translation.override("en"):
        post, person = _post()
        text = HEADER + f"R1,{post},{person},2026-03-10,10:00,14:00,1\n"
        take(tmp_path, "post_shifts", text)
        shift = Shift.objects.get()
        operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
        moved = text.replace("14:00", "15:00")
        assert _reasons(take(tmp_path, "post_shifts", moved, "moved.csv")) == {"attended": 1}
        shift.refresh_from_db()
        assert shift.ends_at == made.hour("14:00")


# A Tuesday, a Saturday, a Sunday that is worked on, a Wednesday that is a holiday.
_DAYS = ("2026-03-10", "2026-03-14", "2026-03-15", "2026-03-11")


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        ("all", ["", "", "", ""]),
        ("workdays", ["", "shift_no_workday", "", "shift_no_workday"]),
        ("rest_days", ["shift_no_rest_day", "", "shift_no_rest_day", ""]),
    ],
)
def test_a_file_knows_the_rest_days_as_the_form_does(
    tmp_path: Path, days: str, codes: list[str]
) -> None:
    for day, is_workday in ((_DAYS[2], True), (_DAYS[3], False)):
        CalendarDay.objects.update_or_create(
            day=day, defaults={"is_workday": is_workday, "name": "调休", "source": "通知"}
        )
    post = made.post_at(days=days)
    person = made.qualified(post.branch)
    rows = [
        f"R{place},{post.number},{person.staff_number},{day},10:00,14:00,1\n"
        for place, day in enumerate(_DAYS)
    ]
    report = take(tmp_path, "post_shifts", HEADER + "".join(rows))
    refused = {code: codes.count(code) for code in codes if code}
    assert (counts_of(report), _reasons(report)) == (
        (codes.count(""), 0, 0, 4 - codes.count("")), refused,
    )  # fmt: skip
    assert [line.split(",")[0] for line in errors_of(report)] == [
        str(place + 2) for place, code in enumerate(codes) if code
    ]
    for place, (day, code) in enumerate(zip(_DAYS, codes, strict=True)):
        on = dt.date.fromisoformat(day)
        stands = {"starts": dt.time(14), "ends": dt.time(18), "on": on}
        if not code:
            assert made.planned(post, person, **stands).on_date == on
            continue
        with translation.override("en"), pytest.raises(operations.PostRefused) as told:
            made.planned(post, person, **stands)
        assert str(told.value) in errors_of(report)[codes[:place].count(code)]


def test_a_file_asks_the_role_too(tmp_path: Path) -> None:
    post, person = _post()
    row = HEADER + f"R1,{post},{person},2026-03-10,10:00,14:00,1\n"
    Staff.objects.filter(staff_number=person).update(role="analyst")
    report = take(tmp_path, "post_shifts", row)
    assert (_reasons(report), Shift.objects.count()) == ({"shift_no_role": 1}, 0)
    Staff.objects.filter(staff_number=person).update(role="telemarketer")
    assert counts_of(take(tmp_path, "post_shifts", row, "later.csv")) == (1, 0, 0, 0)


def test_what_stands_as_it_is_told_passes_whatever_changed_since(tmp_path: Path) -> None:
    post = made.post_at(seats=2, days="workdays")
    person, other = made.qualified(post.branch), made.qualified(post.branch)
    text = HEADER + (
        f"R1,{post.number},{person.staff_number},2026-03-10,10:00,14:00,1\n"
        f"R2,{post.number},{other.staff_number},2026-03-10,10:00,14:00,2\n"
    )  # fmt: skip
    assert counts_of(take(tmp_path, "post_shifts", text)) == (2, 0, 0, 0)
    Staff.objects.filter(pk=person.pk).update(role="analyst")
    CalendarDay.objects.update_or_create(
        day="2026-03-10", defaults={"is_workday": False, "name": "放假", "source": "通知"}
    )
    held = StaffQualification.objects.get(staff=other, kind="on_site")
    operations.withdraw_qualification(
        qualification_id=held.pk, why="到期", on=made.DAY, actor=made.chief(post.branch), at=made.AT
    )
    Store.objects.update(state="paused")
    assert counts_of(take(tmp_path, "post_shifts", text, "again.csv")) == (0, 0, 2, 0)
    # What is told otherwise is asked.
    moved = text.replace("14:00", "15:00")
    report = take(tmp_path, "post_shifts", moved, "moved.csv")
    assert (counts_of(report), _reasons(report)) == (
        (0, 0, 0, 2), {"shift_no_role": 1, "shift_store_closed": 2},
    )  # fmt: skip
    Store.objects.update(state="open")
    report = take(tmp_path, "post_shifts", moved, "moved_again.csv")
    assert (counts_of(report), _reasons(report)) == (
        (0, 0, 0, 2), {"shift_no_role": 1, "shift_no_workday": 1, "shift_unqualified": 1},
    )  # fmt: skip
    assert [row.hours for row in Shift.objects.order_by("number")] == ["10:00–14:00"] * 2


def test_who_asks_for_the_seat_of_a_shift_that_stands_is_refused(tmp_path: Path) -> None:
    """Whichever of the two the file names first: what stands as it is told is not taken out."""
    post = made.post_at(seats=2)
    person, other = made.qualified(post.branch), made.qualified(post.branch)
    stands = f"R1,{post.number},{person.staff_number},2026-03-10,10:00,14:00,1\n"
    asks = f"R2,{post.number},{other.staff_number},2026-03-10,12:00,16:00,1\n"
    twice = f"R3,{post.number},{person.staff_number},2026-03-10,13:00,16:00,2\n"
    assert counts_of(take(tmp_path, "post_shifts", HEADER + stands)) == (1, 0, 0, 0)
    for place, rows in enumerate((asks + twice + stands, stands + asks + twice)):
        report = take(tmp_path, "post_shifts", HEADER + rows, f"{place}.csv")
        assert (counts_of(report), _reasons(report)) == (
            (0, 0, 1, 2), {"seat_taken": 1, "stands_already": 1},
        )  # fmt: skip
    assert [row.hours for row in Shift.objects.all()] == ["10:00–14:00"]


def test_who_asks_for_the_seat_of_a_shift_that_is_refused_its_move_is_refused(
    tmp_path: Path,
) -> None:
    post = made.post_at(seats=2)
    person, other = made.qualified(post.branch), made.qualified(post.branch)
    row = f"{{}},{post.number},{{}},2026-03-10,{{}},1\n"
    first = row.format("R1", person.staff_number, "10:00,14:00")
    assert counts_of(take(tmp_path, "post_shifts", HEADER + first)) == (1, 0, 0, 0)
    moves = row.format("R1", person.staff_number, "07:00,09:30")  # before the post opens
    asks = row.format("R2", other.staff_number, "10:00,14:00")
    for place, rows in enumerate((moves + asks, asks + moves)):
        report = take(tmp_path, "post_shifts", HEADER + rows, f"{place}.csv")
        assert (counts_of(report), _reasons(report)["seat_taken"]) == ((0, 0, 0, 2), 1)
    assert [row.hours for row in Shift.objects.all()] == ["10:00–14:00"]


def _standing() -> list[tuple[str, str, str, int]]:
    rows = Shift.objects.select_related("staff").order_by("number")
    return [(row.number, row.staff.staff_number or "", row.hours, row.seat) for row in rows]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("way", ["away", "seats", "people", "ring"])
def test_shifts_change_places_in_one_file(tmp_path: Path, way: str, turned: bool) -> None:
    """Whatever the order of its rows: what counts is how all of them stand in the end."""
    post = made.post_at(seats=3)
    one, two, three = (made.qualified(post.branch).staff_number for _each in range(3))
    row = f"{{}},{post.number},{{}},2026-03-10,{{}},{{}}\n"
    day, late = "10:00,14:00", "14:00,18:00"
    before = [("R1", one, day, 1), ("R2", two, day, 2), ("R3", three, day, 3)]
    after = {
        "away": [("R1", one, late, 1), ("R2", two, day, 1), ("R3", three, day, 3)],
        "seats": [("R1", one, day, 2), ("R2", two, day, 1), ("R3", three, day, 3)],
        "people": [("R1", two, day, 1), ("R2", one, day, 2), ("R3", three, day, 3)],
        "ring": [("R1", one, day, 2), ("R2", two, day, 3), ("R3", three, day, 1)],
    }[way]
    rows = [row.format(*each) for each in before]
    assert counts_of(take(tmp_path, "post_shifts", HEADER + "".join(rows))) == (3, 0, 0, 0)
    rows = [row.format(*each) for each in (reversed(after) if turned else after)]
    changed = len(set(after) - set(before))
    report = take(tmp_path, "post_shifts", HEADER + "".join(rows), "turned.csv")
    assert counts_of(report) == (0, changed, 3 - changed, 0)
    assert _standing() == [
        (number, staff, hours.replace(",", "–"), seat) for number, staff, hours, seat in after
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_refused_leaves_its_place_taken_and_so_do_those_after_it(
    tmp_path: Path, turned: bool
) -> None:
    """The first may not move, so the second has no place, so the third has none; the fourth has."""
    post = made.post_at(seats=4)
    people = [made.qualified(post.branch).staff_number for _each in range(4)]
    row = f"R{{}},{post.number},{{}},2026-03-10,{{}},{{}}\n"
    rows = [row.format(n, people[n - 1], "10:00,14:00", n) for n in (1, 2, 3)]
    assert counts_of(take(tmp_path, "post_shifts", HEADER + "".join(rows))) == (3, 0, 0, 0)
    before = _standing()
    rows = [
        row.format(1, people[0], "07:00,09:30", 1),  # before the post opens
        row.format(2, people[1], "10:00,14:00", 1),
        row.format(3, people[2], "10:00,14:00", 2),
        row.format(4, people[3], "10:00,14:00", 4),
    ]
    text = HEADER + "".join(reversed(rows) if turned else rows)
    report = take(tmp_path, "post_shifts", text, "moved.csv")
    assert (counts_of(report), _reasons(report)) == (
        (1, 0, 0, 3), {"shift_outside_post": 1, "seat_taken": 2},
    )  # fmt: skip
    assert _standing() == [*before, ("R4", people[3], "10:00–14:00", 4)]
