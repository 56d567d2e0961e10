"""The demo bank's posts, and the applications that were won there."""

import datetime as dt

import pytest

from journeys.demo.posts import link_posts
from journeys.models import Application
from merchants.demo import partners, posts
from merchants.demo.directory import build_directory
from merchants.models import Attendance, Post, PostCost, Shift, StaffQualification
from merchants.posts import queries
from portal.demo import house
from portal.kit import clock
from portal.staff.access import Scope
from tests.factories.journeys import ApplicationFactory

ON = dt.date(2026, 11, 23)
AT = clock.start_of(ON)
EVERYWHERE = Scope(branch_path="")


@pytest.mark.django_db
def test_posts_have_a_rota_behind_and_ahead_and_results() -> None:
    made = house.build_house(seed="1", on=ON)
    drawn = partners.build_merchants(seed="1", branches=made.branches, on=ON, at=AT)
    build_directory(seed="1", on=ON)
    numbers = [row.number for row in drawn if not row.is_online]
    built = posts.build_posts(seed="1", numbers=numbers, on=ON)
    assert len(built) == posts.COUNT
    assert Post.objects.filter(store__merchant__manager__username="relationship_manager").exists()
    # In each of these weeks: the last, this one and the next.
    for first in (ON - dt.timedelta(days=7), ON, ON + dt.timedelta(days=7)):
        assert Shift.objects.filter(on_date__range=(first, first + dt.timedelta(days=6))).exists()
    assert not Attendance.objects.filter(shift__on_date__gte=ON).exists()
    assert Attendance.objects.filter(minutes_late__gt=0).exists()
    assert Attendance.objects.filter(is_closed_by_clock=True).exists()
    assert PostCost.objects.count() < posts.COUNT
    assert StaffQualification.objects.filter(last_date__lte=ON + dt.timedelta(days=30)).exists()
    post = built[0]
    day = post.shifts.filter(on_date__lt=ON).order_by("on_date").first().on_date  # type: ignore[union-attr]
    won = ApplicationFactory(merchant=post.store.merchant, filed_date=day, decided_date=day)
    early = post.first_date - dt.timedelta(days=1)
    ApplicationFactory(merchant=post.store.merchant, filed_date=early, decided_date=early)
    assert link_posts() == 1
    assert list(Application.objects.exclude(post=None)) == [won]
    span = {"first": ON - dt.timedelta(days=90), "end": ON + dt.timedelta(days=1)}
    lines = queries.by_post(scope=EVERYWHERE, at=AT, **span)
    assert len(lines) == posts.COUNT
    assert sum(line.result.won.get("application", 0) for line in lines) == 1
