"""The page of the calendar, and the warnings of a year that is missing."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.models import CalendarDay, CalendarYear
from journeys.contact.rules import OtherDay, read_notice
from portal.kit import clock
from portal.models import AuditEntry
from portal.staff.enums import Role

pytestmark = pytest.mark.django_db

NOTICE = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"""


@pytest.fixture
def officer(client_of: Any) -> Client:
    client = client_of(Role.COMPLIANCE)
    client.post(reverse("set_language"), {"language": "en"})
    return client


def test_a_year_is_read_looked_at_and_entered(officer: Client) -> None:
    year = clock.today().year + 1
    CalendarYear.objects.filter(year=year).delete()
    CalendarDay.objects.filter(day__year=year).delete()
    url = reverse("calendar_enter", args=[year])
    said = {"notice": NOTICE, "source": "国办发明电"}
    answer = officer.post(url, said)
    assert (answer.status_code, len(answer.context["months"])) == (200, 12)
    assert "New Year&#x27;s Day" in answer.content.decode()
    assert not CalendarYear.objects.filter(year=year).exists()
    bad = officer.post(url, {**said, "notice": "共4天。" + NOTICE.replace("共3天", "共4天")})
    assert bad.status_code == 422
    assert "the notice counts 4 days, but names 3" in bad.content.decode()
    assert officer.post(url, {**said, "enter": "yes"}).status_code == 302
    days = CalendarDay.objects.filter(day__year=year).order_by("day")
    assert list(days.values_list("day", "is_workday", "name")) == [
        (dt.date(year, 1, number), number == 4, "元旦") for number in (1, 2, 3, 4)
    ]
    assert AuditEntry.objects.get(action="calendar.year_entered").reason == "国办发明电"
    page = officer.get(reverse("calendar_page"), {"year": year})
    assert len(page.context["months"]) == 12
    assert "<svg" in page.content.decode()


def test_a_day_is_changed_until_it_has_passed(officer: Client) -> None:
    today = clock.today()
    CalendarYear.objects.get_or_create(year=today.year, defaults={"source": "t"})
    CalendarDay.objects.filter(day=today).delete()
    url = reverse("calendar_day")
    said = {"day": f"{today}", "kind": "rest", "name": "台风", "source": "市政府通告"}
    assert officer.post(url, {**said, "name": ""}).status_code == 422
    yesterday = {**said, "day": f"{today - dt.timedelta(days=1)}"}
    assert officer.post(url, yesterday).status_code == 422
    unknown = {**said, "day": "2150-01-01"}
    assert officer.post(url, unknown).status_code == 422
    assert not CalendarDay.objects.filter(name="台风").exists()
    assert officer.post(url, said).status_code == 302
    assert not CalendarDay.objects.get(day=today).is_workday
    assert officer.post(url, {**said, "kind": "weekday", "name": ""}).status_code == 302
    assert not CalendarDay.objects.filter(day=today).exists()
    assert AuditEntry.objects.filter(action="calendar.day_changed").count() == 2


@pytest.mark.parametrize(
    ("on", "known", "expected"),
    [
        (dt.date(2150, 10, 31), {2150: False}, {}),
        (dt.date(2150, 11, 1), {2150: False}, {2151: False}),
        (dt.date(2150, 11, 1), {2150: False, 2151: True}, {2151: True}),
        (dt.date(2150, 11, 1), {2150: False, 2151: False}, {}),
        (dt.date(2150, 3, 1), {}, {2150: False}),
    ],
)
def test_from_november_on_the_next_year_is_asked_for(
    on: dt.date, known: dict[int, bool], expected: dict[int, bool]
) -> None:
    for year, is_assumed in known.items():
        CalendarYear.objects.create(year=year, source="t", is_assumed=is_assumed)
    assert queries.years_to_enter(on=on) == expected


def test_the_home_page_of_compliance_warns_of_a_missing_year(client_of: Any) -> None:
    CalendarYear.objects.filter(year=clock.today().year).delete()
    text = client_of(Role.COMPLIANCE).get(reverse("home")).content.decode()
    assert reverse("calendar_enter", args=[clock.today().year]) in text
    other = client_of(Role.ANALYST).get(reverse("home")).content.decode()
    assert reverse("calendar_enter", args=[clock.today().year]) not in other


def test_the_calendar_leads_to_where_the_missing_year_is_entered(client_of: Any) -> None:
    """Who may enter it gets that page, who may only look the year itself."""
    year = clock.today().year
    CalendarYear.objects.filter(year=year).delete()
    assert not queries.years_to_enter(on=clock.today())[year]
    url, entering = reverse("calendar_page"), reverse("calendar_enter", args=[year])
    banners = [
        re.search(rf'class="alert alert-warning">([^<]*{year}.*?)</p>', text, re.DOTALL)
        for role in (Role.COMPLIANCE, Role.BRANCH_MANAGER)
        for text in [client_of(role).get(url, {"year": year + 1}).content.decode()]
    ]
    leads = [re.findall(r'href="([^"]+)"', banner[1]) for banner in banners if banner]
    assert leads == [[entering], [f"?year={year}"]]


