"""Who stands where: what is planned, and what is refused with a sentence."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from journeys.models import CalendarDay
from merchants.models import PostAbsence, Shift, Store
from merchants.posts import operations, queries
from merchants.posts.enums import Standing
from portal.models import AuditEntry
from portal.staff.access import scope_of
from portal.staff.enums import Role
from tests.factories import posts as made
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def refused(**values: Any) -> str:
    before = Shift.objects.count()
    with pytest.raises(operations.PostRefused) as refusal:
        made.planned(**values)
    assert Shift.objects.count() == before
    return str(refusal.value)


def test_a_shift_is_planned_with_its_tasks_and_an_audit_entry() -> None:
    post = made.post_at(duties=["摆放易拉宝", "清点申请表"])
    shift = made.planned(post)
    assert (shift.seat, shift.on_date, shift.hours) == (1, made.DAY, "10:00–18:00")
    assert [(task.place, task.words) for task in shift.tasks.order_by("place")] == [
        (1, "摆放易拉宝"), (2, "清点申请表"),
    ]  # fmt: skip
    entry = AuditEntry.objects.get(action="shift.planned")
    assert entry.changes["post"] == post.number


def test_nobody_stands_at_two_places_at_once() -> None:
    post, other = made.post_at(), None
    person = made.qualified(post.branch)
    made.planned(post, person, ends=dt.time(14))
    other = made.post_at(made.store_of(merchant=post.store.merchant))
    sentence = refused(post=other, staff=person, starts=dt.time(13))
    assert sentence == f"{person.label} stands at {post.label} from 10:00–14:00 already."
    # The one may begin as the other ends.
    made.planned(other, person, starts=dt.time(14))
    assert Shift.objects.filter(staff=person).count() == 2


def test_a_seat_is_given_once_and_the_next_free_one_is_found() -> None:
    post = made.post_at(seats=2)
    first, second = made.planned(post), made.planned(post)
    assert (first.seat, second.seat) == (1, 2)
    assert "seat 2" in refused(post=post)
    assert refused(post=post, seat=3) == "The post has fewer seats than this."
    assert "seat 1" in refused(post=post, seat=1)


@pytest.mark.parametrize(
    ("last", "day", "is_taken"),
    [
        (dt.date(2026, 3, 9), made.DAY, False),
        (dt.date(2026, 3, 10), made.DAY, True),
        (dt.date(2026, 3, 10), dt.date(2026, 3, 11), False),
    ],
)
def test_only_who_is_qualified_on_the_day(last: dt.date, day: dt.date, is_taken: bool) -> None:
    post = made.post_at()
    person = made.qualified(post.branch, last_date=last)
    assert (person in queries.who_may_stand(post=post, on=day)) is is_taken
    if is_taken:
        assert made.planned(post, person, on=day).is_planned
    else:
        assert refused(post=post, staff=person, on=day).startswith("The person lacks a qual")


def test_a_withdrawn_qualification_does_not_count_and_is_shown_on_the_rota() -> None:
    post = made.post_at()
    person = made.qualified(post.branch)
    shift = made.planned(post, person)
    boss = made.chief(post.branch)
    row = person.qualifications.get(kind="cards")
    operations.withdraw_qualification(
        qualification_id=row.pk, why="违规", on=dt.date(2026, 3, 5), actor=boss, at=made.AT
    )
    assert queries.unfit([shift], made.AT) == {shift.pk: "shift_unqualified"}
    assert refused(post=post, staff=person, on=dt.date(2026, 3, 11)).startswith("The person lacks")
    with pytest.raises(operations.PostRefused, match="withdrawn already"):
        operations.withdraw_qualification(
            qualification_id=row.pk, why="再次", on=made.DAY, actor=boss, at=made.AT
        )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"starts": dt.time(9)}, "The shift lies outside the days or the hours of the post."),
        ({"ends": dt.time(18, 1)}, "The shift lies outside the days or the hours of the post."),
        ({"on": dt.date(2026, 7, 1)}, "The shift lies outside the days or the hours of the post."),
        ({"starts": dt.time(12), "ends": dt.time(12)}, "The shift must end after it begins."),
        ({"at": made.hour("18:00")}, "This time has passed; plan from now on."),
    ],
)
def test_what_lies_outside_the_post(values: dict[str, Any], sentence: str) -> None:
    assert refused(post=made.post_at(), **values) == sentence


def test_a_shift_longer_than_the_rule() -> None:
    post = made.post_at(opens=dt.time(8), closes=dt.time(22))
    made.planned(post, starts=dt.time(8), ends=dt.time(18))
    assert refused(post=post, starts=dt.time(8), ends=dt.time(18, 1)).startswith("The shift is lo")


def test_a_store_that_is_closed_or_a_merchant_that_is_no_partner() -> None:
    post = made.post_at()
    Store.objects.filter(pk=post.store_id).update(state="closed", closed_date=made.DAY)
    closed = "The store is not open on this day: nobody can stand there."
    assert refused(post=post) == closed
    made.planned(post, on=made.DAY - dt.timedelta(days=1))
    Store.objects.filter(pk=post.store_id).update(state="paused", closed_date=None)
    assert refused(post=post) == closed
    Store.objects.filter(pk=post.store_id).update(state="open")
    merchant = post.store.merchant
    merchant.is_partner = False
    merchant.save()
    assert refused(post=post) == "The merchant is no partner any more: nobody stands there."


def test_only_staff_of_the_branch_who_work_here() -> None:
    post = made.post_at()
    sentence = "Only staff of the post's branch who work here stand there."
    assert refused(post=post, staff=made.qualified(BranchFactory())) == sentence
    assert refused(post=post, staff=made.qualified(post.branch, is_active=False)).startswith("")
    below = BranchFactory(parent=post.branch, path=f"{post.branch.path}X1/", code="X1")
    assert made.planned(post, made.qualified(below)).is_planned


def test_who_is_absent_stands_nowhere_and_shifts_are_cancelled() -> None:
    post = made.post_at()
    person = made.qualified(post.branch)
    shift, boss = made.planned(post, person), made.chief(post.branch)
    row, cancelled = operations.record_absence(
        staff=person, kind="sick", first_date=made.DAY, last_date=made.DAY, actor=boss, at=made.AT
    )
    shift.refresh_from_db()
    assert (cancelled, shift.state) == (1, "cancelled")
    assert refused(post=post, staff=person) == "The person is absent on this day."
    operations.cancel_absence(absence_id=row.pk, actor=boss, at=made.AT)
    assert made.planned(post, person).is_planned


def test_nobody_records_the_own_qualification_or_that_of_another_branch() -> None:
    post = made.post_at()
    boss = made.chief(post.branch)
    for actor in (made.chief(BranchFactory()), made.leader(post)):
        with pytest.raises(operations.PostRefused):
            operations.record_absence(
                staff=boss, kind="leave", first_date=made.DAY, last_date=made.DAY, actor=actor,
                at=made.AT,
            )  # fmt: skip
    with pytest.raises(operations.PostRefused):
        operations.record_qualification(
            staff=boss, kind="cards", first_date=made.DAY, last_date=made.DAY, source="证",
            actor=boss, at=made.AT,
        )  # fmt: skip
    assert PostAbsence.objects.count() == 0


def _other_day(day: dt.date, is_workday: bool) -> None:
    CalendarDay.objects.update_or_create(
        day=day, defaults={"is_workday": is_workday, "name": "调休", "source": "通知"}
    )


# A Sunday that is made up, and a Monday that is a holiday.
MADE_UP, HOLIDAY = dt.date(2026, 3, 15), dt.date(2026, 3, 16)
NO_WORKDAY = "The day is no workday by the bank's calendar, and the post stands on workdays."
A_WORKDAY = "The day is a workday by the bank's calendar, and the post stands on rest days."


def test_a_post_stands_on_the_days_of_the_banks_calendar() -> None:
    _other_day(MADE_UP, True)
    _other_day(HOLIDAY, False)
    post = made.post_at(days="workdays")
    assert made.planned(post, on=MADE_UP).on_date == MADE_UP
    assert refused(post=post, on=HOLIDAY) == NO_WORKDAY
    rest = made.post_at(days="rest_days")
    assert made.planned(rest, on=HOLIDAY).on_date == HOLIDAY
    assert refused(post=rest, on=MADE_UP) == A_WORKDAY
    week = queries.week_of(
        scope=scope_of(made.leader(post)), monday=dt.date(2026, 3, 9), at=made.AT
    )
    assert [day.is_made_up for day in week.days] == [False] * 6 + [True]


def test_a_day_that_turned_into_a_holiday_shows_at_its_shift_and_whoever_came_is_let_in() -> None:
    post = made.post_at(days="workdays")
    shift = made.planned(post)
    assert queries.unfit([shift], made.AT) == {}
    _other_day(made.DAY, False)
    assert queries.unfit([shift], made.AT) == {shift.pk: "shift_no_workday"}
    operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
    operations.check_out(shift_id=shift.pk, actor=shift.staff, at=made.hour("18:00"))
    shift = Shift.objects.select_related("attendance").get(pk=shift.pk)
    assert shift.standing(made.hour("18:00")) == Standing.DONE


def test_the_days_of_a_post_stay_wide_enough_for_its_shifts() -> None:
    monday, saturday = dt.date(2099, 3, 9), dt.date(2099, 3, 14)
    wide = {"last_date": dt.date(2099, 12, 31)}
    post = made.post_at(**wide)
    person = made.qualified(post.branch, **wide)
    shift = made.planned(post, person, on=saturday)
    narrow = {"facts": made.facts(**wide, days="workdays"), "actor": made.leader(post)}
    with pytest.raises(operations.PostRefused, match="would not fit any more"):
        operations.change_post(post=post, at=made.AT, **narrow)
    post.refresh_from_db()
    assert post.days == "all"
    operations.cancel_shift(
        shift_id=shift.pk, why="改为工作日", actor=made.leader(post), at=made.AT
    )
    operations.change_post(post=post, at=made.AT, **narrow)
    post.refresh_from_db()
    assert made.planned(post, person, on=monday).is_planned
    assert refused(post=post, staff=person, on=saturday) == NO_WORKDAY


def test_others_only_read() -> None:
    post = made.post_at()
    stranger = StaffFactory(role=Role.RELATIONSHIP_MANAGER, branch=post.branch)
    assert refused(post=post, actor=stranger) == "This post is planned by others; you may read it."
    assert made.planned(post, actor=made.chief(post.branch)).is_planned


def test_a_shift_is_cancelled_once_with_a_reason() -> None:
    post = made.post_at()
    shift, who = made.planned(post), made.leader(post)
    operations.cancel_shift(shift_id=shift.pk, why="门店盘点", actor=who, at=made.AT)
    shift.refresh_from_db()
    assert (shift.state, shift.cancelled_why) == ("cancelled", "门店盘点")
    with pytest.raises(operations.PostRefused, match="was cancelled, and stays so"):
        operations.cancel_shift(shift_id=shift.pk, why="再次", actor=who, at=made.AT)
    # The seat and the person are free again.
    assert made.planned(post, shift.staff).seat == 1


def test_a_post_is_not_made_narrower_than_its_shifts() -> None:
    post = made.post_at(last_date=dt.date(2099, 12, 31))
    person = made.qualified(post.branch, last_date=dt.date(2099, 12, 31))
    made.planned(post, person, on=dt.date(2099, 3, 10))
    wide = {"last_date": dt.date(2099, 12, 31)}
    for narrow in ({"closes": dt.time(17)}, {"last_date": dt.date(2099, 3, 9)}):
        with pytest.raises(operations.PostRefused, match="would not fit any more"):
            operations.change_post(
                post=post, facts=made.facts(**{**wide, **narrow}), actor=made.leader(post),
                at=made.AT,
            )  # fmt: skip
    operations.change_post(
        post=post, facts=made.facts(**wide, seats=3), actor=made.leader(post), at=made.AT
    )
    post.refresh_from_db()
    assert post.seats == 3


def test_a_post_opens_at_an_open_store_of_a_partner_only() -> None:
    store = made.store_of()
    store.merchant.is_partner = False
    store.merchant.save()
    with pytest.raises(operations.PostRefused, match="partners' stores only"):
        made.post_at(store)
    shut = made.store_of(state="closed", closed_date=dt.date(2026, 3, 1))
    with pytest.raises(operations.PostRefused, match="closes before the post ends"):
        made.post_at(shut)
