"""Posts that are not filled today."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from merchants.posts import panels, queries
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