def test_a_change_is_proposed_in_the_year_that_is_shown(officer: Client) -> None:
    today = clock.today()

    def proposed(year: int) -> Any:
        answer = officer.get(reverse("calendar_page"), {"year": year})
        return answer.context["form"].initial["day"]

    assert proposed(today.year) == today
    assert proposed(today.year + 1) == dt.date(today.year + 1, 1, 1)


ASSUMED = {
    dt.date(2027, 1, 1): OtherDay(False, "元旦"),
    dt.date(2027, 2, 8): OtherDay(False, "春节"),
}
PUBLISHED = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日至12日放假调休，共8天。2月14日（周日）上班。"""


def entered(days: dict[dt.date, OtherDay], at: dt.datetime, is_assumed: bool = False) -> None:
    contact.enter_year(
        year=2027, days=days, source="国办发明电", actor=None, at=at, is_assumed=is_assumed
    )


def stands() -> dict[dt.date, OtherDay]:
    return {row.day: OtherDay(row.is_workday, row.name) for row in queries.days_of(2027)}


@pytest.mark.parametrize(
    ("today", "kept"),
    [
        (dt.date(2026, 12, 31), []),
        (dt.date(2027, 1, 2), []),
        (dt.date(2027, 1, 3), [dt.date(2027, 1, 2)]),
        (dt.date(2027, 1, 11), [dt.date(2027, 1, 2), dt.date(2027, 1, 3)]),
        (
            dt.date(2027, 2, 7),
            [dt.date(2027, *day) for day in ((1, 2), (1, 3), (2, 5), (2, 6))],
        ),
    ],
)
def test_an_assumed_year_that_has_begun_is_confirmed_from_today_on(
    today: dt.date, kept: list[dt.date]
) -> None:
    CalendarYear.objects.filter(year=2027).delete()
    CalendarDay.objects.filter(day__year=2027).delete()
    entered(ASSUMED, dt.datetime(2026, 12, 1, tzinfo=dt.UTC), is_assumed=True)
    notice = read_notice(PUBLISHED, 2027)
    at = dt.datetime.combine(today, dt.time(2), dt.UTC)
    assert queries.kept_days(year=2027, days=notice, on=today) == dict.fromkeys(kept)
    entered(notice, at)
    assert stands() == {day: other for day, other in notice.items() if day not in kept}
    assert not CalendarYear.objects.get(year=2027).is_assumed
    said = AuditEntry.objects.filter(action="calendar.year_entered").order_by("-id")[0].changes
    assert said.get("stay", []) == [day.isoformat() for day in kept]
    assert not said.keys() & {day.isoformat() for day in kept}


def test_a_passed_rest_day_that_the_notice_does_not_name_stays() -> None:
    CalendarYear.objects.filter(year=2027).delete()
    CalendarDay.objects.filter(day__year=2027).delete()
    at = dt.datetime(2027, 3, 1, 2, tzinfo=dt.UTC)
    entered(ASSUMED, at, is_assumed=True)
    later = {dt.date(2027, 10, 1): OtherDay(False, "国庆节")}
    assert queries.kept_days(year=2027, days=later, on=at.date()) == ASSUMED
    entered(later, at)
    assert stands() == ASSUMED | later


def test_the_page_says_which_passed_days_stay(officer: Client) -> None:
    today = clock.today()
    yesterday = today - dt.timedelta(days=1)
    CalendarYear.objects.filter(year=yesterday.year).delete()
    CalendarDay.objects.filter(day__year=yesterday.year).delete()
    CalendarYear.objects.create(year=yesterday.year, source="t", is_assumed=True)
    if yesterday.year != today.year:  # on New Year's Day no day of the year has passed
        return
    url = reverse("calendar_enter", args=[today.year])
    said = {"notice": f"{yesterday} 休 元旦\n{today} 休 春节", "source": "国办发明电"}
    looked = officer.post(url, said)
    assert (looked.context["kept"], [row["day"] for row in looked.context["others"]]) == (
        str(yesterday), [today],
    )  # fmt: skip
    assert "they stay as they are" in looked.content.decode()
    done = officer.post(url, {**said, "enter": "yes"}, follow=True).content.decode()
    assert f"These days have passed and stay as they were: {yesterday}." in done
    assert [row.day for row in queries.days_of(today.year)] == [today]
