"""Notices of the State Council, hours in words, and which consents hold."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from journeys.contact.rules import (
    BadNotice,
    Hours,
    OtherDay,
    holidays_missing,
    hours_fault,
    read_notice,
)

FILE = Path("journeys/migrations/china_calendar_2004_2026.csv")
# As published, with and without weekdays.
NOTICES = {
    2026: """关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
    2025: """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2023: """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。""",
}


def against_weekday(days: dict[dt.date, bool]) -> dict[dt.date, bool]:
    """The days of which the weekday says another kind."""
    return {day: is_work for day, is_work in days.items() if is_work != (day.isoweekday() < 6)}


def of_file(year: int) -> dict[dt.date, bool]:
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {
        dt.date.fromisoformat(row["day"]): row["kind"] == "work"
        for row in csv.DictReader(lines)
        if row["day"].startswith(str(year))
    }


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_a_notice_says_what_the_public_data_say(year: int) -> None:
    found = read_notice(NOTICES[year], year)
    assert against_weekday({day: other.is_workday for day, other in found.items()}) == (
        against_weekday(of_file(year))
    )


def test_lines_are_read_too() -> None:
    lines = "2027-01-01 休 元旦\n2027/1/3, 班, 元旦\n2027.1.4 rest\n"
    with translation.override("zh-hans"):
        found = read_notice(lines, 2027)
    assert found == {
        dt.date(2027, 1, 1): OtherDay(False, "元旦"),
        dt.date(2027, 1, 3): OtherDay(True, "元旦"),
        dt.date(2027, 1, 4): OtherDay(False, "休息日"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "", "没有日期", "2027-01-01 休 元旦\n乱写", "2027-01-01 空 元旦", "2027-02-30 休 元旦",
        "2026-01-01 休 元旦", "2027-01-01 休 元旦\n2027-01-01 班 元旦",
        "一、元旦：1月1日至3日放假，共4天。", "一、元旦：1月3日至1日放假。",
        "一、元旦：2026年12月30日至2027年1月2日放假，共4天。",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadNotice):
        read_notice(text, 2027)


NINE, TWO, ZERO = dt.time(9), dt.time(2), dt.time(0)


@pytest.mark.parametrize(
    ("hours", "place", "is_good"),
    [
        (Hours(NINE, ZERO), "", True),
        (Hours(ZERO, ZERO), "", True),
        (Hours(NINE, TWO), "", False),
        (Hours(NINE, TWO, is_overnight=True), "", True),
        (Hours(NINE, NINE), "", False),
        (Hours(NINE, NINE, is_overnight=True), "", False),
        (Hours(TWO, NINE, is_overnight=True), "", False),
        (Hours(NINE, ZERO, is_overnight=True), "", False),
        (Hours(), "", True),
        (Hours(is_overnight=True), "", False),
        (Hours(NINE, None), "", False),
        (Hours(None, NINE), "", False),
        (Hours(is_lifted=True), "44", True),
        (Hours(is_lifted=True), "", False),
        (Hours(TWO, NINE, is_lifted=True), "44", False),
    ],
)
def test_hours_and_their_faults(hours: Hours, place: str, is_good: bool) -> None:
    assert (hours_fault(hours, place) == "") == is_good


def test_holidays_that_a_notice_leaves_out_are_named() -> None:
    assert holidays_missing(read_notice(NOTICES[2026], 2026)) == []
    short = read_notice("一、元旦：1月1日至3日放假，共3天。", 2028)
    assert holidays_missing(short) == ["春节", "清明", "劳动节", "端午", "中秋", "国庆节"]
    assert len(holidays_missing({})) == 7
