"""The pages of posts, as the people who use them."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from merchants.models import Attendance, Post, PostAbsence, Shift, StaffQualification
from merchants.posts.exports import POST_SHIFTS
from portal.kit import clock
from tests.factories import posts as made
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db


def _span() -> dict[str, Any]:
    """Asked in each test anew: a long run of tests goes on past midnight."""
    month = dt.timedelta(days=30)
    return {"first_date": clock.today() - month, "last_date": clock.today() + month}


def _post(**values: Any) -> Post:
    return made.post_at(opens=dt.time(0), closes=dt.time(23, 59, 59), **{**_span(), **values})


def _person(post: Post) -> Any:
    return made.qualified(post.branch, **_span())


def test_the_file_of_shifts_is_of_the_week_that_the_rota_shows(client_of: Any) -> None:
    post = made.post_at()
    person = made.qualified(post.branch)
    monday = made.DAY - dt.timedelta(days=made.DAY.weekday())
    shifts = [
        made.planned(post, person, on=monday + dt.timedelta(days=days)) for days in (-1, 0, 6, 7)
    ]
    asked = QueryDict(f"week={made.DAY}&branch={post.branch.code}")
    found = POST_SHIFTS.read(made.leader(post), asked, made.DAY - dt.timedelta(days=30))
    assert [row[0] for row in found.rows] == [one.on_date for one in shifts[1:3]]
    assert found.filters == {"week": str(monday), "branch": post.branch.code}
    empty = POST_SHIFTS.read(made.leader(post), QueryDict(""), monday + dt.timedelta(days=8))
    assert [row[0] for row in empty.rows] == [shifts[3].on_date]


def test_a_manager_opens_a_post_and_plans_a_shift(client_of: Any) -> None:
    today = clock.today()
    store = made.store_of()
    client = client_of(store.merchant.manager)
    url = reverse("post_new", args=[store.merchant.number])
    assert client.get(url).status_code == 200
    given = {
        "store": store.pk, "scenario": "dining", "first_date": str(today),
        "last_date": str(today + dt.timedelta(days=60)), "opens": "10:00", "closes": "20:00",
        "days": "all", "seats": 1, "permission": "店长同意", "duties": "摆台\n\n清点",
    }  # fmt: skip
    answer = client.post(url, given)
    post = Post.objects.get()
    assert (answer.status_code, post.duties) == (302, ["摆台", "清点"])
    person, day = _person(post), today + dt.timedelta(days=1)
    url = reverse("shift_new", args=[post.number])
    assert person.username in client.get(url, {"day": str(day)}).content.decode()
    said = {"day": str(day), "starts": "10:00", "ends": "14:00", "staff": person.username}
    assert client.post(url, said).status_code == 302
    again = client.post(url, said)
    assert (again.status_code, Shift.objects.count()) == (422, 1)
    week = client.get(reverse("post_rota"), {"week": str(day)}).content.decode()
    assert reverse("shift_page", args=[Shift.objects.get().pk]) in week


def test_the_day_of_a_form_that_cannot_be_read_is_today(client_of: Any) -> None:
    post = _post()
    url = reverse("shift_new", args=[post.number])
    assert client_of(made.leader(post)).get(url, {"day": "soon"}).status_code == 200


def test_the_person_checks_in_counts_and_checks_out(client_of: Any) -> None:
    today = clock.today()
    post = _post(duties=["摆台"])
    person, now = _person(post), clock.now()
    shift = Shift.objects.create(
        number="R1", post=post, staff=person, on_date=today,
        starts_at=max(clock.start_of(today), now - dt.timedelta(minutes=5)),
        ends_at=min(made.hour("23:59:59", today), now + dt.timedelta(hours=2)),
    )  # fmt: skip
    client, mine = client_of(person), reverse("post_mine")
    assert reverse("shift_step", args=[shift.pk, "in"]) in client.get(mine).content.decode()

    def step(name: str, **said: Any) -> int:
        return client.post(reverse("shift_step", args=[shift.pk, name]), said).status_code

    assert step("in") == 302
    assert step("count", kind="lead", step="1", after="0") == 302
    assert step("count", kind="lead", step="1", after="0") == 302  # sent twice
    assert step("count", kind="lead", step="5", after="1") == 404
    assert shift.counts.count() == 1
    assert client.get(mine).status_code == 200
    assert step("nothing") == 404
    assert step("out") == 302
    assert Attendance.objects.get().out_at is not None
    other = client_of(_person(post)).post(reverse("shift_step", args=[shift.pk, "out"]))
    assert other.status_code == 404


def test_a_branch_manager_keeps_qualifications_and_absences(client_of: Any) -> None:
    today = clock.today()
    post = _post()
    person = _person(post)
    client = client_of(made.chief(post.branch))
    listed = client.get(reverse("post_staff_list"))
    assert [row["person"].staff for row in listed.context["rows"] if row["person"].lacks] == [
        made.leader(post)
    ]
    url = reverse("qualification_new", args=[made.leader(post).username])
    said = {"kind": "cards", "first_date": str(today), "last_date": str(today), "source": "证书1"}
    assert client.post(url, said).status_code == 302
    assert client.post(url, said).status_code == 422
    row = StaffQualification.objects.get(staff=person, kind="cards")
    url = reverse("qualification_withdraw", args=[row.pk])
    assert client.post(url, {"why": ""}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_date is None
    assert client.post(url, {"why": "违规"}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_date == today
    url = reverse("absence_new", args=[person.username])
    days = {"kind": "leave", "first_date": str(today), "last_date": str(today)}
    assert client.post(url, days).status_code == 302
    absence = PostAbsence.objects.get()
    assert client.post(reverse("absence_cancel", args=[absence.pk])).status_code == 302
    strange = client_of(made.chief(BranchFactory()))
    assert strange.post(reverse("absence_cancel", args=[absence.pk])).status_code == 404


def test_a_shift_is_cancelled_on_its_page(client_of: Any) -> None:
    today = clock.today()
    post = _post()
    day = today + dt.timedelta(days=1)
    shift = made.planned(post, _person(post), on=day, at=clock.now())
    client = client_of(made.leader(post))
    url = reverse("shift_cancel", args=[shift.pk])
    assert client.post(url, {"why": ""}).status_code == 422
    assert client.post(url, {"why": "盘点"}).status_code == 302
    shift.refresh_from_db()
    assert shift.state == "cancelled"
    assert client.get(reverse("shift_page", args=[shift.pk])).status_code == 200


def test_home_says_who_stands_today_and_who_is_missing(client_of: Any) -> None:
    today = clock.today()
    post = _post()
    person = _person(post)
    Shift.objects.create(
        number="R1", post=post, staff=person, on_date=today,
        starts_at=clock.start_of(today), ends_at=clock.start_of(today) + dt.timedelta(minutes=1),
    )  # fmt: skip
    page = client_of(made.leader(post)).get("/").content.decode()
    assert person.name in page
    part = client_of(made.leader(post)).get(
        reverse("merchant_posts", args=[post.store.merchant.number]), headers={"HX-Request": "true"}
    )
    assert reverse("post_page", args=[post.number]) in part.content.decode()


@pytest.mark.parametrize("by", ["posts", "merchants"])
def test_results_are_shown_and_taken_out(client_of: Any, by: str) -> None:
    today = clock.today()
    post = made.post_at(first_date=today - dt.timedelta(days=40), last_date=today)
    made.cost(post, first_date=today - dt.timedelta(days=40))
    day = today - dt.timedelta(days=2)
    made.stood(post, made.qualified(post.branch, **_span()), on=day)
    client = client_of(made.chief(post.branch))
    page = client.get(reverse("post_results"), {"by": by})
    [line] = page.context["lines"]
    assert (line.result.hours, line.places) == (8.0, None)
    url = reverse("export_start", args=["post_results"]) + f"?by={by}"
    assert client.get(url).status_code == 200
