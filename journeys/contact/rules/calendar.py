"""Days that are not what their weekday says, and the yearly notice that names them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SECTION = re.compile(
    r"(?:^|[\n。;])\s*(?:[一二三四五六七八九十]+、\s*)?([\u4e00-\u9fff、]{2,12}):"
)
_STEP = re.compile(
    r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:至(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)?"
    r"|(放假|休息)|(上班)"
)
_TOTAL = re.compile(r"共(\d+)天")
_LINE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[\s,;]*(\S+?)(?:[\s,;]+(.*?))?[\s,;]*")
_REST_WORDS = frozenset({"休", "放假", "休息", "rest", "holiday"})
_WORK_WORDS = frozenset({"班", "上班", "补班", "work", "workday"})
_LONGEST = 31


# The holidays of the State Council's notices, for readers of another language.
_HOLIDAYS: dict[str, Any] = {
    "元旦": gettext_lazy("New Year's Day"),
    "春节": gettext_lazy("Spring Festival"),
    "清明": gettext_lazy("Tomb-sweeping Day"),
    "清明节": gettext_lazy("Tomb-sweeping Day"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午": gettext_lazy("Dragon Boat Festival"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋": gettext_lazy("Mid-autumn Festival"),
    "中秋节": gettext_lazy("Mid-autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
}


class BadNotice(Exception):
    """Raised for a text of which the days cannot be told; its text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class OtherDay:
    """What a day is against its weekday, and the holiday that makes it so."""

    is_workday: bool
    name: str


def name_of_holiday(name: str) -> str:
    """This will name a holiday in the reader's language, where it is one of the usual ones."""
    return "、".join(str(_HOLIDAYS.get(part, part)) for part in name.split("、"))


def kept_of(
    stood: Mapping[dt.date, OtherDay], days: Mapping[dt.date, OtherDay], today: dt.date
) -> dict[dt.date, OtherDay | None]:
    """This will tell which passed days a calendar that is entered anew would make others, and as
    what they stand (None: as their weekday says). They stay as they are."""
    return {
        day: stood.get(day)
        for day in sorted(stood.keys() | days.keys())
        if day < today and stood.get(day) != days.get(day)
    }


# Those that every notice names; Tomb-sweeping Day and the others may share days with a neighbour.
_EACH_YEAR = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆节")


def holidays_missing(days: Mapping[dt.date, OtherDay]) -> list[str]:
    """This will list the yearly holidays for which a calendar names no day off."""
    named = {other.name for other in days.values() if not other.is_workday}
    return [holiday for holiday in _EACH_YEAR if not any(holiday in name for name in named)]


def read_notice(text: str, year: int) -> dict[dt.date, OtherDay]:
    """This will read the days of `year` from the notice of the State Council as it is published,
    or from lines such as "2027-01-01 休 元旦" and "2027-01-03 班 元旦".

    Raises BadNotice.
    """
    plain = re.sub(r"\([^)]*\)", "", unicodedata.normalize("NFKC", text)).strip()
    named = list(_lines(plain) if _LINE.match(plain) else _sentences(plain, year))
    days: dict[dt.date, OtherDay] = {}
    for day, other in named:
        if days.get(day, other) != other:
            raise BadNotice(_("{day} is named twice, as different days.").format(day=day))
        days[day] = other
    of_year = {day: other for day, other in days.items() if day.year == year}
    if not of_year:
        raise BadNotice(
            _("No day of {year} was found. Paste the notice, or lines such as {line}.").format(
                year=year, line=f"“{year}-01-01 休 元旦”"
            )
        )
    _refuse_other_years({day: days[day] for day in days.keys() - of_year.keys()})
    return dict(sorted(of_year.items()))


def _refuse_other_years(strange: dict[dt.date, OtherDay]) -> None:
    """A weekend day of the year before that is free needs no entry there."""
    for day, other in sorted(strange.items()):
        if other.is_workday or day.isoweekday() < 6:
            raise BadNotice(
                _("{day} is in another year; change it in the calendar of that year.").format(
                    day=day
                )
            )


def _lines(text: str) -> Iterator[tuple[dt.date, OtherDay]]:
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _LINE.fullmatch(line)
        word = found[4].lower() if found else ""
        if not found or word not in _REST_WORDS | _WORK_WORDS:
            raise BadNotice(_("This line cannot be read: {line}").format(line=line[:80]))
        name = (found[5] or "").strip()[:80] or (
            _("Workday") if word in _WORK_WORDS else _("Rest day")
        )
        yield _day(int(found[1]), int(found[2]), int(found[3])), OtherDay(word in _WORK_WORDS, name)


def _sentences(text: str, year: int) -> Iterator[tuple[dt.date, OtherDay]]:
    starts = list(_SECTION.finditer(text))
    ends = [*(match.start() for match in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=False):
        words = text[start.end() : end]
        rest, work = _steps(words, year)
        total = _TOTAL.search(words)
        if total and len(rest) != int(total[1]):
            raise BadNotice(
                _("{name}: the notice counts {total} days, but names {found}.").format(
                    name=start[1], total=total[1], found=len(rest)
                )
            )
        yield from ((day, OtherDay(False, start[1])) for day in rest)
        yield from ((day, OtherDay(True, start[1])) for day in work)


def _steps(words: str, year: int) -> tuple[list[dt.date], list[dt.date]]:
    """The days of rest and of work that the sentences about one holiday name."""
    rest: list[dt.date] = []
    work: list[dt.date] = []
    waiting: list[dt.date] = []
    month = 0
    for found in _STEP.finditer(words):
        if found[3] is None:
            (rest if found[7] else work).extend(waiting)
            waiting = []
            continue
        first_year = int(found[1] or year)
        month = int(found[2] or month)
        first = last = _day(first_year, month, int(found[3]))
        if found[6]:
            month = int(found[5] or month)
            last = _day(int(found[4] or (year if found[1] else first_year)), month, int(found[6]))
        waiting.extend(_span(first, last))
    return rest, work


def _span(first: dt.date, last: dt.date) -> list[dt.date]:
    length = (last - first).days + 1
    if not 1 <= length <= _LONGEST:
        raise BadNotice(
            _("From {first} to {last} is no span of days.").format(first=first, last=last)
        )
    return [first + dt.timedelta(days=number) for number in range(length)]


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise BadNotice(
            _("There is no such day: {day}.").format(day=f"{year}-{month}-{day}")
        ) from None
