"""Months as small pictures: plain SVG that a strict content policy allows, with a text for those
who cannot see it."""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils import dates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDE, _HIGH, _HEAD = 40, 34, 22
_FREE, _AT_WORK, _USUAL_FREE = "#f6cdd2", "#d7e9fb", "#f3f5f8"


@dataclass(frozen=True)
class Mark:
    """What is said about a day: in words, and as one sign within the picture."""

    kind: str
    sign: str
    is_free: bool
    text: str = ""


def month_svg(
    year: int, month: int, marks: Mapping[dt.date, Mark], *, today: dt.date | None = None
) -> SafeString:
    """This will draw a month from Monday to Sunday. Weekends are grey, marked days coloured and
    signed; today has a frame. The text alternative names the marked days."""
    name = str(dates.MONTHS[month])
    said = "; ".join(
        f"{day:%m-%d} {mark.text} {mark.kind}".strip()
        for day, mark in sorted(marks.items())
        if (day.year, day.month) == (year, month)
    )
    weekdays = format_html_join(
        "",
        '<text x="{}" y="14" font-size="12" text-anchor="middle" fill="currentColor">{}</text>',
        (
            (number * _WIDE + _WIDE // 2, str(dates.WEEKDAYS_ABBR[number]).removeprefix("星期"))
            for number in range(7)
        ),
    )
    cells = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="{}"/>'
        '<text x="{}" y="{}" font-size="14" fill="#1d2733">{}</text>'
        '<text x="{}" y="{}" font-size="12" text-anchor="end" fill="{}">{}</text>',
        _cells(year, month, marks, today),
    )
    return format_html(
        '<svg class="d-block w-100 h-auto" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "{}{}</svg>",
        7 * _WIDE,
        _HEAD + 6 * _HIGH,
        f"{name} {year}: {said}" if said else f"{name} {year}",
        weekdays,
        cells,
    )


def _cells(
    year: int, month: int, marks: Mapping[dt.date, Mark], today: dt.date | None
) -> Iterator[tuple[object, ...]]:
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    for row, week in enumerate(weeks):
        for column, day in enumerate(week):
            if day.month != month:
                continue
            left, top = column * _WIDE, _HEAD + row * _HIGH
            mark = marks.get(day)
            sign = mark.sign if mark else ""
            ink = "#a52834" if mark and mark.is_free else "#0f4477"
            yield (
                left + 1, top + 1, _WIDE - 2, _HIGH - 2, _fill(day, mark),
                "#1a5fb4" if day == today else "none", left + 6, top + 21, day.day,
                left + _WIDE - 5, top + 21, ink, sign,
            )  # fmt: skip


def _fill(day: dt.date, mark: Mark | None) -> str:
    if mark is None:
        return _USUAL_FREE if day.isoweekday() > 5 else "none"
    return _FREE if mark.is_free else _AT_WORK
