"""Files of the set "Bank Marketing": bank-full (17 columns) and its sister of 21.

Neither says the year, and the sister not even the day of the month: both follow from the order of
the calls. `duration` is not read.
"""

import csv
import datetime as dt
import lzma
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from journeys.scoring.rules.calls import Calls, Numbers

FIRST = dt.date(2008, 5, 1)  # both begin in May 2008
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
_NEVER = 999  # the sister's days since an earlier contact, where there was none
_MORE = ("emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed")
_NOTHING = {"unknown", "nonexistent"}
RESULTS = ("failure", "success", "other")
CHANNELS = {"cellular": "mobile", "telephone": "landline"}

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """This will read the rows of a file, packed or not."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def read_calls(path: Path) -> Calls:
    """This will read a file as calls."""
    return calls_of(read_rows(path))


def calls_of(rows: Sequence[Row]) -> Calls:
    """This will turn rows into calls: what is "unknown" is not known."""
    since = _numbers(rows, "pdays")
    since[(since < 0) | (since == _NEVER)] = np.nan
    return Calls(
        day=np.array([day.toordinal() for day in days_of(rows)]),
        won=np.array([row["y"] == "yes" for row in rows], dtype=float),
        attempts=_numbers(rows, "campaign"),
        since=since,
        earlier=_numbers(rows, "previous"),
        earlier_result=np.array([result_of(row) for row in rows]),
        channel=np.array([CHANNELS.get(row["contact"], "") for row in rows]),
        balance=_numbers(rows, "balance"),
        in_default=_answers(rows, "default"),
        has_housing_loan=_answers(rows, "housing"),
        has_loan=_answers(rows, "loan"),
        age=_numbers(rows, "age"),
        job=_words(rows, "job"),
        marital=_words(rows, "marital"),
        education=_words(rows, "education"),
        more={name: _numbers(rows, name) for name in _MORE if name in rows[0]},
    )


def result_of(row: Row) -> str:
    """This will return what came of the earlier campaign, "" where that is not known."""
    return row["poutcome"] if row["poutcome"] in RESULTS else ""


def _numbers(rows: Sequence[Row], name: str) -> Numbers:
    return np.array([float(row.get(name) or "nan") for row in rows])


def _answers(rows: Sequence[Row], name: str) -> Numbers:
    return np.array([{"yes": 1.0, "no": 0.0}.get(row[name], np.nan) for row in rows])


def _words(rows: Sequence[Row], name: str) -> np.ndarray:
    return np.array(["" if row[name] in _NOTHING else row[name] for row in rows])


def days_of(rows: Sequence[Row]) -> list[dt.date]:
    """This will return the day of each call: the first, not before the one ahead, that is of its
    month and has its day of the month or of the week."""
    found: list[dt.date] = []
    last = FIRST
    for row in rows:
        last = _next_day(last, row)
        found.append(last)
    return found


def _next_day(last: dt.date, row: Row) -> dt.date:
    month = _MONTHS.index(row["month"]) + 1
    year = last.year + (month < last.month)
    if "day" in row:
        # A day before the last one's within a month would be a fault of the file: it is not moved.
        return max(last, dt.date(year, month, int(row["day"])))
    day = last if month == last.month else dt.date(year, month, 1)
    return _of_the_week(day, _WEEKDAYS.index(row["day_of_week"]))


def _of_the_week(day: dt.date, weekday: int) -> dt.date:
    """The next such day of the week within the month, or its last day where it has none more."""
    moved = day + dt.timedelta(days=(weekday - day.weekday()) % 7)
    if moved.month == day.month:
        return moved
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
