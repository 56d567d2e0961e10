"""At the post: in, out, counted, forgotten."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from merchants.models import Attendance, ShiftCount, Store
from merchants.posts import operations, queries
from merchants.posts.enums import Standing
from portal.models import AuditEntry
from tests.factories import posts as made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("time", "late", "sentence"),
    [
        ("09:29", None, "It is too early to check in; come back nearer to the beginning."),
        ("09:30", 0, ""),
        ("10:00", 0, ""),
        ("10:10", 0, ""),
        ("10:11", 11, ""),
        ("17:59", 479, ""),
        ("18:00", None, "The shift is over: it counts as one to which nobody came."),
    ],
)
def test_checking_in_within_the_tolerance(time: str, late: int | None, sentence: str) -> None:
    shift = made.planned(made.post_at())
    if late is None:
        with pytest.raises(operations.PostRefused) as refusal:
            operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour(time))
        assert str(refusal.value) == sentence
        assert Attendance.objects.count() == 0
    else:
        came = operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour(time))
        assert (came.minutes_late, came.is_late) == (late, late > 0)


def test_whoever_may_not_stand_there_any_more_is_not_let_in() -> None:
    shift = made.planned(made.post_at())
    Store.objects.filter(pk=shift.post.store_id).update(state="paused")
    with pytest.raises(operations.PostRefused, match="The store is not open"):
        operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
    assert Attendance.objects.count() == 0


def test_in_and_out_once_and_by_the_person_alone() -> None:
    shift = made.planned(made.post_at())
    other = made.qualified(shift.post.branch)
    with pytest.raises(operations.PostRefused, match="Only the person of the shift"):
        operations.check_in(shift_id=shift.pk, actor=other, at=made.hour("10:00"))
    with pytest.raises(operations.PostRefused, match="Check in first"):
        operations.check_out(shift_id=shift.pk, actor=shift.staff, at=made.hour("11:00"))
    operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
    with pytest.raises(operations.PostRefused, match="The check-in stands already"):
        operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:01"))
    operations.check_out(shift_id=shift.pk, actor=shift.staff, at=made.hour("17:30"))
    with pytest.raises(operations.PostRefused, match="The check-out stands already"):
        operations.check_out(shift_id=shift.pk, actor=shift.staff, at=made.hour("17:31"))
    with pytest.raises(operations.PostRefused, match="Somebody checked in"):
        operations.cancel_shift(
            shift_id=shift.pk, why="算了", actor=made.leader(shift.post), at=made.AT
        )
    assert Attendance.objects.get().out_at == made.hour("17:30")


def test_nobody_is_checked_in_at_two_shifts_at_once() -> None:
    """Hours of a forgotten check-out would count beside those of the next shift."""
    one, two = made.post_at(), made.post_at()
    person = made.qualified(one.branch)
    two.branch = one.branch
    two.save(update_fields=["branch"])
    early = made.planned(one, person, ends=dt.time(14))
    late = made.planned(two, person, starts=dt.time(14))
    operations.check_in(shift_id=early.pk, actor=person, at=made.hour("10:00"))
    with pytest.raises(operations.PostRefused, match="checked in at another shift"):
        operations.check_in(shift_id=late.pk, actor=person, at=made.hour("13:40"))
    operations.check_out(shift_id=early.pk, actor=person, at=made.hour("13:40"))
    operations.check_in(shift_id=late.pk, actor=person, at=made.hour("13:40"))
    assert Attendance.objects.count() == 2


def test_what_is_counted_follows_and_a_tap_sent_twice_counts_once() -> None:
    shift = made.planned(made.post_at())
    who = {"shift_id": shift.pk, "actor": shift.staff, "at": made.hour("11:00")}
    with pytest.raises(operations.PostRefused, match="Check in first"):
        operations.count_one(kind="lead", step=1, after=0, **who)
    operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
    operations.count_one(kind="lead", step=1, after=0, **who)
    with pytest.raises(operations.PostRefused, match="counted meanwhile"):
        operations.count_one(kind="lead", step=1, after=0, **who)
    operations.count_one(kind="application", step=1, after=1, **who)
    operations.count_one(kind="lead", step=-1, after=2, **who)
    with pytest.raises(operations.PostRefused, match="nothing to take back"):
        operations.count_one(kind="lead", step=-1, after=3, **who)
    assert queries.totals_of(shift) == ({"lead": 0, "application": 1, "activation": 0}, 3)
    operations.check_out(shift_id=shift.pk, actor=shift.staff, at=made.hour("18:00"))
    with pytest.raises(operations.PostRefused, match="Check in first"):
        operations.count_one(kind="lead", step=1, after=3, **who)
    assert ShiftCount.objects.count() == 3


def test_tasks_are_ticked_while_there() -> None:
    shift = made.planned(made.post_at(duties=["摆台"]))
    who = {"shift_id": shift.pk, "place": 1, "actor": shift.staff}
    with pytest.raises(operations.PostRefused, match="Check in first"):
        operations.tick_task(is_done=True, at=made.hour("10:00"), **who)
    operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
    assert operations.tick_task(is_done=True, at=made.hour("10:05"), **who).done_at is not None
    assert operations.tick_task(is_done=False, at=made.hour("10:06"), **who).done_at is None


def test_a_forgotten_check_out_is_closed_at_the_planned_end_and_says_so() -> None:
    shift = made.planned(made.post_at())
    operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
    assert operations.close_forgotten(at=made.hour("18:59")) == 0
    assert operations.close_forgotten(at=made.hour("19:00")) == 1
    assert operations.close_forgotten(at=made.hour("19:00")) == 0
    came = Attendance.objects.get()
    assert (came.out_at, came.is_closed_by_clock) == (made.hour("18:00"), True)
    shift.refresh_from_db()
    assert shift.standing(made.hour("19:00")) == Standing.CLOSED
    entry = AuditEntry.objects.get(action="shift.closed_by_clock")
    assert (entry.actor, entry.target_key) == (None, str(shift.pk))


def test_the_standing_of_a_shift() -> None:
    shift = made.planned(made.post_at())
    told = [shift.standing(made.hour(time)) for time in ("09:59", "10:00", "17:59", "18:00")]
    assert told == [Standing.AHEAD, Standing.DUE, Standing.DUE, Standing.MISSED]
    gone = made.stood(made.post_at(), on=made.DAY + dt.timedelta(days=1))
    assert gone.standing(made.hour("12:00")) == Standing.DONE
