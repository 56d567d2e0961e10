"""What the database refuses of posts, whoever asks: a row that breaks each rule."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from merchants.models import Attendance, Post, PostAbsence, Shift, ShiftCount, StaffQualification
from tests.factories import posts as made
from tests.factories.journeys import ApplicationFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
NEXT = made.DAY + dt.timedelta(days=1)


def refused_by(step: Callable[[], Any]) -> str | None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        step()
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def shift(**values: Any) -> Callable[[], Any]:
    return lambda: row_of("merchants.Shift", **values)


def _person(**values: Any) -> Any:
    post = row_of("merchants.Post")
    return post, made.qualified(post.branch, **values)


def test_a_person_and_a_seat_are_taken_once() -> None:
    first = row_of("merchants.Shift")
    other = row_of("merchants.Post", store=first.post.store, seats=2)
    assert refused_by(shift(post=other, staff=first.staff)) == "shift_staff_once"
    assert refused_by(shift(post=first.post)) == "shift_seat_once"
    Shift.objects.filter(pk=first.pk).update(
        state="cancelled", cancelled_at=made.AT, cancelled_why="x"
    )
    assert row_of("merchants.Shift", post=first.post, staff=first.staff).is_planned


def test_where_and_when_nobody_may_stand() -> None:
    post, person = _person()
    given = {"post": post, "staff": person}
    starts = {"starts_at": made.hour("09:00")}
    assert refused_by(shift(**given, **starts)) == "shift_outside_post"
    assert refused_by(shift(**given, on_date=NEXT)) == "shift_outside_post"
    assert refused_by(shift(**given, seat=2)) == "shift_beyond_seats"
    Post.objects.filter(pk=post.pk).update(opens=dt.time(6))
    long = {"starts_at": made.hour("07:59")}
    assert refused_by(shift(**given, **long)) == "shift_too_long"
    old = {"on_date": dt.date(1999, 1, 1), "starts_at": made.hour("10:00", dt.date(1999, 1, 1)),
           "ends_at": made.hour("11:00", dt.date(1999, 1, 1))}  # fmt: skip
    assert refused_by(shift(**given, **old)) == "shift_no_rule"
    post.store.state = "planned"
    post.store.save()
    assert refused_by(shift(**given)) == "shift_store_closed"
    post.store.state, post.store.closed_date = "closed", made.DAY
    post.store.save()
    assert refused_by(shift(**given)) == "shift_store_closed"
    post.store.state, post.store.closed_date = "open", None
    post.store.save()
    post.store.merchant.is_partner = False
    post.store.merchant.save()
    assert refused_by(shift(**given)) == "shift_no_partner"


def test_on_which_days_nobody_stands() -> None:
    """The day is a Tuesday, the next Saturday and Sunday are no workdays but for the calendar."""
    saturday, sunday = made.DAY + dt.timedelta(days=4), made.DAY + dt.timedelta(days=5)
    row_of("journeys.CalendarDay", day=sunday, is_workday=True)
    row_of("journeys.CalendarDay", day=NEXT, is_workday=False)

    def on(post: Post, day: dt.date) -> Callable[[], Any]:
        hours = {"starts_at": made.hour("10:00", day), "ends_at": made.hour("18:00", day)}
        return shift(post=post, on_date=day, **hours)

    works = row_of("merchants.Post", days="workdays")
    for day in (saturday, NEXT):
        assert refused_by(on(works, day)) == "shift_no_workday"
    rests = row_of("merchants.Post", days="rest_days")
    for day in (made.DAY, sunday):
        assert refused_by(on(rests, day)) == "shift_no_rest_day"
    for post, day in ((works, made.DAY), (works, sunday), (rests, saturday), (rests, NEXT)):
        stands = on(post, day)()
        to = made.DAY if post == rests else saturday
        moved = {"on_date": to, "starts_at": made.hour("10:00", to),
                 "ends_at": made.hour("18:00", to)}  # fmt: skip
        rows = Shift.objects.filter(pk=stands.pk)
        rule = "shift_no_rest_day" if post == rests else "shift_no_workday"
        assert refused_by(lambda: rows.update(**moved)) == rule  # noqa: B023


def test_what_was_planned_before_its_day_turned_is_cancelled_or_attended_but_not_moved() -> None:
    post = row_of("merchants.Post", days="workdays", seats=2)
    gone, kept = shift(post=post)(), shift(post=post, seat=2)()
    row_of("journeys.CalendarDay", day=made.DAY, is_workday=False)
    rows = Shift.objects.filter(pk=gone.pk)
    later = {"starts_at": made.hour("11:00")}
    assert refused_by(lambda: rows.update(**later)) == "shift_no_workday"
    rows.update(state="cancelled", cancelled_at=made.AT, cancelled_why="x")
    assert row_of("merchants.Attendance", shift=kept).shift == kept


def test_who_may_not_stand() -> None:
    post, _person_of_it = _person()
    strange = made.qualified(BranchFactory())
    assert refused_by(shift(post=post, staff=strange)) == "shift_not_of_branch"
    left = made.qualified(post.branch, is_active=False)
    assert refused_by(shift(post=post, staff=left)) == "shift_not_of_branch"
    new = StaffFactory(branch=post.branch)
    assert refused_by(shift(post=post, staff=new)) == "shift_unqualified"
    row_of("merchants.StaffQualification", staff=new, kind="cards")
    assert refused_by(shift(post=post, staff=new)) == "shift_unqualified"
    row_of("merchants.StaffQualification", staff=new, kind="on_site")
    absence = row_of("merchants.PostAbsence", staff=new)
    assert refused_by(shift(post=post, staff=new)) == "shift_absent"
    PostAbsence.objects.filter(pk=absence.pk).update(cancelled_at=made.AT)
    assert row_of("merchants.Shift", post=post, staff=new).is_planned


def test_a_shift_stays_as_it_was_attended_or_cancelled() -> None:
    gone = row_of("merchants.Shift", state="cancelled", cancelled_at=made.AT, cancelled_why="x")
    again = {"state": "planned", "cancelled_at": None, "cancelled_why": ""}
    rows = Shift.objects.filter(pk=gone.pk)
    assert refused_by(lambda: rows.update(**again)) == "shift_stays_cancelled"
    came = row_of("merchants.Attendance")
    rows = Shift.objects.filter(pk=came.pk)
    assert refused_by(lambda: rows.update(seat=1)) == "shift_was_attended"


def test_coming_and_leaving() -> None:
    def came(**values: Any) -> Callable[[], Any]:
        return lambda: row_of("merchants.Attendance", **values)

    assert refused_by(came(in_at=made.hour("09:29"))) == "attendance_too_early"
    assert refused_by(came(in_at=made.hour("18:00"))) == "attendance_too_late"
    gone = row_of("merchants.Shift", state="cancelled", cancelled_at=made.AT, cancelled_why="x")
    assert refused_by(came(shift=gone)) == "attendance_of_cancelled"
    row = row_of("merchants.Attendance")
    rows = Attendance.objects.filter(pk=row.pk)
    assert refused_by(lambda: rows.update(in_at=made.hour("10:01"))) == "attendance_stays"
    rows.update(out_at=made.hour("18:00"))
    assert refused_by(lambda: rows.update(out_at=made.hour("18:01"))) == "attendance_stays"
    late = row_of("merchants.Shift")
    StaffQualification.objects.filter(staff=late.staff, kind="cards").update(
        withdrawn_date=made.DAY, withdrawn_by=StaffFactory(), withdrawn_why="x"
    )
    assert refused_by(came(shift=late)) == "shift_unqualified"


def test_counting() -> None:
    def counted(**values: Any) -> Callable[[], Any]:
        return lambda: ShiftCount.objects.create(
            **{"kind": "lead", "step": 1, "number": 1, "at": made.AT, **values}
        )

    assert refused_by(counted(shift=row_of("merchants.Shift"))) == "shift_count_while_there"
    there = row_of("merchants.Attendance").shift
    assert refused_by(counted(shift=there, step=-1)) == "shift_count_not_below_none"
    assert refused_by(counted(shift=there, number=2)) == "shift_count_follows"
    counted(shift=there)()
    assert refused_by(counted(shift=there)) == "shift_count_follows"


def test_a_post_stays_where_it_is_and_wide_enough() -> None:
    shut = made.store_of(state="closed", closed_date=made.DAY)
    assert refused_by(lambda: row_of("merchants.Post", store=shut)) == "post_store_closed"
    strange = made.store_of()
    strange.merchant.is_partner = False
    strange.merchant.save()
    assert refused_by(lambda: row_of("merchants.Post", store=strange)) == "post_no_partner"
    far = dt.date(2099, 3, 10)
    post = row_of("merchants.Post", last_date=dt.date(2099, 12, 31))
    rows = Post.objects.filter(pk=post.pk)
    assert refused_by(lambda: rows.update(store=made.store_of())) == "post_stays_there"
    staff = made.qualified(post.branch, last_date=far)
    row_of(
        "merchants.Shift", post=post, staff=staff, on_date=far,
        starts_at=made.hour("10:00", far), ends_at=made.hour("18:00", far),
    )  # fmt: skip
    assert refused_by(lambda: rows.update(closes=dt.time(17))) == "post_has_shifts"
    assert refused_by(lambda: rows.update(last_date=made.DAY)) == "post_has_shifts"
    # The day is a Tuesday.
    assert refused_by(lambda: rows.update(days="rest_days")) == "post_has_shifts"
    rows.update(days="workdays")


def test_an_application_of_a_post_names_its_merchant() -> None:
    post = row_of("merchants.Post")
    lost = refused_by(lambda: ApplicationFactory(post=post, merchant=None))
    assert lost == "application_of_post_has_merchant"


def test_absences_and_qualifications_stay_as_they_were_said() -> None:
    planned = row_of("merchants.Shift")
    absent = refused_by(lambda: row_of("merchants.PostAbsence", staff=planned.staff))
    assert absent == "post_absence_without_shifts"
    absence = PostAbsence.objects.filter(pk=row_of("merchants.PostAbsence").pk)
    assert refused_by(lambda: absence.update(last_date=NEXT)) == "post_absence_stays"
    row = row_of("merchants.StaffQualification")
    rows = StaffQualification.objects.filter(pk=row.pk)
    assert refused_by(lambda: rows.update(last_date=NEXT)) == "qualification_stays"
    own = refused_by(
        lambda: row_of("merchants.StaffQualification", staff=row.staff, kind="on_site",
                       recorded_by=row.staff)
    )  # fmt: skip
    assert own == "qualification_not_by_oneself"


@pytest.mark.parametrize(
    "model", ["Shift", "Attendance", "PostAbsence", "StaffQualification", "ShiftCount", "PostCost"]
)
def test_nothing_of_it_is_deleted(model: str) -> None:
    row = row_of(f"merchants.{model}")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).delete()
    assert type(row).objects.filter(pk=row.pk).exists()
