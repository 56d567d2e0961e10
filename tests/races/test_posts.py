"""Two planners at the same moment: nobody stands at two places, no seat is given twice, and whoever
is absent stands nowhere."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from merchants.models import PostAbsence, Shift
from merchants.posts import operations
from tests.factories import posts as made
from tests.factories.intake import counts_of, take
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_planners_one_gets_the_person(attempt: int) -> None:
    post = made.post_at()
    other = made.post_at(made.store_of(merchant=post.store.merchant))
    person, boss = made.qualified(post.branch), made.chief(post.branch)
    posts, actors = [post, other], [made.leader(post), boss]

    def plan(place: int) -> str:
        try:
            made.planned(posts[place], person, actor=actors[place], starts=dt.time(10 + place))
        except operations.PostRefused as refused:
            return refused.rule
        return "planned"

    assert sorted(in_threads(2, plan)) == ["planned", "shift_staff_once"]
    assert Shift.objects.count() == 1


def test_of_several_planners_one_gets_the_seat() -> None:
    post = made.post_at()
    people = [made.qualified(post.branch) for _place in range(4)]

    def plan(place: int) -> str:
        try:
            made.planned(post, people[place], seat=1)
        except operations.PostRefused as refused:
            return refused.rule
        return "planned"

    assert sorted(in_threads(4, plan)) == ["planned", *["shift_seat_once"] * 3]
    assert Shift.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_shift_or_an_absence_finds_the_other(attempt: int) -> None:
    post = made.post_at()
    person, boss = made.qualified(post.branch), made.chief(post.branch)

    def step(place: int) -> str:
        try:
            if place:
                made.planned(post, person)
            else:
                operations.record_absence(
                    staff=person, kind="sick", first_date=made.DAY, last_date=made.DAY,
                    actor=boss, at=made.AT,
                )  # fmt: skip
        except operations.PostRefused as refused:
            return refused.rule
        return "done"

    answers = in_threads(2, step)
    # The absence always holds; the shift was cancelled by it or refused because of it.
    assert answers[0] == "done"
    assert PostAbsence.objects.count() == 1
    assert not Shift.objects.filter(state="planned").exists()
    assert answers[1] in {"done", "shift_absent"}


def test_a_check_in_sent_twice_stands_once() -> None:
    shift = made.planned(made.post_at())

    def check_in(_place: int) -> Any:
        try:
            operations.check_in(shift_id=shift.pk, actor=shift.staff, at=made.hour("10:00"))
        except operations.PostRefused as refused:
            return refused.rule
        return "in"

    assert sorted(in_threads(3, check_in)) == ["in", *["merchants_attendance_pkey"] * 2]


@pytest.mark.parametrize("attempt", range(4))
def test_a_file_that_changes_places_and_who_plans_meanwhile(attempt: int, tmp_path: Path) -> None:
    """Whoever comes second is refused with a sentence, and nobody waits in a ring."""
    post = made.post_at(seats=4)
    one, two, new = (made.qualified(post.branch) for _each in range(3))
    row = f"{{}},{post.number},{{}},2026-03-10,10:00,14:00,{{}}\n"
    header = "number,post,staff,day,starts,ends,seat\n"
    stands = row.format("R1", one.staff_number, 1) + row.format("R2", two.staff_number, 2)
    assert counts_of(take(tmp_path, "post_shifts", header + stands)) == (2, 0, 0, 0)
    moved = row.format("R1", one.staff_number, 3) + row.format("R2", two.staff_number, 1)

    def step(place: int) -> Any:
        if place == 0:
            return counts_of(take(tmp_path, "post_shifts", header + moved, "moved.csv"))
        seat = (3, 2)[place - 1]
        who = (new, two)[place - 1]
        try:
            made.planned(post, who, seat=seat, starts=dt.time(12), ends=dt.time(16))
        except operations.PostRefused as refused:
            return refused.rule
        return "planned"

    of_file, third, same = in_threads(3, step)
    # The same person cannot stand twice, whichever comes first.
    assert same == "shift_staff_once"
    assert (of_file, third) in [
        ((0, 2, 0, 0), "shift_seat_once"),  # the file was first
        ((0, 0, 0, 2), "planned"),  # seat 3 was taken: R1 stays, so R2 has no place either
    ]
    assert Shift.objects.filter(state="planned").count() == 2 + (third == "planned")
