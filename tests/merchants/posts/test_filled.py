"""Posts that are not filled today."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from merchants.models import Merchant, Store
from merchants.posts import operations, panels, queries
from portal.kit import clock
from portal.staff.access import Scope
from tests.factories import posts

pytestmark = pytest.mark.django_db
NOON = clock.at_time(posts.DAY, dt.time(12))


def unfilled(path: str, at: dt.datetime = NOON) -> int:
    return queries.unfilled_on(scope=Scope(path), on=posts.DAY, at=at)


def test_a_post_counts_until_its_hours_are_planned_or_over() -> None:
    post = posts.post_at()
    path = post.branch.path
    assert (unfilled(path), unfilled(posts.post_at().branch.path)) == (1, 1)
    assert unfilled(path, clock.at_time(posts.DAY, dt.time(18))) == 0
    posts.planned(post, posts.qualified(post.branch), ends=dt.time(14))
    assert unfilled(path) == 1
    posts.planned(post, posts.qualified(post.branch), starts=dt.time(14))
    assert unfilled(path) == 0


def test_a_post_that_does_not_stand_on_the_day_does_not_count() -> None:
    store = posts.store_of()
    posts.post_at(store, days="rest_days")  # the day is a Tuesday
    assert unfilled(store.merchant.branch.path) == 0


def test_hours_that_are_over_are_not_asked_for() -> None:
    post = posts.post_at()
    posts.planned(post, posts.qualified(post.branch), starts=dt.time(14))
    assert unfilled(post.branch.path, clock.at_time(posts.DAY, dt.time(13, 59))) == 1
    assert unfilled(post.branch.path, clock.at_time(posts.DAY, dt.time(14))) == 0


@pytest.mark.parametrize(
    ("of_store", "of_merchant"),
    [({"state": "paused"}, {}), ({"state": "closed", "closed_date": posts.DAY}, {}),
     ({"opened_date": posts.DAY + dt.timedelta(days=1)}, {}), ({}, {"is_partner": False})],
)  # fmt: skip
def test_where_nobody_may_be_planned_nobody_is_asked_for(
    of_store: dict[str, Any], of_merchant: dict[str, Any]
) -> None:
    post = posts.post_at()
    assert unfilled(post.branch.path) == 1
    Store.objects.filter(pk=post.store_id).update(**of_store or {"name": "店"})
    Merchant.objects.filter(pk=post.store.merchant_id).update(**of_merchant or {"name": "户"})
    assert unfilled(post.branch.path) == 0
    with pytest.raises(operations.PostRefused):
        posts.planned(post)


def test_whoever_would_not_be_let_in_fills_no_post() -> None:
    post = posts.post_at()
    person = posts.qualified(post.branch)
    posts.planned(post, person)
    assert unfilled(post.branch.path) == 0
    person.is_active = False
    person.save()
    assert unfilled(post.branch.path) == 1


@time_machine.travel(NOON, tick=False)
def test_a_manager_is_told_of_posts_of_the_own_merchants() -> None:
    mine = posts.post_at()
    other = posts.post_at(posts.store_of(branch=mine.branch))
    posts.planned(other, ends=dt.time(14))
    request: Any = RequestFactory().get("/")
    request.user = posts.leader(mine)
    found = panels.posts_today(request)
    assert found is not None
    assert [one.count for one in found["todo"]] == [0, 1]
    request.user = posts.chief(mine.branch)
    found = panels.posts_today(request)
    assert found is not None
    assert [one.count for one in found["todo"]] == [1, 2]


@time_machine.travel(NOON, tick=False)
def test_who_plans_is_told_of_seats_and_of_who_is_missing() -> None:
    post = posts.post_at()
    shift = posts.planned(post, posts.qualified(post.branch), ends=dt.time(14))
    request: Any = RequestFactory().get("/")
    request.user = posts.leader(post)
    with translation.override("en"):
        found = panels.posts_today(request)
        assert found is not None
        assert [(one.told, one.is_late, one.until, one.url) for one in found["todo"]] == [
            ("1 shift not checked in", True, "2026-03-10 10:00",
             reverse("shift_page", args=[shift.pk])),
            ("1 post not filled", False, "2026-03-10", reverse("post_rota")),
        ]  # fmt: skip
