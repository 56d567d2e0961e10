"""Posts in a real browser: planned by the keyboard on the rota, and stood on a phone."""

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from merchants.models import Attendance, Post, Shift, ShiftCount, ShiftTask
from portal.kit import clock
from portal.models import Staff
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import posts as made

pytestmark = pytest.mark.django_db(transaction=True)


def _span() -> dict[str, Any]:
    """Asked in each test anew: a long run of tests goes on past midnight."""
    months = dt.timedelta(days=60)
    return {"first_date": clock.today() - months, "last_date": clock.today() + months}


def _post(**values: Any) -> Post:
    given = {**_span(), "opens": dt.time(0), "closes": dt.time(23, 59, 59), **values}
    return made.post_at(duties=["布置展台", "清点并封存申请材料"], **given)


def _now(post: Post, person: Staff) -> Shift:
    """A shift that has begun and goes on."""
    today = clock.today()
    at = clock.now()
    shift = Shift.objects.create(
        number=f"R{person.pk}", post=post, staff=person, on_date=today,
        starts_at=max(clock.start_of(today), at - dt.timedelta(minutes=5)),
        ends_at=min(made.hour("23:59:59", today), at + dt.timedelta(hours=2)),
    )  # fmt: skip
    ShiftTask.objects.create(shift=shift, place=1, words="布置展台")
    return shift


def _reads(person: Staff, language: str) -> Staff:
    person.language = language
    person.save()
    return person


def test_a_shift_is_stood_on_a_phone(open_page: OpenPage) -> None:
    post = _post()
    person = _reads(made.qualified(post.branch, **_span()), "en")
    shift = _now(post, person)
    page = open_page(person, language="en", width=390)
    visit(page, reverse("post_mine"))
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.get_by_role("button", name="Check out")).to_be_visible()
    page.get_by_role("button", name="One more: Applications").click()
    page.get_by_role("button", name="One more: Applications").click()
    page.get_by_role("button", name=re.compile("^Done.*布置展台$")).click()
    expect(page.get_by_role("button", name=re.compile("^Not done.*布置展台$"))).to_be_visible()
    visit(page, reverse("post_mine"))
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_text("Checked out. Thank you.")).to_be_visible()
    assert Attendance.objects.get(shift=shift).out_at is not None
    assert ShiftCount.objects.filter(kind="application").count() == 2


def test_a_gap_is_filled_by_the_keyboard(open_page: OpenPage) -> None:
    today = clock.today()
    post = _post(opens=dt.time(10), closes=dt.time(18))
    person = made.qualified(post.branch, **_span())
    page = open_page(_reads(made.leader(post), "en"), language="en")
    next_week = today + dt.timedelta(days=7)
    visit(page, f"{reverse('post_rota')}?week={next_week}")
    page.locator(f"a[href$='?day={next_week}']").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Who stands there").select_option(person.username)
    page.get_by_role("button", name="Plan").press("Enter")
    expect(page.get_by_role("link", name=person.name_en)).to_be_visible()
    assert Shift.objects.get().on_date == next_week
    page.goto(f"{reverse('shift_new', args=[post.number])}?day={next_week}")
    page.get_by_role("button", name="Plan").click()
    expect(page.get_by_text("already")).to_be_visible()
    assert Shift.objects.count() == 1
